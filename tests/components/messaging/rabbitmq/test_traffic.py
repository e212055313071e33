from __future__ import annotations

from dataclasses import replace

import pytest

from components.messaging.rabbitmq.footprint import servers_footprint, topology_footprint
from components.messaging.rabbitmq.traffic import servers_connection, servers_traffic, topology_traffic
from components.tenancy.traffic import TrafficRule
from tests.components.messaging.rabbitmq.examples import SERVERS, TOPOLOGY, settings

WAYS = {way.name: way for way in servers_traffic(SERVERS)}
OPERATORS_WAYS = {way.name: way for way in topology_traffic(TOPOLOGY)}
SERVER = {"app.kubernetes.io/name": "rabbitmq", "app.kubernetes.io/component": "rabbitmq"}


def ports(rules: object) -> list[int]:
    assert isinstance(rules, list | tuple)
    return [port["port"] for rule in rules for port in rule["ports"]]


def test_clients_reach_the_servers_by_tls_alone() -> None:
    way = WAYS["rabbitmq-from-shop"]
    assert way.pods == SERVER
    assert ports(way.ingress) == [5671]
    (out,) = servers_connection(SERVERS).traffic
    assert (out.name, ports(out.egress)) == ("to-rabbitmq", [5671])


def test_servers_reach_each_other_and_nobody_else_does() -> None:
    way = WAYS["rabbitmq-servers"]
    assert ports(way.egress) == [4369, 25672, 35672]
    peers = [rule for rule in way.ingress if 25672 in [port["port"] for port in rule["ports"]]]
    assert [rule["from"] for rule in peers] == [[{"podSelector": {"matchLabels": SERVER}}]]


@pytest.mark.parametrize("operator", ["rabbitmq-cluster-operator", "rabbitmq-topology-operator"])
def test_both_operators_reach_the_management_and_nobody_else_does(operator: str) -> None:
    callers = [rule["from"] for rule in WAYS["rabbitmq-servers"].ingress if rule["ports"] == [{"protocol": "TCP", "port": 15671}]]
    assert len(callers) == 2
    assert [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": operator}}}] in callers
    way = {**WAYS, **OPERATORS_WAYS}[operator]
    assert way.pods == {"app.kubernetes.io/name": operator}
    assert ports(way.egress) == [15671]


def test_both_operators_reach_the_kubernetes_api_which_reaches_the_webhook() -> None:
    assert ports(WAYS["rabbitmq-cluster-operator-api"].egress) == [443]
    assert ports(OPERATORS_WAYS["rabbitmq-topology-operator-api"].egress) == [443]
    assert ports(OPERATORS_WAYS["rabbitmq-topology-operator-webhooks"].ingress) == [9443]


def test_where_nothing_watches_nobody_scrapes() -> None:
    assert WAYS["rabbitmq-scrape"].pods == SERVER
    assert "rabbitmq-scrape" not in {way.name for way in servers_traffic(replace(SERVERS, monitoring=None))}


def test_all_ways_are_for_single_pods_but_the_one_to_names() -> None:
    everywhere: list[TrafficRule] = [way for way in (*WAYS.values(), *OPERATORS_WAYS.values()) if not way.pods]
    assert {way.name for way in everywhere} == {"dns"}


def test_there_is_room_for_all_servers_one_that_is_restored_and_volumes_of_twice_the_size() -> None:
    needed = servers_footprint(SERVERS)
    assert needed.claims == 4
    assert needed.storage == 4 * 2 * 100 * 2**30
    assert needed.memory >= 4 * 4 * 2**30
    assert servers_footprint(replace(SERVERS, settings=settings(nodes=5))).claims == 6


def test_there_is_room_for_the_successors_of_the_operators() -> None:
    assert topology_footprint(TOPOLOGY).pods == 4
    assert servers_footprint(SERVERS).pods == 4 + 4
