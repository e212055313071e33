"""What an instance class and a storage size mean in numbers: memory, connections, low storage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from components.database.limits import ConnectionLimits
from facts.aws import INSTANCE_CLASS

GIB: Final = 1024**3

# Amazon RDS, "Hardware specifications for DB instance classes": memory in GiB of the size "large";
# larger sizes are its multiples.
_LARGE_GIB: Final = {"t": 8, "m": 8, "r": 16}
_BURSTABLE_GIB: Final = {"micro": 1, "small": 2, "medium": 4}

_BYTES_A_CONNECTION: Final = 9_531_392
_MOST_CONNECTIONS: Final = 5000
_LOW_STORAGE_SHARE: Final = 0.1
RESERVED_CONNECTIONS: Final = 5
"""``superuser_reserved_connections`` (3) and ``rds.rds_superuser_reserved_connections`` (2)."""
HIGH_LAG_SECONDS: Final = 600
"""A standby further behind than this is no longer of use to readers.

Where nobody writes, RDS reports up to five minutes (RDS user guide, "Working with read replicas for
Amazon RDS for PostgreSQL").
"""


class InstanceClassError(ValueError):
    """An instance class whose memory is not known; settings have none."""


def memory_bytes(instance_class: str) -> int:
    """The memory of an instance class such as ``db.m7g.large``.

    Raises:
        InstanceClassError: not a class of the families t, m and r.
    """
    found = INSTANCE_CLASS.fullmatch(instance_class)
    if not found:
        raise InstanceClassError(f"instance class {instance_class!r}: not of the families t, m or r, such as db.t4g.small or db.m7g.large")
    if found["burstable"]:
        return _BURSTABLE_GIB[found["burstable"]] * GIB
    factor = found["size"].removesuffix("large")
    multiple = 1 if not factor else 2 * int(factor.removesuffix("x") or 1)
    return _LARGE_GIB[found["family"]] * multiple * GIB


def max_connections(instance_class: str) -> int:
    """How many connections an instance accepts, by RDS' own formula over the whole memory.

    It is ``LEAST({DBInstanceClassMemory/9531392}, 5000)``.

    Raises:
        InstanceClassError: the class is not known.
    """
    return min(memory_bytes(instance_class) // _BYTES_A_CONNECTION, _MOST_CONNECTIONS)


@dataclass(frozen=True, kw_only=True)
class DatabaseLimits:
    """What alarms and alerts compare with.

    Attributes:
        max_connections: of each instance.
        allocated_gib: the storage to begin with, in GiB.
        grows: whether RDS grows the storage by itself.
    """

    max_connections: int
    allocated_gib: int
    grows: bool

    @property
    def connections(self) -> ConnectionLimits:
        """Those of each instance."""
        return ConnectionLimits(most=self.max_connections, reserved=RESERVED_CONNECTIONS)

    @property
    def low_storage_bytes(self) -> int:
        """Free space below which growing has failed, has met its limit or has to be done by hand.

        Where RDS grows storage by itself, it does so after five minutes below 10 %.
        """
        return int(self.allocated_gib * GIB * _LOW_STORAGE_SHARE)
