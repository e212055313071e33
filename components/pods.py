"""What pods are made of, as Kubernetes and charts have it: resources, security contexts, spread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from facts.quantity import format_quantity, parse_quantity

ZONE: Final = "topology.kubernetes.io/zone"
HOST: Final = "kubernetes.io/hostname"

RESTRICTED_CONTAINER: Final[Mapping[str, Any]] = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}
"""The ``securityContext`` of a container that meets the standard ``restricted`` and writes to
volumes alone (POD-001)."""


@dataclass(frozen=True, kw_only=True)
class Resources:
    """What a container asks for and what it may use at most: cores, and bytes of memory.

    Without ``cpu_limit`` it may use what is idle; without ``memory_limit`` the limit equals the
    request (POD-004).
    """

    cpu: Decimal
    memory: int
    cpu_limit: Decimal | None = None
    memory_limit: int | None = None

    @property
    def most_memory(self) -> int:
        """Bytes above which the kernel ends it."""
        return self.memory if self.memory_limit is None else self.memory_limit

    def render(self) -> dict[str, Any]:
        """``resources`` of a container."""
        cpu_limit = {} if self.cpu_limit is None else {"cpu": format_quantity(self.cpu_limit)}
        return {
            "requests": {"cpu": format_quantity(self.cpu), "memory": format_quantity(self.memory)},
            "limits": {**cpu_limit, "memory": format_quantity(self.most_memory)},
        }


def parse_resources(cpu: str, memory: str, *, cpu_limit: str | None = None, memory_limit: str | None = None) -> Resources:
    """Resources from Kubernetes quantities."""
    return Resources(
        cpu=parse_quantity(cpu),
        memory=int(parse_quantity(memory)),
        cpu_limit=None if cpu_limit is None else parse_quantity(cpu_limit),
        memory_limit=None if memory_limit is None else int(parse_quantity(memory_limit)),
    )


def restricted_pod(user: int, *, writes_volumes: bool = False) -> dict[str, Any]:
    """The ``securityContext`` of a pod that meets the standard ``restricted``.

    Volumes belong to its group where it ``writes_volumes``.
    """
    # A volume of hundreds of gigabytes is not walked at each start.
    volumes = {"fsGroup": user, "fsGroupChangePolicy": "OnRootMismatch"} if writes_volumes else {}
    return {
        "runAsNonRoot": True,
        "runAsUser": user,
        "runAsGroup": user,
        **volumes,
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def spread_over(topology: str, pods: Mapping[str, str], *, required: bool = False) -> dict[str, Any]:
    """One of ``topologySpreadConstraints``.

    The numbers of pods with these labels differ by one at most between places of ``topology``.
    Where it is ``required`` a pod rather waits than breaks it.
    """
    return {
        "maxSkew": 1,
        "topologyKey": topology,
        "whenUnsatisfiable": "DoNotSchedule" if required else "ScheduleAnyway",
        "labelSelector": {"matchLabels": dict(pods)},
    }


def keep_apart(pods: Mapping[str, str]) -> dict[str, Any]:
    """The ``affinity`` of pods of which no two may share a node."""
    same = {"labelSelector": {"matchLabels": dict(pods)}, "topologyKey": HOST}
    return {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [same]}}
