"""Takes a zone away, or a node where there is one zone, and lets the cluster find its feet again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rehearsal.api import Api
from rehearsal.nodes import ZONE
from rehearsal.state import QUORUM, State, Workload


def choose(state: State) -> tuple[str, Sequence[str]] | None:
    """What is taken away, ``zone`` or ``node``, and which nodes go: the zone, or the node, with most pods of what has a quorum."""
    zones = {node["metadata"]["name"]: node["metadata"]["labels"][ZONE] for node in state.nodes}
    if not zones:
        return None
    held = Counter(
        {
            name: sum(1 + 100 * _keeps_quorum(each) for each in state.workloads for pod in each.pods if pod["spec"].get("nodeName") == name)
            for name in zones
        }
    )
    if len(set(zones.values())) == 1:
        return "node", [max(sorted(zones), key=lambda name: held[name])]
    loads: Counter[str] = Counter()
    for name, zone in zones.items():
        loads[zone] += held[name]
    fullest = max(sorted(loads), key=lambda zone: loads[zone])
    return "zone", [name for name, zone in zones.items() if zone == fullest]


def take_away(api: Api, nodes: Sequence[str]) -> None:
    """Delete nodes and, at once, the pods that ran on them, as the cluster does once it has given them up."""
    for name in nodes:
        api.call("DELETE", f"/api/v1/nodes/{name}")
    for pod in api.items("v1", "pods"):
        if pod["spec"].get("nodeName") in nodes:
            metadata: Mapping[str, Any] = pod["metadata"]
            api.call("DELETE", f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}", gracePeriodSeconds="0")


def _keeps_quorum(workload: Workload) -> bool:
    return workload.kind == "StatefulSet" and workload.wanted >= QUORUM
