"""Ways through a namespace's default-deny, each a small NetworkPolicy (NET-001, NET-002)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.errors import ComponentError
from components.kubernetes import NAME_LABEL, CustomResource, declare, labels

_NAMESPACE_NAME: Final = "kubernetes.io/metadata.name"
_SYSTEM: Final = "kube-system"
_HTTPS: Final = 443
_DNS: Final = 53
_ANYWHERE: Final = "0.0.0.0/0"
# Link-local addresses are the node's: its metadata hands out the node's role to whoever asks.
_LINK_LOCAL: Final = "169.254.0.0/16"
# What Cilium calls them: that of the pod itself, the others, and the servers of the Kubernetes API.
_NODES: Final = ("host", "remote-node")
_API_SERVER: Final = "kube-apiserver"
_POD_IDENTITY_AGENT: Final = "169.254.170.23/32"

_Object = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class TrafficRule:
    """What the pods with the labels ``pods`` (without labels: all) may accept and may call.

    ``ingress`` and ``egress`` are rules of ``networking.k8s.io/v1``; a direction without rules is
    left as it is. ``cilium`` are rules of ``cilium.io/v2`` by direction, for peers that only Cilium's
    own policies can name; such a rule has nothing else.
    """

    name: str
    pods: Mapping[str, str] = field(default_factory=dict)
    ingress: Sequence[_Object] = ()
    egress: Sequence[_Object] = ()
    cilium: Mapping[str, Sequence[_Object]] = field(default_factory=dict)

    def narrowed(self, name: str, pods: Mapping[str, str]) -> TrafficRule:
        """The same for fewer pods, under another name."""
        return replace(self, name=name, pods=pods)


class TrafficError(ComponentError):
    """Two rules of a namespace have one name and say different things."""


def merge_traffic(rules: Iterable[TrafficRule]) -> list[TrafficRule]:
    """The rules of all that is in a namespace, each once and in the order of their names.

    Raises:
        TrafficError: rules that differ share a name, which is that of their NetworkPolicy.
    """
    merged: dict[str, TrafficRule] = {}
    for rule in rules:
        if merged.setdefault(rule.name, rule) != rule:
            raise TrafficError(f"two rules of traffic are called {rule.name} and differ; narrow one of them under a name of its own")
    return [merged[name] for name in sorted(merged)]


def dns() -> TrafficRule:
    """Look names up at the cluster's DNS."""
    resolver = _in_namespace(_SYSTEM, {"k8s-app": "kube-dns"})
    return TrafficRule(name="dns", egress=[{"to": [resolver], "ports": [*_ports(_DNS, protocol="UDP"), *_ports(_DNS)]}])


def scraped_by(namespace: str) -> TrafficRule:
    """Be scraped by the Prometheus of ``namespace``, on any port: who is scraped chooses it."""
    return TrafficRule(name="scrape", ingress=[{"from": [_in_namespace(namespace, {NAME_LABEL: "prometheus"})]}])


def called_from(namespace: str, *ports: int) -> TrafficRule:
    """Be called by the pods of another namespace on TCP ``ports``."""
    return TrafficRule(name=f"from-{namespace}", ingress=[{"from": [_in_namespace(namespace)], "ports": _ports(*ports)}])


def calls(namespace: str, *ports: int) -> TrafficRule:
    """Call the pods of another namespace on TCP ``ports``."""
    return TrafficRule(name=f"to-{namespace}", egress=[{"to": [_in_namespace(namespace)], "ports": _ports(*ports)}])


def within_namespace() -> TrafficRule:
    """Let the pods of the namespace talk to each other."""
    peers: list[_Object] = [{"podSelector": {}}]
    return TrafficRule(name="within", ingress=[{"from": peers}], egress=[{"to": peers}])


def calls_addresses(name: str, cidrs: Sequence[str], *ports: int) -> TrafficRule:
    """Call what has addresses rather than pods, such as a managed database, on TCP ``ports``.

    ``cidrs`` are IPv4 ranges; the rule is called ``to-<name>``.
    """
    return TrafficRule(name=f"to-{name}", egress=[{"to": _addresses(cidrs), "ports": _ports(*ports)}])


def calls_nodes(cidrs: Sequence[str], *ports: int, by_address: bool) -> TrafficRule:
    """Call the nodes, which have addresses in ``cidrs``, on TCP ``ports``.

    Cilium knows its nodes by what they are, and lets no address stand for them (``by_address`` is False).
    """
    if by_address:
        return calls_addresses("nodes", cidrs, *ports)
    return TrafficRule(name="to-nodes", cilium={"egress": [{"toEntities": list(_NODES), "toPorts": _entity_ports(ports)}]})


def by_entity(rule: TrafficRule, *, called: Collection[str], calling: Collection[str]) -> TrafficRule | None:
    """What ``rule`` says of the Kubernetes API, in Cilium's words; None where it says nothing of it.

    Where its servers are nodes of the cluster, Cilium lets no address stand for them. ``called`` are
    the ranges by which rules call them, ``calling`` those from which they call webhooks.
    """
    egress = [each for each in rule.egress if _ranges(each.get("to", ())) & set(called)]
    ingress = [each for each in rule.ingress if _ranges(each.get("from", ())) & set(calling)]
    cilium = {
        # Webhooks are called with the address of the node, which is another one for a pod of the same node.
        "ingress": [{"fromEntities": [_API_SERVER, *_NODES], "toPorts": _entity_ports(_numbers(each))} for each in ingress],
        "egress": [{"toEntities": [_API_SERVER], "toPorts": _entity_ports(_numbers(each))} for each in egress],
    }
    told = {direction: rules for direction, rules in cilium.items() if rules}
    return TrafficRule(name=f"{rule.name}-by-entity", pods=rule.pods, cilium=told) if told else None


def calls_kubernetes_api(cidrs: Sequence[str], ports: Sequence[int] = (_HTTPS,)) -> TrafficRule:
    """Call the Kubernetes API, at the ports of its service and of its endpoints.

    ``cidrs`` hold its service address, which the network policy agent of AWS judges by, and those
    of its endpoints, which others do.
    """
    return calls_addresses("kubernetes-api", cidrs, *ports)


def serves_webhooks(cidrs: Sequence[str], port: int, *, tunnel: Mapping[str, str] | None = None) -> TrafficRule:
    """Be called on the port of an admission webhook.

    The callers are of the control plane, which has addresses in ``cidrs`` and no pods, or comes
    through a ``tunnel``: the pods of kube-system that have these labels.
    """
    callers = [*_addresses(cidrs), *([_in_namespace(_SYSTEM, tunnel)] if tunnel else [])]
    return TrafficRule(name="webhooks", ingress=[{"from": callers, "ports": _ports(port)}])


def takes_credentials() -> TrafficRule:
    """Take the AWS credentials that the agent on the node hands out."""
    return TrafficRule(name="aws-credentials", egress=[{"to": _addresses([_POD_IDENTITY_AGENT]), "ports": _ports(80)}])


def aws_apis() -> TrafficRule:
    """Call AWS by HTTPS, with the credentials that the agent on the node hands out."""
    return TrafficRule(name="aws-apis", egress=[_https_anywhere(), *takes_credentials().egress])


def azure_apis() -> TrafficRule:
    """Call Azure by HTTPS: Entra, which gives a token for that of the service account, and what takes it."""
    return TrafficRule(name="azure-apis", egress=[_https_anywhere()])


def policy_spec(rule: TrafficRule) -> dict[str, Any]:
    """The spec of the NetworkPolicy."""
    directions = {"Ingress": rule.ingress, "Egress": rule.egress}
    return {
        "podSelector": {"matchLabels": dict(rule.pods)} if rule.pods else {},
        "policyTypes": [direction for direction, rules in directions.items() if rules],
        **{direction.lower(): list(rules) for direction, rules in directions.items() if rules},
    }


def cilium_spec(rule: TrafficRule) -> dict[str, Any]:
    """The spec of the CiliumNetworkPolicy."""
    directions = {direction: list(rules) for direction, rules in rule.cilium.items()}
    return {"endpointSelector": {"matchLabels": dict(rule.pods)} if rule.pods else {}, **directions}


def network_policy(
    resource_name: str, rule: TrafficRule, *, namespace: str, opts: pulumi.ResourceOptions
) -> kubernetes.apiextensions.CustomResource:
    """Register the rule as the policy ``allow-<name>``: Kubernetes' own, or Cilium's where it names peers by what they are."""
    policy = CustomResource(
        api_version="cilium.io/v2" if rule.cilium else "networking.k8s.io/v1",
        kind="CiliumNetworkPolicy" if rule.cilium else "NetworkPolicy",
        name=f"allow-{rule.name}",
        namespace=namespace,
        labels=labels(namespace, component="network"),
        spec=cilium_spec(rule) if rule.cilium else policy_spec(rule),
    )
    return declare(resource_name, policy, opts)


def _in_namespace(namespace: str, pods: Mapping[str, str] | None = None) -> _Object:
    narrowing = {"podSelector": {"matchLabels": dict(pods)}} if pods else {}
    return {"namespaceSelector": {"matchLabels": {_NAMESPACE_NAME: namespace}}, **narrowing}


def _https_anywhere() -> _Object:
    """Call any address but those of the node: nobody can list the addresses of a cloud."""
    return {"to": [{"ipBlock": {"cidr": _ANYWHERE, "except": [_LINK_LOCAL]}}], "ports": _ports(_HTTPS)}


def _ranges(peers: Sequence[_Object]) -> set[str]:
    return {peer["ipBlock"]["cidr"] for peer in peers if "ipBlock" in peer}


def _numbers(rule: _Object) -> list[int]:
    return [port["port"] for port in rule["ports"]]


def _entity_ports(numbers: Sequence[int]) -> list[_Object]:
    return [{"ports": [{"port": str(number), "protocol": "TCP"} for number in numbers]}]


def _addresses(cidrs: Sequence[str]) -> list[_Object]:
    return [{"ipBlock": {"cidr": cidr}} for cidr in cidrs]


def _ports(*numbers: int, protocol: str = "TCP") -> list[_Object]:
    return [{"protocol": protocol, "port": number} for number in numbers]
