"""Nodes: how many, in which zones, and whether the platform has room on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from components.cluster.existing.model import ClusterSettings
from doctor.cluster import Cluster, Object
from doctor.findings import Finding, advice, fine, missing
from doctor.needs import Needs, Room
from facts.quantity import parse_quantity

_ZONE: Final = "topology.kubernetes.io/zone"
_QUORUM: Final = 3
_CLOSING: Final = frozenset({"NoSchedule", "NoExecute"})


def check_nodes(needs: Needs, cluster: Cluster) -> Iterator[Finding]:
    """Enough nodes that take pods, over as many zones as quorums need, and no more than the settings count on."""
    nodes = cluster.objects("/api/v1/nodes")
    usable = [node for node in nodes if _takes_pods(node)]
    for node in nodes:
        if not _is_ready(node):
            yield advice("nodes", f"node {node['metadata']['name']} is not ready", "Mend it, or remove it from the cluster")
    if not usable:
        yield missing("nodes", f"none of {len(nodes)} nodes takes ordinary pods", "Untaint or uncordon a node, or add one")
        return
    if len(usable) < _QUORUM:
        yield missing("nodes", f"{_count(usable)} for the quorums of three", "Add nodes until there are three", "CLUS-002")
    if needs.offer is not None:
        yield from _check_count(needs.offer, len(usable), len(nodes))
    yield fine("nodes", _count(usable))
    yield from _check_zones(needs, usable)


def _check_count(offer: ClusterSettings, usable: int, there: int) -> Iterator[Finding]:
    if usable < offer.nodes:
        problem = f"the settings say that {offer.nodes} nodes take pods, but {usable} of {there} do"
        yield missing("nodes", problem, "Correct plinth:cluster.nodes, or untaint, uncordon or mend the others")
    if there > offer.upgraded_nodes:
        problem = f"there are {there} nodes, and the settings count on {offer.upgraded_nodes}: the agents of the others find no quota"
        yield missing("nodes", problem, f"Set plinth:cluster.mostNodes to {there + 1} or more")


def _check_zones(needs: Needs, nodes: Sequence[Object]) -> Iterator[Finding]:
    zones = {node["metadata"].get("labels", {}).get(_ZONE) for node in nodes}
    if needs.needs_zones and None in zones:
        nameless = next(node["metadata"]["name"] for node in nodes if _ZONE not in node["metadata"].get("labels", {}))
        problem = f"node {nameless} has no label {_ZONE}, so pods that are spread over zones never run there"
        yield missing("zones", problem, f"Label every node: kubectl label node {nameless} {_ZONE}=…")
    named = sorted(zone for zone in zones if zone)
    empty = [zone for zone in (needs.offer.zones if needs.offer else ()) if zone not in named]
    if empty:
        problem = f"the settings name {', '.join(empty)}, where no node that takes pods is"
        yield missing("zones", problem, "Correct plinth:cluster.zones, or the labels of the nodes")
    if len(named) < _QUORUM:
        there = ", ".join(named) or "none"
        yield missing("zones", f"quorums of three need three zones; there are: {there}", "Add nodes in further zones", "CLUS-002")
    else:
        yield fine("zones", ", ".join(named))


def check_capacity(needs: Needs, cluster: Cluster) -> Iterator[Finding]:
    """The quotas of the platform fit beside what others ask for; the largest container fits a node."""
    usable = [node for node in cluster.objects("/api/v1/nodes") if _takes_pods(node)]
    if not usable:
        return
    names = {node["metadata"]["name"] for node in usable}
    offered = sum((_allocatable(node) for node in usable), start=Room())
    others = sum(
        (
            _requested(pod)
            for pod in cluster.objects("/api/v1/pods")
            if pod["spec"].get("nodeName") in names
            and pod["metadata"]["namespace"] not in needs.namespaces
            and pod["status"].get("phase") not in {"Succeeded", "Failed"}
        ),
        start=Room(),
    )
    lacks = [
        f"{show(wanted)} {what} of {show(free)}"
        for what, wanted, free, show in (
            ("cores", needs.room.cpu, offered.cpu - others.cpu, _cores),
            ("of memory", needs.room.memory, offered.memory - others.memory, _gib),
            ("pods", needs.room.pods, offered.pods - others.pods, str),
        )
        if wanted > free
    ]
    if lacks:
        problem = f"the quotas of the stack's namespaces ask for more than is free: {', '.join(lacks)}"
        yield missing("capacity", problem, "Add nodes, or lower replicas, sizes and the quotas of plinth:namespaces", "POD-005")
    else:
        yield fine("capacity", f"{_cores(needs.room.cpu)} cores and {_gib(needs.room.memory)} of memory fit")
    for what, wanted, most, show in (
        ("cores", needs.largest.cpu, max(_allocatable(node).cpu for node in usable), _cores),
        ("of memory", needs.largest.memory, max(_allocatable(node).memory for node in usable), _gib),
    ):
        if wanted > most:
            problem = f"one container asks for {show(wanted)} {what}, and the largest node has {show(most)}"
            yield missing("capacity", problem, "Take larger nodes, or lower that container's requests")


def _takes_pods(node: Object) -> bool:
    taints = node["spec"].get("taints") or ()
    return _is_ready(node) and not node["spec"].get("unschedulable") and not any(taint["effect"] in _CLOSING for taint in taints)


def _is_ready(node: Object) -> bool:
    return any(each["type"] == "Ready" and each["status"] == "True" for each in node["status"].get("conditions") or ())


def _allocatable(node: Object) -> Room:
    offered = node["status"].get("allocatable") or {}
    return Room(cpu=_quantity(offered.get("cpu")), memory=_quantity(offered.get("memory")), pods=_quantity(offered.get("pods")))


def _requested(pod: Object) -> Room:
    """What a pod asks for: its containers and sidecars together, or one of its init containers if that is more."""
    inits = pod["spec"].get("initContainers") or ()
    lasting = [*pod["spec"]["containers"], *(each for each in inits if each.get("restartPolicy") == "Always")]
    together = sum((_of_container(each) for each in lasting), start=Room())
    passing = [_of_container(each) for each in inits]
    return Room(
        cpu=max([together.cpu, *(each.cpu for each in passing)]),
        memory=max([together.memory, *(each.memory for each in passing)]),
        pods=Decimal(1),
    )


def _of_container(container: Object) -> Room:
    requests = (container.get("resources") or {}).get("requests") or {}
    return Room(cpu=_quantity(requests.get("cpu")), memory=_quantity(requests.get("memory")))


def _quantity(text: str | None) -> Decimal:
    return Decimal(0) if text is None else parse_quantity(text)


def _cores(amount: Decimal) -> str:
    return f"{max(amount, Decimal(0)):.1f}"


def _gib(amount: Decimal) -> str:
    return f"{max(amount, Decimal(0)) / 2**30:.1f}Gi"


def _count(nodes: Sequence[Object]) -> str:
    return f"{len(nodes)} node{'' if len(nodes) == 1 else 's'}"
