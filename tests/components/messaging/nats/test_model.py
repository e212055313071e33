"""Each setting that a server or the cluster would refuse, broken one at a time."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.components.messaging.nats.examples import SETTINGS, nats_args, with_stream

STREAM = SETTINGS["streams"]["orders"]


@pytest.mark.parametrize(
    "subject",
    [
        "orders.\N{PACKAGE}",
        "orders." + "x" * 249,
        "x" * 10_000,
        "_INBOX.>",
        "_R_.x",
        "$JS.EVENT.ADVISORY.>",
        "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.orders.*",
        "orders.$new",
        ">",
        "*.new",
        "orders..new",
        ".orders",
        "orders.",
        "orders new",
        "orders.>.new",
        "orders.new>",
        "orders\n",
    ],
)
def test_a_subject_that_is_the_servers_own_or_that_clients_cannot_write_is_refused(subject: str) -> None:
    with pytest.raises(ValidationError, match="allowed is a NATS subject of up to 255 characters"):
        with_stream(subjects=[subject])


@pytest.mark.parametrize("subject", ["orders", "Orders.EU-west.new_1", "orders.*.new", "orders.>", "orders." + "x" * 248, "orders._new"])
def test_any_other_subject_is_allowed(subject: str) -> None:
    assert with_stream(subjects=[subject]).settings.streams["orders"].subjects == (subject,)


@pytest.mark.parametrize("field", ["maxAge", "duplicateWindow"])
def test_a_time_that_64_bits_of_nanoseconds_do_not_hold_is_refused(field: str) -> None:
    with pytest.raises(ValidationError, match=r"allowed is a duration of \S+ to 292y"):
        with_stream(**{field: "300y"})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"maxDeliver": 2**63}, "less than or equal to 2147483647"),
        ({"maxAckPending": 2**31}, "less than or equal to 2147483647"),
        ({"maxDeliver": 0}, "greater than or equal to 1"),
        ({"ackWait": "300y"}, "allowed is a duration of 1s to 292y"),
        ({"backoff": ["300y"]}, "allowed is a duration of 1ms to 292y"),
        ({"maxDeliver": 1, "backoff": ["1s", "1s"]}, r"2 waits, but only 1 deliveries"),
    ],
)
def test_a_consumer_that_the_server_would_refuse_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        with_stream(consumers={"shipping": changes})


@pytest.mark.parametrize("copies", [True, False, 2, 3.5, "3"])
def test_only_a_number_of_copies_that_has_a_majority_is_allowed(copies: object) -> None:
    with pytest.raises(ValidationError):
        with_stream(replicas=copies)


@pytest.mark.parametrize("name", ["Orders", "orders-dlq", "a" * 53, "or.ders", "-orders", "orders\n"])
def test_a_stream_name_that_is_no_label_or_stands_for_dead_letters_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="allowed is a name of up to 52"):
        nats_args(streams={name: STREAM})


@pytest.mark.parametrize(("field", "name"), [("consumers", "a" * 64), ("consumers", "ship.ping"), ("consumers", "Shipping")])
def test_a_consumer_name_that_is_not_a_label_is_refused(field: str, name: str) -> None:
    with pytest.raises(ValidationError, match="allowed is a name of up to 63"):
        with_stream(**{field: {name: {}}})


@pytest.mark.parametrize("name", ["Orders", "o" * 64, "", "or.ders"])
def test_a_client_name_that_no_certificate_could_carry_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="allowed is a name of up to 63"):
        nats_args(clients={name: {"namespace": "shop"}})


def test_a_stream_has_to_hold_what_it_is_expected_to_get() -> None:
    load = {"messagesPerDay": 100_000_000, "bytesPerMessage": 300}
    assert with_stream(load=load, maxBytes="196Gi").settings.streams["orders"].load
    with pytest.raises(ValidationError, match=r"195Gi do not hold 100,000,000 messages of 300 bytes a day, kept for 168h: 195.6Gi"):
        with_stream(load=load, maxBytes="195Gi")


def test_streams_that_share_a_first_word_only_may_stand_side_by_side() -> None:
    other = STREAM | {"subjects": ["orders"]}
    assert set(nats_args(streams={"orders": STREAM, "other": other}).settings.streams) == {"orders", "other"}
    with pytest.raises(ValidationError, match=r"orders\.new overlaps with orders\.> of stream orders"):
        nats_args(streams={"orders": STREAM, "other": other | {"subjects": ["orders.new"]}})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"denyPurge": True, "allowRollup": True}, "a roll-up purges what it replaces"),
        ({"retention": "interest"}, "without consumers every message is dropped at once"),
        (
            {"retention": "workqueue", "consumers": {"a": {}, "b": {"filterSubjects": ["orders.new"]}}},
            "overlaps with orders.> of consumer a",
        ),
        ({"maxMessageSize": "2Mi"}, "allowed is a Kubernetes quantity of 1 to 1Mi"),
        ({"maxMessages": 0}, "greater than or equal to 1"),
        ({"maxMessages": 6, "load": {"messagesPerDay": 1, "bytesPerMessage": 1}}, "6 are fewer than 1 messages of 1 bytes a day"),
        ({"maxMessageSize": "1Ki", "load": {"messagesPerDay": 1, "bytesPerMessage": 1025}}, "1Ki is less than a mean message"),
    ],
)
def test_limits_and_retention_that_contradict_each_other_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        with_stream(**({"consumers": {}} | changes))


def test_consumers_share_a_work_queue_by_subjects_that_do_not_meet() -> None:
    consumers = {"a": {"filterSubjects": ["orders.new"]}, "b": {"filterSubjects": ["orders.paid"]}}
    assert with_stream(retention="workqueue", consumers=consumers).settings.streams["orders"].consumers


def test_buckets_count_against_the_volumes_and_tenants_against_all() -> None:
    buckets = {"keyValues": {"prices": {"maxBytes": "200Gi"}}, "objectStores": {"invoices": {"maxBytes": "124Gi"}}}
    assert nats_args(**buckets).settings.object_stores
    with pytest.raises(ValidationError, match=r"claim 1275\.8Gi .* are 1275\.0Gi"):
        nats_args(**buckets, tenants={"billing": {"storage": "3Gi"}})


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"tenants": {"Billing": {"storage": "1Gi"}}}, "allowed is a name of up to 40"),
        ({"tenants": {"billing": {"storage": "1Gi", "streams": {"bills": STREAM | {"maxBytes": "1Gi"}}}}}, "claim 3.8Gi with all copies"),
        ({"tenants": {"billing": {"storage": "1Gi", "clients": {"orders": {"namespace": "shop"}}}}}, "a client belongs to one account"),
        (
            {"tenants": {"billing": {"storage": "1Gi", "shares": {"bills.>": ["billing"]}}}},
            "there is no other tenant billing",
        ),
        ({"tenants": {"billing": {"storage": "1Gi", "shares": {"bills.>": []}}}}, "shared with nobody"),
        ({"keyValues": {"prices": {"maxBytes": "1Mi", "history": 65}}}, "less than or equal to 64"),
        ({"keyValues": {"prices": {"maxBytes": "1Mi", "replicas": 5}}}, "5 copies do not fit on 3 server"),
        (
            {"clients": {"shop": {"namespace": "web", "keyValues": {"prices": "read"}}}},
            "there is no bucket prices in keyValues",
        ),
    ],
)
def test_a_bucket_or_tenant_that_servers_could_not_serve_is_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        nats_args(**settings)
