"""The nodes of a stack, as the simulated cluster is given them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from rehearsal.errors import PreparationError
from rehearsal.machines import Machine, parse_machine

ZONE: Final = "topology.kubernetes.io/zone"
ONE_ZONE: Final = "zone"
"""Where nobody says in which zones nodes are."""
_GIVEN: Final = re.compile(r"(?P<count>[1-9]\d{0,2})x(?P<machine>.+)")


@dataclass(frozen=True, kw_only=True)
class NodePool:
    """Nodes of one kind, spread evenly over their zones.

    ``managed`` pools get new nodes where some are lost or too few, up to ``most``.
    """

    name: str
    machine: Machine
    zones: Sequence[str]
    least: int
    most: int
    managed: bool = True
    architecture: str = "amd64"
    labels: Mapping[str, str] = field(default_factory=dict)
    taints: Sequence[Mapping[str, str]] = ()


def parse_nodes(text: str, zones: Sequence[str]) -> NodePool:
    """A pool as a user describes it: ``3x4/16Gi``, as many nodes, each with what it leaves for pods.

    Raises:
        PreparationError: it is not written so.
    """
    found = _GIVEN.fullmatch(text)
    if found is None:
        raise PreparationError(f"{text!r} does not describe nodes; write their number, cores and memory, such as 3x4/16Gi")
    count = int(found["count"])
    return NodePool(name="nodes", machine=parse_machine(found["machine"]), zones=zones, least=count, most=count, managed=False)


def render_nodes(pool: NodePool, numbers: range) -> Iterator[dict[str, Any]]:
    """The Node objects of a pool with these numbers; consecutive ones are in different zones."""
    for number in numbers:
        name = f"{pool.name}-{number}"
        size = {"cpu": f"{int(pool.machine.cpu * 1000)}m", "memory": str(pool.machine.memory), "pods": str(pool.machine.pods)}
        size["ephemeral-storage"] = "64Gi"
        yield {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {
                "name": name,
                "annotations": {"kwok.x-k8s.io/node": "fake"},
                "labels": {
                    **pool.labels,
                    "kubernetes.io/hostname": name,
                    "kubernetes.io/os": "linux",
                    "kubernetes.io/arch": pool.architecture,
                    ZONE: pool.zones[number % len(pool.zones)],
                },
            },
            "spec": {"taints": list(pool.taints)},
            "status": {"allocatable": size, "capacity": size},
        }
