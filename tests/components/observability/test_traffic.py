from __future__ import annotations

from components.observability.model import RoutingSettings, SecretKeySettings
from components.observability.traffic import traffic
from components.tenancy.traffic import TrafficRule
from tests.components.observability.stacks import stack_args

HEARTBEAT = SecretKeySettings(secret="alertmanager-heartbeat", key="url")  # noqa: S106 # the name of a secret


def rules(routing: RoutingSettings) -> dict[str, TrafficRule]:
    return {rule.name: rule for rule in traffic(stack_args(routing=routing))}


def test_alertmanager_alone_reaches_the_outside_and_only_if_it_has_somebody_to_tell() -> None:
    given = rules(RoutingSettings(heartbeat=HEARTBEAT))
    assert set(given) - set(rules(RoutingSettings())) == {"alertmanager-to-outside"}
    assert given["alertmanager-to-outside"].pods == {"app.kubernetes.io/name": "alertmanager"}
    blocks = {
        target["ipBlock"]["cidr"]: name
        for name, rule in given.items()
        for way in rule.egress
        for target in way["to"]
        if "ipBlock" in target
    }
    assert blocks["0.0.0.0/0"] == "alertmanager-to-outside"


def test_prometheus_reaches_every_pod_and_the_nodes_own_ports() -> None:
    given = rules(RoutingSettings())
    assert given["prometheus-to-pods"].egress == [{"to": [{"namespaceSelector": {}}]}]
    assert given["prometheus-to-nodes"].egress == [
        {
            "to": [{"ipBlock": {"cidr": "10.20.0.0/17"}}],
            "ports": [{"protocol": "TCP", "port": 10250}, {"protocol": "TCP", "port": 9100}],
        }
    ]


def test_the_control_plane_alone_reaches_the_webhook_of_the_operator_alone() -> None:
    webhooks = rules(RoutingSettings())["monitoring-webhooks"]
    assert webhooks.pods == {"app.kubernetes.io/component": "prometheus-operator"}
    assert webhooks.ingress == [{"from": [{"ipBlock": {"cidr": "10.20.252.0/23"}}], "ports": [{"protocol": "TCP", "port": 10250}]}]


def test_the_kubernetes_api_is_reached_where_it_answers_and_nowhere_else() -> None:
    assert rules(RoutingSettings())["to-kubernetes-api"].egress == [
        {
            "to": [{"ipBlock": {"cidr": "172.20.0.1/32"}}, {"ipBlock": {"cidr": "10.20.252.0/23"}}],
            "ports": [{"protocol": "TCP", "port": 443}],
        }
    ]
