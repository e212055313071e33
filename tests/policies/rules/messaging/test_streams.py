from __future__ import annotations

from typing import Any

import pytest

from policies.model import Level, Rule
from policies.rules.messaging.durability import nats_flushes_before_acknowledging_where_rpo_is_zero
from policies.rules.messaging.streams import nats_stream_has_three_replicas, nats_stream_is_stored_on_disk
from policies.values import UNKNOWN
from tests.policies.rules.judging import changed, judge, only, resource, undecided
from tests.policies.rules.messaging.fixtures import NATS_RELEASE, RELEASE, RULES, STREAM, STREAM_TYPE

SYNC = "values/config/jetstream/merge"
UNSYNCED = changed(NATS_RELEASE, SYNC, None)
UNDECLARED = changed(STREAM, "metadata/annotations", None)


def test_a_durable_stream_is_clean_alone() -> None:
    stream = resource(STREAM_TYPE, STREAM)
    assert judge(RULES, stream) == []
    assert undecided(stream) == []


@pytest.mark.parametrize(
    ("path", "value", "rule", "where"),
    [
        ("spec/replicas", 1.0, nats_stream_has_three_replicas, "spec.replicas = 1"),
        ("spec/replicas", 5.0, nats_stream_has_three_replicas, "spec.replicas = 5"),
        ("spec/replicas", None, nats_stream_has_three_replicas, "spec.replicas = not set"),
        ("spec/storage", "memory", nats_stream_is_stored_on_disk, "spec.storage = 'memory'"),
        ("spec/storage", None, nats_stream_is_stored_on_disk, "spec.storage = not set"),
    ],
)
def test_one_broken_field_is_the_one_violation(path: str, value: Any, rule: Rule, where: str) -> None:
    stream = resource(STREAM_TYPE, changed(STREAM, path, value))
    only(judge(RULES, stream, resource(RELEASE, NATS_RELEASE)), rule, where)


def test_a_mirror_is_no_exception() -> None:
    mirror = changed(changed(STREAM, "spec/mirror", {"name": "orders"}), "spec/replicas", 1.0)
    only(judge(RULES, resource(STREAM_TYPE, mirror)), nats_stream_has_three_replicas, "spec.replicas = 1")


def test_storage_names_both_requirements_that_ask_for_it() -> None:
    assert nats_stream_is_stored_on_disk.requirements == ("MSG-008", "MSG-010")


@pytest.mark.parametrize("path", ["spec/replicas", "spec/storage"])
def test_what_is_unknown_is_undecided(path: str) -> None:
    stream = resource(STREAM_TYPE, changed(STREAM, path, UNKNOWN))
    assert judge(RULES, stream) == []
    assert undecided(stream) == [path.replace("/", ".")]


@pytest.mark.parametrize("rpo", ["0", "0s", "0m0s", "0.0", 0.0, "PT0S", "0 minutes"])
def test_zero_is_zero_in_every_notation(rpo: Any) -> None:
    stream = resource(STREAM_TYPE, changed(STREAM, "metadata/annotations", {"platform/rpo": rpo}))
    release = resource(RELEASE, UNSYNCED, "nats")
    assert (
        only(judge(RULES, release, stream), nats_flushes_before_acknowledging_where_rpo_is_zero, "sync_interval = not set").urn
        == release.urn
    )


@pytest.mark.parametrize("rpo", ["5m", "10s", "PT5M", "1h0m0s", "0.5s"])
def test_a_stream_that_may_lose_a_little_needs_no_sync(rpo: str) -> None:
    stream = resource(STREAM_TYPE, changed(STREAM, "metadata/annotations", {"platform/rpo": rpo}))
    assert judge(RULES, resource(RELEASE, UNSYNCED), stream) == []


def test_an_rpo_counts_as_a_label_too() -> None:
    stream = resource(STREAM_TYPE, changed(UNDECLARED, "metadata/labels", {"platform/rpo": "0s"}))
    only(judge(RULES, resource(RELEASE, UNSYNCED), stream), nats_flushes_before_acknowledging_where_rpo_is_zero, "sync_interval")


def test_two_streams_that_claim_zero_are_one_violation_of_their_broker() -> None:
    streams = [resource(STREAM_TYPE, STREAM, name) for name in ("orders", "payments")]
    only(judge(RULES, resource(RELEASE, UNSYNCED), *streams), nats_flushes_before_acknowledging_where_rpo_is_zero, "sync_interval")


def test_a_stream_without_a_declared_rpo_is_advised_where_sync_is_left_out() -> None:
    stream = resource(STREAM_TYPE, UNDECLARED, "orders")
    found = judge(RULES, resource(RELEASE, UNSYNCED), stream)
    assert (
        only(found, nats_flushes_before_acknowledging_where_rpo_is_zero, 'annotations["platform/rpo"] = not set', Level.ADVISORY).urn
        == stream.urn
    )


@pytest.mark.parametrize("interval", ["always", "10s"])
def test_a_stream_without_a_declared_rpo_is_fine_where_sync_is_set(interval: str) -> None:
    release = resource(RELEASE, changed(NATS_RELEASE, f"{SYNC}/sync_interval", interval))
    assert judge(RULES, release, resource(STREAM_TYPE, UNDECLARED)) == []


def test_a_refused_broker_is_not_advised_about_too() -> None:
    streams = [resource(STREAM_TYPE, STREAM, "orders"), resource(STREAM_TYPE, UNDECLARED, "logs")]
    only(
        judge(RULES, resource(RELEASE, UNSYNCED), *streams), nats_flushes_before_acknowledging_where_rpo_is_zero, "sync_interval = not set"
    )


def test_a_stream_whose_broker_is_elsewhere_is_not_advised() -> None:
    assert judge(RULES, resource(STREAM_TYPE, UNDECLARED)) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("values/global", {"labels": {"platform/rpo": "0"}}),
        ("values/statefulSet", {"merge": {"metadata": {"annotations": {"platform/rpo": "0s"}}}}),
    ],
)
def test_a_release_may_claim_zero_loss_itself(path: str, value: Any) -> None:
    claiming = changed(UNSYNCED, path, value)
    only(judge(RULES, resource(RELEASE, claiming)), nats_flushes_before_acknowledging_where_rpo_is_zero, "sync_interval = not set")
    assert judge(RULES, resource(RELEASE, changed(NATS_RELEASE, path, value))) == []


def test_servers_that_claim_zero_loss_offer_no_memory_store() -> None:
    claiming = changed(NATS_RELEASE, "values/global", {"labels": {"platform/rpo": "0"}})
    release = resource(RELEASE, changed(claiming, "values/config/jetstream/memoryStore", {"enabled": True}))
    only(judge(RULES, release), nats_flushes_before_acknowledging_where_rpo_is_zero, "memoryStore.enabled = true")


@pytest.mark.parametrize("server", ["nats://orders.messaging.svc:4222", "orders:4222", "nats://orders-headless.messaging:4222"])
def test_only_the_broker_that_holds_the_stream_must_sync(server: str) -> None:
    stream = resource(STREAM_TYPE, changed(STREAM, "spec/servers", [server]))
    orders = resource(RELEASE, changed(changed(NATS_RELEASE, "name", "orders"), "values/fullnameOverride", "orders"), "orders")
    logs = resource(RELEASE, changed(UNSYNCED, "name", "logs"), "logs")
    assert judge(RULES, orders, logs, stream) == []
    unsynced = resource(RELEASE, changed(orders.properties, SYNC, None), "orders")
    assert (
        only(judge(RULES, unsynced, logs, stream), nats_flushes_before_acknowledging_where_rpo_is_zero, "sync_interval").urn == unsynced.urn
    )


def test_a_stream_that_names_no_server_may_be_held_by_any_broker() -> None:
    brokers = [resource(RELEASE, NATS_RELEASE, "one"), resource(RELEASE, UNSYNCED, "two")]
    assert (
        only(
            judge(RULES, *brokers, resource(STREAM_TYPE, STREAM)), nats_flushes_before_acknowledging_where_rpo_is_zero, "sync_interval"
        ).urn
        == brokers[1].urn
    )


def test_the_same_service_in_another_namespace_is_another_broker() -> None:
    stream = resource(STREAM_TYPE, changed(STREAM, "spec/servers", ["nats://nats.messaging:4222"]))
    other = resource(RELEASE, changed(UNSYNCED, "namespace", "logging"), "other")
    assert judge(RULES, resource(RELEASE, NATS_RELEASE, "nats"), other, stream) == []
    generic = resource(RELEASE, changed(changed(UNSYNCED, "namespace", "logging"), "name", "bus"), "bus")
    reached = resource(STREAM_TYPE, changed(STREAM, "spec/servers", ["bus-nats.logging.svc:4222"]))
    assert (
        only(
            judge(RULES, resource(RELEASE, NATS_RELEASE, "nats"), generic, reached),
            nats_flushes_before_acknowledging_where_rpo_is_zero,
            "sync_interval",
        ).urn
        == generic.urn
    )
