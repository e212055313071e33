from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi import ResourceOptions

from components.tenancy.traffic import (
    TrafficRule,
    aws_apis,
    by_entity,
    called_from,
    calls,
    calls_addresses,
    calls_kubernetes_api,
    calls_nodes,
    cilium_spec,
    dns,
    merge_traffic,
    network_policy,
    policy_spec,
    scraped_by,
    serves_webhooks,
    within_namespace,
)
from tests.components.recorded import the

if TYPE_CHECKING:
    from tests.components.recorded import Preview

KUBERNETES = ["10.100.0.0/16", "10.20.0.0/16"]
ALL = [
    dns(),
    scraped_by("observability"),
    called_from("ingress", 8080),
    calls("messaging", 4222),
    within_namespace(),
    calls_addresses("database", ["10.20.96.0/24"], 5432),
    calls_kubernetes_api(KUBERNETES),
    calls_nodes(["10.20.0.0/17"], 9100, by_address=True),
    serves_webhooks(["10.20.0.0/16"], 10250),
    aws_apis(),
]


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.name)
def test_no_rule_opens_a_direction_to_everybody(rule: TrafficRule) -> None:
    spec = policy_spec(rule)
    peers = [(rule.get("from"), rule.get("to")) for direction in ("ingress", "egress") for rule in spec.get(direction, [])]
    assert peers
    assert all(bool(callers) != bool(called) for callers, called in peers)
    blocks = [peer["ipBlock"] for pair in peers for side in pair if side for peer in side if "ipBlock" in peer]
    assert all(block["cidr"] != "0.0.0.0/0" or block["except"] for block in blocks)


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.name)
def test_a_policy_speaks_of_the_directions_that_it_has_rules_for(rule: TrafficRule) -> None:
    spec = policy_spec(rule)
    assert spec["policyTypes"] == [name for name in ("Ingress", "Egress") if name.lower() in spec]


def test_names_are_looked_up_over_udp_and_tcp_at_the_cluster_dns_alone() -> None:
    (rule,) = policy_spec(dns())["egress"]
    assert rule["ports"] == [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]
    assert rule["to"] == [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
            "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
        }
    ]


def test_prometheus_alone_scrapes() -> None:
    (rule,) = policy_spec(scraped_by("observability"))["ingress"]
    assert rule["from"][0]["podSelector"] == {"matchLabels": {"app.kubernetes.io/name": "prometheus"}}


def test_a_namespace_is_reached_on_named_ports() -> None:
    (rule,) = policy_spec(called_from("ingress", 8080, 8443))["ingress"]
    assert [port["port"] for port in rule["ports"]] == [8080, 8443]
    assert called_from("ingress", 8080).name == "from-ingress"
    (rule,) = policy_spec(calls("messaging", 4222))["egress"]
    assert rule["to"] == [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "messaging"}}}]


def test_the_kubernetes_api_is_called_at_each_range_that_is_given() -> None:
    (rule,) = policy_spec(calls_kubernetes_api(KUBERNETES))["egress"]
    assert rule["to"] == [{"ipBlock": {"cidr": cidr}} for cidr in KUBERNETES]
    assert rule["ports"] == [{"protocol": "TCP", "port": 443}]


def test_aws_is_called_by_https_and_the_metadata_of_the_node_is_not() -> None:
    apis, agent = policy_spec(aws_apis())["egress"]
    assert apis["to"] == [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}}]
    assert apis["ports"] == [{"protocol": "TCP", "port": 443}]
    assert agent["to"] == [{"ipBlock": {"cidr": "169.254.170.23/32"}}]


def test_a_rule_is_for_the_whole_namespace_until_it_is_narrowed() -> None:
    assert policy_spec(dns())["podSelector"] == {}
    narrow = dns().narrowed("web-dns", {"app.kubernetes.io/name": "web"})
    assert narrow.name == "web-dns"
    assert policy_spec(narrow) == {**policy_spec(dns()), "podSelector": {"matchLabels": {"app.kubernetes.io/name": "web"}}}


@given(st.permutations([*ALL, *ALL]))
def test_it_does_not_matter_who_asks_first_and_who_asks_again(asked: list[TrafficRule]) -> None:
    assert merge_traffic(asked) == merge_traffic(ALL)
    assert merge_traffic(merge_traffic(asked)) == merge_traffic(asked)


def test_a_control_plane_behind_a_tunnel_calls_webhooks_through_the_pods_of_the_tunnel() -> None:
    (rule,) = policy_spec(serves_webhooks(["10.20.0.0/16"], 10250, tunnel={"app": "konnectivity-agent"}))["ingress"]
    address, pods = rule["from"]
    assert address == {"ipBlock": {"cidr": "10.20.0.0/16"}}
    assert pods == {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
        "podSelector": {"matchLabels": {"app": "konnectivity-agent"}},
    }


def test_cilium_lets_nodes_be_called_by_what_they_are(preview: Preview) -> None:
    rule = calls_nodes(["10.20.0.0/17"], 10250, 9100, by_address=False).narrowed("prometheus-to-nodes", {"app": "prometheus"})
    run = preview(lambda: network_policy("policy", rule, namespace="observability", opts=ResourceOptions()))
    inputs = the(run, "kubernetes:cilium.io/v2:CiliumNetworkPolicy", "policy").inputs
    assert inputs["metadata"]["name"] == "allow-prometheus-to-nodes"
    assert inputs["spec"] == cilium_spec(rule)
    assert inputs["spec"] == {
        "endpointSelector": {"matchLabels": {"app": "prometheus"}},
        "egress": [
            {
                "toEntities": ["host", "remote-node"],
                "toPorts": [{"ports": [{"port": "10250", "protocol": "TCP"}, {"port": "9100", "protocol": "TCP"}]}],
            }
        ],
    }


def test_where_the_api_server_is_a_node_cilium_lets_it_be_called_and_call_webhooks_by_what_it_is() -> None:
    pods = {"app": "operator"}
    ranges = {"called": KUBERNETES, "calling": ["10.20.0.0/24"]}
    api = by_entity(calls_kubernetes_api(KUBERNETES, [443, 6443]).narrowed("operator-api", pods), **ranges)
    assert api is not None
    assert cilium_spec(api) == {
        "endpointSelector": {"matchLabels": pods},
        "egress": [
            {
                "toEntities": ["kube-apiserver"],
                "toPorts": [{"ports": [{"port": "443", "protocol": "TCP"}, {"port": "6443", "protocol": "TCP"}]}],
            }
        ],
    }
    webhooks = by_entity(serves_webhooks(["10.20.0.0/24"], 9443).narrowed("operator-webhooks", pods), **ranges)
    assert webhooks is not None
    (ingress,) = cilium_spec(webhooks)["ingress"]
    assert ingress["fromEntities"] == ["kube-apiserver", "host", "remote-node"]
    assert ingress["toPorts"] == [{"ports": [{"port": "9443", "protocol": "TCP"}]}]
    assert len({api.name, webhooks.name, "operator-api", "operator-webhooks"}) == 4
    assert [by_entity(rule, **ranges) for rule in (dns(), within_namespace(), calls("messaging", 4222), aws_apis())] == [None] * 4
