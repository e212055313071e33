"""What a compute size and a storage size mean: tier, connections, and when storage is low."""

from __future__ import annotations

from typing import Final

from components.database.limits import ConnectionLimits
from facts.flexible_server import CONNECTIONS, MOST_CONNECTIONS, RESERVED_CONNECTIONS, SKU

_BURSTABLE_GIB: Final = {"1ms": 2, "2s": 4}
_GIB_A_CORE: Final = {"D": 4, "E": 8}
_TIERS: Final = {"D": "GeneralPurpose", "E": "MemoryOptimized"}

# Azure makes a server read-only at 95 %, or earlier where 5 GiB are left (Azure Database for
# PostgreSQL, "Limits, Storage"). A tenth more is left to whoever is woken.
READ_ONLY_PERCENT: Final = 95
_LOW_PERCENT: Final = 94
_LOW_GIB: Final = 5.5
_USUAL_POOL: Final = 50


class SkuError(ValueError):
    """A compute size that is not known; settings have none."""


def tier_of(sku: str) -> str:
    """The tier of a compute size such as ``Standard_D2ds_v5``, as the API has it.

    Raises:
        SkuError: the size is not known.
    """
    return _TIERS.get(_parts(sku)["family"] or "", "Burstable")


def memory_gib(sku: str) -> int:
    """The memory of a compute size in GiB; of the largest, a little more than it has.

    Raises:
        SkuError: the size is not known.
    """
    found = _parts(sku)
    if found["burstable"]:
        size = found["burstable"].removeprefix("B")
        return _BURSTABLE_GIB.get(size) or 4 * int(size.removesuffix("ms"))
    return int(found["cores"]) * _GIB_A_CORE[found["family"]]


def connection_limits(sku: str) -> ConnectionLimits:
    """The connections that Azure gives a server of this size at first.

    Raises:
        SkuError: the size is not known.
    """
    return ConnectionLimits(most=CONNECTIONS.get(memory_gib(sku), MOST_CONNECTIONS), reserved=RESERVED_CONNECTIONS)


def low_storage_percent(storage_gib: int) -> int:
    """The share of storage that may be used before somebody has to act.

    It lies between what lets Azure grow the storage (80 % of small ones) and what stops all writing.
    """
    return min(_LOW_PERCENT, int(100 * (1 - _LOW_GIB / storage_gib)))


def pool_size(limits: ConnectionLimits, clients: int) -> int:
    """Connections of PgBouncer for each user of a database, so that all pools together stay below 90 % (PG-009)."""
    return min(_USUAL_POOL, limits.high // max(clients, 1))


def _parts(sku: str) -> dict[str, str]:
    found = SKU.fullmatch(sku)
    if not found:
        raise SkuError(f"SKU {sku!r}: not a size that servers in a network have, such as Standard_B2s or Standard_D2ds_v5")
    return found.groupdict()
