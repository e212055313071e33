"""The network: whether policies hold, and whether those of the stack fit the cluster's addresses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_address, ip_network
from typing import Final

from doctor.cluster import Cluster, Object
from doctor.findings import Finding, advice, fine, missing, unchecked
from doctor.needs import Needs

_DAEMON_SETS: Final = "/apis/apps/v1/daemonsets"
ENFORCING: Final[Mapping[str, str]] = {
    "antrea-agent": "Antrea",
    "azure-npm": "Azure's network policy manager",
    "calico-node": "Calico",
    "canal": "Canal",
    "cilium": "Cilium",
    "kube-router": "kube-router",
    "ovnkube-node": "OVN-Kubernetes",
    "rke2-canal": "Canal",
    "weave-net": "Weave Net",
}
"""DaemonSets whose network enforces policies, with what people call it."""
NOT_ENFORCING: Final[Mapping[str, str]] = {"kube-flannel": "Flannel", "kube-flannel-ds": "Flannel", "kindnet": "kindnet"}
"""Networks that take policies and do nothing about them; kindnet has enforced them since its release 1.7."""
_AWS: Final = "aws-node"
_AWS_AGENT: Final = "aws-eks-nodeagent"
_K3S_ARGUMENTS: Final = "k3s.io/node-args"
_ENFORCEMENT: Final = "network policies"


def check_network_policies(needs: Needs, cluster: Cluster) -> Iterator[Finding]:
    """By the DaemonSets of networks that are known, and by what k3s, which has none, notes at its nodes."""
    sets = {each["metadata"]["name"]: each for each in cluster.objects(_DAEMON_SETS)}
    enforcing = next((title for name, title in ENFORCING.items() if name in sets), None)
    enforcing = enforcing or _enforced_by_aws(sets) or _enforced_by_k3s(cluster.objects("/api/v1/nodes"))
    if enforcing:
        yield fine(_ENFORCEMENT, f"{enforcing} enforces them")
        if needs.offer and not needs.offer.network_policies:
            problem = f"the settings say that nothing enforces them, but {enforcing} does"
            yield advice(_ENFORCEMENT, problem, "Set plinth:cluster.networkPolicies to true", "NET-001")
        return
    idle = next((title for name, title in NOT_ENFORCING.items() if name in sets), None)
    if idle:
        cure = "Install a network that enforces them, such as Cilium or Calico: without it every pod reaches every other"
        yield missing(_ENFORCEMENT, f"{idle} does not enforce them", cure, "NET-001")
        if needs.offer and needs.offer.network_policies:
            yield missing(
                _ENFORCEMENT, f"the settings say that they are enforced, but {idle} does not", "Set plinth:cluster.networkPolicies to false"
            )
        return
    cure = "Try it: deny all traffic to a pod, and call it from another"
    yield unchecked(_ENFORCEMENT, "no network that is known runs as a DaemonSet", cure)


def check_cilium(needs: Needs, cluster: Cluster) -> Iterator[Finding]:
    """Cilium knows nodes by what they are: unless it is told, no range of a policy is a node or the API server upon one."""
    names_nodes = not any(kind == "CiliumNetworkPolicy" for _, kind, _ in needs.kinds) and needs.cidrs
    if not names_nodes or not any(each["metadata"]["name"] == "cilium" for each in cluster.objects(_DAEMON_SETS)):
        return
    settings = cluster.get("/api/v1/namespaces/kube-system/configmaps/cilium-config")
    if "nodes" not in str((settings.get("data") or {}).get("policy-cidr-match-mode", "")):
        problem = "Cilium lets no range of addresses stand for nodes: neither the API server upon them nor their metrics can be called"
        cure = "Set policyCIDRMatchMode to nodes in the values of Cilium and restart its agents"
        setting = ", or plinth:cluster.nodesByAddress to false" if needs.offer is not None else ""
        yield missing(_ENFORCEMENT, problem, f"{cure}{setting}")


def check_addresses(needs: Needs, cluster: Cluster) -> Iterator[Finding]:
    """Network policies name addresses: what calls the API server, or is called by it, is cut off where they are others."""
    subject = "API server's addresses"
    service = cluster.get("/api/v1/namespaces/default/services/kubernetes")
    slices = cluster.objects("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices")
    servers = [each for each in slices if each["metadata"].get("labels", {}).get("kubernetes.io/service-name") == "kubernetes"]
    found = [str(service["spec"]["clusterIP"])] if service else []
    found += [str(address) for each in servers for endpoint in each.get("endpoints") or () for address in endpoint["addresses"]]
    strange = _outside(found, needs)
    if needs.cidrs and strange:
        problem = f"no network policy of the stack names {', '.join(strange)}, where the API server answers"
        yield missing(subject, problem, "Add them to plinth:cluster.apiServer")
    elif found and needs.cidrs:
        yield fine(subject, ", ".join(found))
    ports = {each["port"] for server in servers for each in server.get("ports") or ()}
    if needs.offer is not None and ports - {needs.offer.api_server.port}:
        there = ", ".join(map(str, sorted(ports)))
        problem = f"the API server answers on port {there}, and the settings say {needs.offer.api_server.port}"
        yield missing(subject, problem, "Correct plinth:cluster.apiServer.port")
    addresses = [
        str(each["address"])
        for node in cluster.objects("/api/v1/nodes")
        for each in node["status"].get("addresses") or ()
        if each["type"] == "InternalIP"
    ]
    outside = _outside(addresses, needs)
    if needs.cidrs and outside:
        problem = f"no network policy of the stack names the nodes at {', '.join(outside)}: their metrics stay out"
        yield missing("nodes' addresses", problem, "Add their range to plinth:cluster.nodeCidrs")


def _outside(addresses: Sequence[str], needs: Needs) -> list[str]:
    """The IPv4 addresses that no range of the stack's policies holds: theirs are IPv4."""
    ranges = [ip_network(cidr, strict=False) for cidr in needs.cidrs]
    four = [address for address in addresses if "." in address]
    return [address for address in four if not any(ip_address(address) in each for each in ranges)]


def _enforced_by_aws(sets: Mapping[str, Object]) -> str | None:
    containers = sets[_AWS]["spec"]["template"]["spec"]["containers"] if _AWS in sets else ()
    agent = next((each for each in containers if each["name"] == _AWS_AGENT), None)
    is_on = agent is not None and "--enable-network-policy=true" in (agent.get("args") or ())
    return "the VPC CNI" if is_on else None


def _enforced_by_k3s(nodes: Sequence[Object]) -> str | None:
    """K3s brings kube-router's controller within its own process, unless it is told otherwise on the servers' command line."""
    if not any("+k3s" in str(node["status"]["nodeInfo"]["kubeletVersion"]) for node in nodes):
        return None
    noted = [node["metadata"].get("annotations", {}).get(_K3S_ARGUMENTS, "[]") for node in nodes]
    arguments = [str(argument) for each in noted for argument in json.loads(each)]
    return None if "--disable-network-policy" in arguments else "k3s"
