"""PG-011: a production database does not run on the smallest machines, whose CPU is lent."""

from __future__ import annotations

from typing import Any, Final

from policies.findings import Findings
from policies.model import Resource, Stack, rule
from policies.rules.database.kinds import AZURE_SERVER, RDS_CLUSTER_INSTANCE, RDS_INSTANCE, is_postgres
from policies.values import Value

_SMALLEST: Final = frozenset(f"db.{family}.{size}" for family in ("t2", "t3", "t4g") for size in ("micro", "small"))


@rule("PG-011", on=(RDS_INSTANCE, RDS_CLUSTER_INSTANCE))
def rds_class_is_not_the_smallest(database: Resource, _: Stack) -> Findings:
    """A replica, too: it may have to take over."""
    if not is_postgres(database):
        return ()
    size = database["instanceClass"].provided(database["engine"])
    return size.must_satisfy(
        lambda name: str(name).lower() not in _SMALLEST,
        "production has the smallest class, whose credits and connections run out under load",
        f'Set {size.path} to one with cores of its own, such as "db.m7g.large"',
    )


@rule("PG-011", on=AZURE_SERVER)
def azure_tier_is_not_burstable(server: Resource, _: Stack) -> Findings:
    """Azure offers neither zone-redundant high availability nor its own PgBouncer there."""
    return _tier(server).must_satisfy(
        lambda name: not _names_burstable(name),
        "production runs on a burstable tier, which has no standby in another zone",
        'Set sku.tier to "GeneralPurpose" or "MemoryOptimized", and a sku.name of it',
    )


def is_burstable(server: Resource) -> bool:
    """Whether a server of Azure has, or may have (noted), a burstable tier."""
    return _tier(server).may_satisfy(_names_burstable)


def _tier(server: Resource) -> Value:
    tier = server.at("sku.tier")
    return tier if tier.is_present else server.at("sku.name")


def _names_burstable(name: Any) -> bool:
    """Whether this is the tier ``Burstable``, or a size of its series, such as ``Standard_B2s``."""
    text = str(name).lower()
    return text == "burstable" or text.startswith(("standard_b", "b_"))
