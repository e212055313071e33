"""What runs in a namespace needs of it.

Each component says it by a function ``footprint`` beside it; the quota is the sum.

A quota that knows only what runs on a quiet day refuses what operators do on the others. So the
shapes of workloads below include room for one rolling replacement, for expanding every volume to
twice its size, and for one restore.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from components.pods import Resources
from facts.quantity import format_quantity

EXPANSION: Final = 2
"""How many times its size a volume may be expanded to before the setting follows; the runbooks tell
of no more than that."""


@dataclass(frozen=True, kw_only=True)
class Footprint:
    """What pods and claims need together.

    Attributes:
        cpu: cores requested.
        memory: bytes requested.
        memory_limit: bytes at most.
        pods: how many.
        storage: bytes claimed.
        claims: how many.
    """

    cpu: Decimal = Decimal(0)
    memory: int = 0
    memory_limit: int = 0
    pods: int = 0
    storage: int = 0
    claims: int = 0

    def __add__(self, other: Footprint) -> Footprint:
        """Both together."""
        return Footprint(
            cpu=self.cpu + other.cpu,
            memory=self.memory + other.memory,
            memory_limit=self.memory_limit + other.memory_limit,
            pods=self.pods + other.pods,
            storage=self.storage + other.storage,
            claims=self.claims + other.claims,
        )

    def __mul__(self, count: int) -> Footprint:
        """``count`` of them."""
        return Footprint(
            cpu=self.cpu * count,
            memory=self.memory * count,
            memory_limit=self.memory_limit * count,
            pods=self.pods * count,
            storage=self.storage * count,
            claims=self.claims * count,
        )

    def hard(self) -> dict[str, str]:
        """``spec.hard`` of the ResourceQuota that holds just this (POD-005).

        There is no bound of CPU limits: what a pod does with idle CPU harms nobody, and a limit
        throttles it.
        """
        return {
            "requests.cpu": format_quantity(self.cpu),
            "requests.memory": format_quantity(self.memory),
            "limits.memory": format_quantity(self.memory_limit),
            "pods": str(self.pods),
            "requests.storage": format_quantity(self.storage),
            "persistentvolumeclaims": str(self.claims),
        }


NOTHING: Final = Footprint()
"""The start of a sum."""


def pod(*containers: Resources) -> Footprint:
    """One pod of these containers."""
    return Footprint(
        cpu=sum((each.cpu for each in containers), Decimal(0)),
        memory=sum(each.memory for each in containers),
        memory_limit=sum(each.most_memory for each in containers),
        pods=1,
    )


def deployment(each: Footprint, replicas: int = 1) -> Footprint:
    """Replicas without volumes, each with its successor: the old one counts until it is gone."""
    return each * (replicas * 2)


def stateful_set(each: Footprint, volume: int, replicas: int = 1) -> Footprint:
    """Replicas with a volume of ``volume`` bytes each, replaced one by one in their place.

    Beside them there is room for one pod with a volume that is restored from a snapshot, and for
    expanding all volumes.
    """
    return (each + Footprint(storage=volume * EXPANSION, claims=1)) * (replicas + 1)


def daemon_set(each: Footprint, nodes: int) -> Footprint:
    """A pod on each of at most ``nodes`` nodes, those included that an upgrade adds."""
    return each * nodes
