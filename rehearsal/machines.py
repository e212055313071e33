"""What a machine type leaves for pods.

Sizes follow the families' own names (Amazon EC2 instance types; Azure, "Sizes for virtual machines"),
what kubelets keep for themselves the clouds' own formulas (bootstrap of the EKS optimised images;
AKS, "Node resource reservations").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from facts.quantity import parse_quantity
from rehearsal.errors import PreparationError

MIB: Final = 2**20
GIB: Final = 2**30

_EC2: Final = re.compile(r"(?P<family>[cmrt])\d+[a-z]*(?:-flex)?\.(?P<size>micro|small|medium|large|(?P<times>\d*)xlarge)")
_EC2_GIB_A_CORE: Final = {"c": 2, "m": 4, "r": 8, "t": 4}
_BURSTABLE_GIB: Final = {"micro": 1, "small": 2, "medium": 4, "large": 8}
_AZURE: Final = re.compile(r"Standard_(?P<family>[BDEF])[A-Z]*(?P<cores>\d+)(?P<features>[a-z]*)(?:_v\d+)?")
_AZURE_GIB_A_CORE: Final = {"B": 4, "D": 4, "E": 8, "F": 2}
_GIVEN: Final = re.compile(r"(?P<cpu>[^/]+)/(?P<memory>[^/]+)")

# What firmware and kernel keep, as is seen in the capacity of nodes.
_USABLE: Final = Decimal("0.97")
_EVICTION: Final = 100 * MIB
# What the cloud's own daemon sets ask for on each node (network, volumes, identity), rounded up.
_DAEMONS_CPU: Final = Decimal("0.25")
_DAEMONS_MEMORY: Final = 400 * MIB
_DAEMONS: Final = 6
_PODS_ON_EC2: Final = {"micro": 4, "small": 11, "medium": 17, "large": 29, "xlarge": 58, "2xlarge": 58}
"""By size, the pods of a node without a larger number in its settings (EKS, "Maximum Pods per instance type")."""
_PODS_OF_A_LARGE_NODE: Final = 234
_PODS_ON_AKS: Final = 110


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What pods may ask for on one node: cores, bytes, and how many pods there may be."""

    cpu: Decimal
    memory: int
    pods: int


def parse_machine(text: str) -> Machine:
    """A machine by what it leaves for pods, such as ``4/16Gi``; as many pods as kubelets allow by default.

    Raises:
        PreparationError: it is not written so.
    """
    found = _GIVEN.fullmatch(text)
    try:
        if found is not None:
            return Machine(cpu=parse_quantity(found["cpu"]), memory=int(parse_quantity(found["memory"])), pods=110)
    except ValueError:
        pass
    raise PreparationError(f"{text!r} is not the size of a machine; write cores and memory that pods may ask for, such as 4/16Gi")


def machine_of(name: str, known: Mapping[str, Machine], *, pods: int = _PODS_ON_AKS) -> Machine:
    """The machine of a type; ``known`` are those that the user has described, ``pods`` what the settings of an AKS pool allow.

    Raises:
        PreparationError: its size is not known.
    """
    if name in known:
        return known[name]
    if found := _EC2.fullmatch(name):
        return _on_ec2(found)
    if found := _AZURE.fullmatch(name):
        cores = int(found["cores"])
        return _on_aks(cores, cores * _AZURE_GIB_A_CORE[found["family"]] * GIB // (2 if "l" in found["features"] else 1), pods)
    raise PreparationError(f"the size of {name} is not known; say what it leaves for pods, such as --machine {name}=4/16Gi")


def _on_ec2(found: re.Match[str]) -> Machine:
    cores = 2 if found["times"] is None else 4 * int(found["times"] or 1)
    if found["family"] == "t" and found["times"] is None:
        memory = _BURSTABLE_GIB[found["size"]] * GIB
    else:
        memory = cores * _EC2_GIB_A_CORE[found["family"]] * GIB
    pods = _PODS_ON_EC2.get(found["size"], _PODS_OF_A_LARGE_NODE)
    kept = _staggered(cores, (Decimal("0.06"), Decimal("0.01"), Decimal("0.005"), Decimal("0.0025")))
    return _left(cores, memory, pods, cpu_kept=kept, memory_kept=(255 + 11 * pods) * MIB + _EVICTION)


def _on_aks(cores: int, memory: int, pods: int) -> Machine:
    kept = _staggered(cores, (Decimal("0.06"), Decimal("0.04"), Decimal("0.02"), Decimal("0.01")))
    reserved = min((20 * pods + 50) * MIB, memory // 4)
    return _left(cores, memory, pods, cpu_kept=kept, memory_kept=reserved + _EVICTION)


def _staggered(cores: int, shares: tuple[Decimal, Decimal, Decimal, Decimal]) -> Decimal:
    """The cores that kubelets keep: shares of the first, the second, the third and fourth, and of each further one."""
    first, second, next_two, further = shares
    return first + (cores > 1) * second + min(max(cores - 2, 0), 2) * next_two + max(cores - 4, 0) * further


def _left(cores: int, memory: int, pods: int, *, cpu_kept: Decimal, memory_kept: int) -> Machine:
    return Machine(
        cpu=Decimal(cores) - cpu_kept - _DAEMONS_CPU,
        memory=int(memory * _USABLE) - memory_kept - _DAEMONS_MEMORY,
        pods=pods - _DAEMONS,
    )
