from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from components.kubernetes import CustomResource
from components.messaging.sizing import SizingError
from components.messaging.streams import Consumer, Mirror, Stream, StreamError, check_streams, stream_resources

GIB = 2**30
VOLUME = Decimal(500 * GIB)


def stream(**changes: Any) -> Stream:
    good: dict[str, Any] = {
        "name": "orders",
        "subjects": ("orders.>",),
        "max_age": timedelta(days=7),
        "max_bytes": "100Gi",
        "replicas": 3,
        "consumers": (Consumer(name="shipping"),),
    }
    return Stream(**good | changes)


def rendered(**changes: Any) -> dict[tuple[str, str], CustomResource]:
    resources = stream_resources(stream(**changes), namespace="messaging", retain=True, rpo=timedelta(0))
    return {(resource.kind, resource.name): resource for resource in resources}


def test_a_stream_is_kept_in_files_with_every_limit_written_out() -> None:
    assert rendered()["Stream", "orders"].spec == {
        "name": "orders",
        "subjects": ["orders.>"],
        "storage": "file",
        "replicas": 3,
        "retention": "limits",
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
    assert list(rendered(consumers=())) == [("Stream", "orders")]


def test_a_consumer_acknowledges_explicitly_and_gives_up_in_the_end() -> None:
    assert rendered()["Consumer", "orders-shipping"].spec == {
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
    waits = (timedelta(seconds=5), timedelta(minutes=1))
    spec = rendered(consumers=(Consumer(name="shipping", backoff=waits, filter_subjects=("orders.new",)),))[
        "Consumer", "orders-shipping"
    ].spec
    assert (spec["ackWait"], spec["backoff"], spec["filterSubjects"]) == ("5s", ["5s", "1m"], ["orders.new"])


def test_streams_carry_the_marks_that_policies_read() -> None:
    resources = rendered(dr_mirror="production-dr")
    for key in (("Stream", "orders"), ("Stream", "orders-dlq")):
        assert resources[key].annotations["platform/dr-mirror"] == "production-dr"
        assert resources[key].annotations["platform/rpo"] == "0s"


def test_an_update_waits_until_the_server_took_what_was_declared() -> None:
    assert all(resource.annotations["pulumi.com/waitFor"] == "condition=Ready" for resource in rendered().values())


def test_a_mirror_names_its_source_and_has_no_subjects_of_its_own() -> None:
    spec = rendered(name="orders-dr", subjects=(), mirror=Mirror(stream="orders", api_prefix="$JS.primary.API"))["Stream", "orders-dr"].spec
    assert spec["mirror"] == {"name": "orders", "externalApiPrefix": "$JS.primary.API"}
    assert not {"subjects", "duplicateWindow"} & set(spec)


def test_a_mirror_within_the_cluster_needs_no_prefix() -> None:
    spec = rendered(name="copy", subjects=(), mirror=Mirror(stream="orders"))["Stream", "copy"].spec
    assert spec["mirror"] == {"name": "orders"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "Orders"}, "a name has up to 52 of"),
        ({"name": "orders-dlq"}, "kept for the dead letters"),
        ({"subjects": ()}, "either subjects or the stream that it mirrors"),
        ({"mirror": Mirror(stream="orders")}, "either subjects or the stream that it mirrors"),
        ({"subjects": (), "mirror": Mirror(stream="orders"), "retention": "workqueue"}, "retention = 'workqueue' is refused"),
        ({"max_age": timedelta(0)}, "both limits must be above 0"),
        ({"max_bytes": "0"}, "both limits must be above 0"),
        ({"duplicate_window": timedelta(0)}, "duplicate_window"),
        ({"duplicate_window": timedelta(days=8)}, "at most max_age"),
        ({"replicas": 2}, "1, 3 or 5 copies"),
        ({"consumers": (Consumer(name="a"), Consumer(name="a"))}, "two consumers share a name"),
    ],
)
def test_a_stream_that_the_server_or_a_requirement_refuses_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(StreamError, match=message):
        stream(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "ship.ping"}, "a name has up to 52 of"),
        ({"max_deliver": 0}, "without a limit there are no dead letters"),
        ({"max_deliver": -1}, "without a limit there are no dead letters"),
        ({"max_deliver": 1, "backoff": (timedelta(seconds=1),) * 2}, "2 waits in backoff, but only 1 deliveries"),
        ({"ack_wait": timedelta(0)}, "longer than 0s"),
        ({"backoff": (timedelta(0),)}, "longer than 0s"),
    ],
)
def test_a_consumer_that_could_deliver_for_ever_or_never_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(StreamError, match=message):
        Consumer(**{"name": "shipping"} | changes)


def test_streams_may_claim_85_percent_of_the_volumes_with_all_their_copies_and_dead_letters() -> None:
    fits = stream(max_bytes=str(425 * GIB - 256 * 2**20))
    check_streams([fits], servers=3, volume=VOLUME)
    with pytest.raises(SizingError, match=r"streams claim .* hold .* \(85 %\)"):
        check_streams([stream(max_bytes="425Gi")], servers=3, volume=VOLUME)


def test_more_copies_than_servers_are_refused() -> None:
    with pytest.raises(StreamError, match=r"3 copies do not fit on 1 server\(s\)"):
        check_streams([stream()], servers=1, volume=VOLUME)


def test_two_streams_of_one_name_are_refused() -> None:
    with pytest.raises(StreamError, match="two streams share a name"):
        check_streams([stream(), stream()], servers=3, volume=VOLUME)
