from __future__ import annotations

from typing import Any

from components.kubernetes import CustomResource
from components.messaging.nats.streams import buckets, consumers, streams
from components.messaging.nats.values import render_controller_values
from tests.components.messaging.nats.examples import nats_args, with_stream

GIB = 2**30


def rendered(**changes: Any) -> dict[tuple[str, str], CustomResource]:
    args = with_stream(**changes)
    return {(resource.kind, resource.name): resource for resource in (*streams(None, "orders", args), *consumers(None, "orders", args))}


def test_a_stream_is_kept_in_files_with_every_limit_written_out() -> None:
    assert rendered()["Stream", "orders"].spec == {
        "name": "orders",
        "subjects": ["orders.>"],
        "storage": "file",
        "replicas": 3,
        "retention": "limits",
        "compression": "none",
        "maxAge": "168h",
        "maxBytes": 100 * GIB,
        "discard": "new",
        "duplicateWindow": "2m",
        "preventDelete": True,
    }


def test_a_stream_with_consumers_has_a_durable_stream_for_what_they_give_up() -> None:
    spec = rendered()["Stream", "orders-dlq"].spec
    assert spec["subjects"] == [
        "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.orders.*",
        "$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.orders.*",
    ]
    assert (spec["storage"], spec["replicas"], spec["maxAge"]) == ("file", 3, "720h")


def test_a_stream_without_consumers_has_no_dead_letters() -> None:
    assert list(rendered(consumers={})) == [("Stream", "orders")]


def test_a_consumer_acknowledges_explicitly_and_gives_up_in_the_end() -> None:
    assert rendered()["Consumer", "orders.shipping"].spec == {
        "streamName": "orders",
        "durableName": "shipping",
        "deliverPolicy": "all",
        "replayPolicy": "instant",
        "ackPolicy": "explicit",
        "ackWait": "30s",
        "maxDeliver": 5,
        "maxAckPending": 1000,
        "replicas": 3,
        "preventDelete": True,
    }


def test_a_backoff_takes_the_place_of_the_wait_for_an_acknowledgement() -> None:
    shipping = {"backoff": ["5s", "1m"], "filterSubjects": ["orders.new"]}
    spec = rendered(consumers={"shipping": shipping})["Consumer", "orders.shipping"].spec
    assert (spec["ackWait"], spec["backoff"], spec["filterSubjects"]) == ("5s", ["5s", "1m"], ["orders.new"])


def test_streams_carry_the_marks_that_policies_read() -> None:
    resources = rendered(drMirror="production-dr")
    for key in (("Stream", "orders"), ("Stream", "orders-dlq")):
        assert resources[key].annotations["platform/dr-mirror"] == "production-dr"
        assert resources[key].annotations["platform/rpo"] == "0s"


def test_an_update_waits_until_the_server_took_what_was_declared() -> None:
    assert all(resource.annotations["pulumi.com/waitFor"] == "condition=Ready" for resource in rendered().values())


def test_a_label_holds_however_long_the_names_of_stream_and_consumer_are() -> None:
    long = {"a" * 52: {"subjects": ["one"], "maxAge": "1d", "maxBytes": "1Gi", "consumers": {"b" * 63: {}}}}
    args = nats_args(streams=long)
    resources = (*streams(None, "a" * 52, args), *consumers(None, "a" * 52, args))
    assert len(resources) == 3
    assert all(len(value) <= 63 for resource in resources for value in resource.labels.values())
    assert all(len(resource.name) <= 253 for resource in resources)


def test_limits_are_written_where_they_are_set() -> None:
    spec = rendered(
        maxMessages=10,
        maxMessagesPerSubject=5,
        maxMessageSize="64Ki",
        retention="workqueue",
        compression="s2",
        denyPurge=True,
        allowDirect=True,
    )["Stream", "orders"].spec
    assert (spec["maxMsgs"], spec["maxMsgsPerSubject"], spec["maxMsgSize"], spec["retention"]) == (10, 5, 65536, "workqueue")
    assert (spec["compression"], spec["denyPurge"], spec["allowDirect"]) == ("s2", True, True)
    assert "denyDelete" not in spec


def test_buckets_are_kept_in_files_with_as_many_copies_as_streams() -> None:
    args = nats_args(
        keyValues={"prices": {"maxBytes": "1Gi", "history": 5, "ttl": "1h", "maxValueSize": "1Ki", "drMirror": "dr"}},
        objectStores={"invoices": {"maxBytes": "2Gi", "compression": True}},
    )
    keys, objects = buckets(None, args)
    assert (keys.kind, objects.kind) == ("KeyValue", "ObjectStore")
    common = {"storage": "file", "replicas": 3, "preventDelete": True}
    limits = {"maxBytes": GIB, "history": 5, "ttl": "1h", "maxValueSize": 1024}
    assert keys.spec == common | limits | {"bucket": "prices", "compression": False}
    assert objects.spec == common | {"bucket": "invoices", "maxBytes": 2 * GIB, "compression": True}
    assert (keys.annotations["platform/rpo"], keys.annotations["platform/dr-mirror"]) == ("0s", "dr")


def test_what_a_tenant_has_is_managed_with_the_certificate_of_its_account() -> None:
    stream = {"subjects": ["orders.>"], "maxAge": "1d", "maxBytes": "1Gi", "consumers": {"shipping": {}}}
    args = nats_args(tenants={"billing": {"storage": "60Gi", "streams": {"orders": stream}, "keyValues": {"rates": {"maxBytes": "1Gi"}}}})
    made = (*streams("billing", "orders", args), *consumers("billing", "orders", args), *buckets("billing", args))
    assert [each.name for each in made] == ["billing.orders", "billing.orders-dlq", "billing.orders.shipping", "billing.rates"]
    mounts = {each["name"]: each["mountPath"] for each in render_controller_values(args)["additionalVolumeMounts"]}
    secrets = {each["name"]: each["secret"]["secretName"] for each in render_controller_values(args)["additionalVolumes"]}
    assert secrets == {"tenant-billing": "jetstream-controller-billing-nats-tls"}
    assert all(each.spec["tls"]["clientCert"] == f"{mounts['tenant-billing']}/tls.crt" for each in made)
    assert made[0].spec["name"] == "orders"
    assert "tls" not in streams(None, "orders", args)[0].spec
