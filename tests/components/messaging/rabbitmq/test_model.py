"""Each setting that a server or the cluster would refuse, broken one at a time."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.components.messaging.rabbitmq.examples import VHOST, settings, with_queue, with_vhost


@pytest.mark.parametrize("name", ["amq.topic", "dead-letters", "shipping-dlq", "Orders", "orders_new", "-orders", "orders.", "x" * 64, ""])
def test_a_name_that_the_server_or_the_platform_keeps_or_kubernetes_refuses_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="allowed is a name of up to 63"):
        with_vhost(exchanges={**VHOST["exchanges"], name: {"type": "fanout"}})


@pytest.mark.parametrize("name", ["o", "orders.events", "amq-orders", "dead-letters-of-orders", "x" * 63])
def test_any_other_name_is_allowed(name: str) -> None:
    assert name in with_vhost(exchanges={**VHOST["exchanges"], name: {"type": "fanout"}}).vhosts["shop"].exchanges


@pytest.mark.parametrize("key", ["orders..placed", "orders.", "orders.pla*", "orders placed", "", "x" * 256, "orders.\N{PACKAGE}"])
def test_a_routing_key_that_matches_nothing_as_written_is_refused(key: str) -> None:
    with pytest.raises(ValidationError, match="allowed is a routing key"):
        with_queue(bindings=[{"exchange": "orders", "routingKey": key}])


@pytest.mark.parametrize("key", ["#", "orders.*.eu", "orders.#", "Orders_1.new", "x" * 255])
def test_any_other_routing_key_is_allowed(key: str) -> None:
    assert with_queue(bindings=[{"exchange": "orders", "routingKey": key}]).vhosts["shop"].queues["shipping"].bindings[0].routing_key == key


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"bindings": []}, "at least 1 item"),
        ({"maxBytes": "512Ki"}, "allowed is a Kubernetes quantity of 1Mi to 1Ti"),
        ({"deliveryLimit": 0}, "greater than or equal to 1"),
        ({"messageTtl": "50d"}, "allowed is a duration of 1s to 49d"),
        ({"ackTimeout": "30s"}, "allowed is a duration of 1m to 1d"),
        ({"bindings": [{"exchange": "order", "routingKey": "a"}]}, "order is not an exchange of this vhost; there are orders, regions"),
        ({"bindings": [{"exchange": "orders"}]}, "is missing; orders is a topic exchange"),
        (
            {"bindings": [{"exchange": "regions", "routingKey": "a", "headers": {"a": "b"}}]},
            "regions is a headers exchange, which ignores it",
        ),
        ({"bindings": [{"exchange": "regions"}]}, "regions is a headers exchange: is missing"),
        ({"bindings": [{"exchange": "orders", "routingKey": "a", "headers": {"a": "b"}}]}, "orders is a topic exchange: it ignores them"),
        ({"bindings": [{"exchange": "regions", "headers": {"x-match": "all"}}]}, "allowed is a header's name"),
        ({"bindings": [{"exchange": "orders", "routingKey": "a"}] * 2}, "this binding stands twice"),
    ],
)
def test_a_queue_that_could_not_work_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        with_queue(**changes)


def test_a_pattern_for_a_direct_exchange_is_refused() -> None:
    exchanges = {**VHOST["exchanges"], "orders": {"type": "direct"}}
    queue = {"bindings": [{"exchange": "orders", "routingKey": "orders.*"}], "maxBytes": "1Gi"}
    with pytest.raises(ValidationError, match="make it a topic exchange"):
        with_vhost(exchanges=exchanges, queues={"shipping": queue})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"publishes": ["order"]}, "order is not in this vhost; there are orders, regions"),
        ({"consumes": ["billing"]}, "billing is not in this vhost; there are shipping"),
        ({"publishes": ["orders", "orders"]}, "orders stands twice"),
        ({"prefetch": 0}, "greater than or equal to 1"),
        ({"connections": 1, "channels": 2048}, "1 connections hold 2047 at most"),
    ],
)
def test_a_client_that_could_not_do_what_it_is_told_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        with_vhost(clients={"checkout": {"namespace": "shop", **changes}})


def test_two_clients_of_one_name_are_refused_because_they_would_be_one_user() -> None:
    with pytest.raises(ValidationError, match="another vhost has a client of this name"):
        settings(vhosts={"shop": VHOST, "warehouse": VHOST})


@pytest.mark.parametrize("nodes", [2, 4, 6])
def test_an_even_number_of_servers_is_refused(nodes: int) -> None:
    with pytest.raises(ValidationError, match=f"{nodes} is even, which adds no quorum"):
        settings(nodes=nodes)


def test_queues_have_to_fit_on_the_volumes_with_their_copies_and_dead_letters() -> None:
    assert with_queue(maxBytes=f"{50 * 1024 - 256}Mi").storage == 100 * 2**30
    with pytest.raises(ValidationError, match=r"queues claim 150\.0Gi .*, but 3 volume\(s\) of 100Gi have room for 150\.0Gi"):
        with_queue(maxBytes=f"{50 * 1024 - 255}Mi")


def test_more_servers_than_copies_have_room_for_more() -> None:
    assert settings(nodes=5, vhosts={"shop": {**VHOST, "queues": {"shipping": {**VHOST["queues"]["shipping"], "maxBytes": "80Gi"}}}})


def test_the_namespaces_of_clients_are_told_once_each() -> None:
    clients = {name: {"namespace": namespace} for name, namespace in (("b", "shop"), ("a", "billing"), ("c", "shop"))}
    assert with_vhost(clients=clients).client_namespaces == ("billing", "shop")
