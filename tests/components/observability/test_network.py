from __future__ import annotations

from components.observability.network import allowances
from components.tenancy.traffic import Allowance


def ways(*, notifies: bool) -> dict[str, Allowance]:
    given = allowances(node_cidrs=["10.20.0.0/16"], api_server_cidrs=["10.30.0.0/16"], notifies=notifies)
    return {way.name: way for way in given}


def test_alertmanager_alone_reaches_the_outside_and_only_if_it_has_somebody_to_tell() -> None:
    given = ways(notifies=True)
    assert set(given) - set(ways(notifies=False)) == {"alertmanager-to-outside"}
    assert given["alertmanager-to-outside"].pods == {"app.kubernetes.io/name": "alertmanager"}
    blocks = {
        target["ipBlock"]["cidr"]: name
        for name, way in given.items()
        for rule in way.egress
        for target in rule["to"]
        if "ipBlock" in target
    }
    assert blocks["0.0.0.0/0"] == "alertmanager-to-outside"


def test_prometheus_reaches_every_pod_and_the_nodes_own_ports() -> None:
    given = ways(notifies=False)
    assert given["prometheus-to-pods"].egress == [{"to": [{"namespaceSelector": {}}]}]
    assert given["prometheus-to-nodes"].egress == [
        {
            "to": [{"ipBlock": {"cidr": "10.20.0.0/16"}}],
            "ports": [{"protocol": "TCP", "port": 10250}, {"protocol": "TCP", "port": 9100}],
        }
    ]


def test_the_control_plane_reaches_the_webhook_of_the_operator_alone() -> None:
    webhooks = ways(notifies=False)["monitoring-webhooks"]
    assert webhooks.pods == {"app.kubernetes.io/component": "prometheus-operator"}
    assert [port["port"] for rule in webhooks.ingress for port in rule["ports"]] == [10250]
