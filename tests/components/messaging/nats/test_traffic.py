from __future__ import annotations

from dataclasses import replace

from components.messaging.nats.traffic import TOOLBOX_LABELS, traffic
from components.messaging.nats.values import CONTROLLER_LABELS, NATS_LABELS
from components.tenancy.traffic import TrafficRule
from tests.components.messaging.nats.examples import ARGS, nats_args


def ways(*client_namespaces: str) -> dict[str, TrafficRule]:
    clients = {f"client-{place}": {"namespace": namespace} for place, namespace in enumerate(client_namespaces)}
    return {way.name: way for way in traffic(nats_args(clients=clients))}


def ports(rule: object) -> list[int]:
    assert isinstance(rule, dict)
    return [port["port"] for port in rule.get("ports", [])]


def test_each_client_namespace_reaches_the_client_port_of_the_servers_only() -> None:
    given = ways("shop", "billing", "shop")
    assert [name for name in given if name.startswith("nats-from-")] == ["nats-from-billing", "nats-from-shop"]
    way = given["nats-from-shop"]
    assert way.pods == NATS_LABELS
    assert [ports(rule) for rule in way.ingress] == [[4222]]


def test_servers_reach_each_other_on_the_route_port() -> None:
    way = ways()["nats-servers"]
    assert [ports(rule) for rule in way.egress] == [[6222]]
    assert {"from": [{"podSelector": {"matchLabels": NATS_LABELS}}], "ports": [{"protocol": "TCP", "port": 6222}]} in way.ingress


def test_the_controller_reaches_the_servers_and_the_kubernetes_api() -> None:
    given = ways()
    assert given["nats-controller"].pods == given["nats-controller-api"].pods == CONTROLLER_LABELS
    assert [ports(rule) for rule in given["nats-controller"].egress] == [[4222]]
    assert [ports(rule) for rule in given["nats-controller-api"].egress] == [[443]]


def test_the_toolbox_of_the_runbooks_reaches_the_servers() -> None:
    way = ways()["nats-toolbox"]
    assert (way.pods, [ports(rule) for rule in way.egress], way.ingress) == (TOOLBOX_LABELS, [[4222]], ())


def test_prometheus_scrapes_the_servers() -> None:
    assert ways()["nats-scrape"].pods == NATS_LABELS


def test_where_nothing_watches_nobody_scrapes() -> None:
    assert "nats-scrape" not in {way.name for way in traffic(replace(ARGS, monitoring=None))}


def test_all_pods_look_names_up() -> None:
    assert not ways()["dns"].pods
