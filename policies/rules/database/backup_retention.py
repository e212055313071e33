"""PG-004: automated backups of PostgreSQL are on everywhere and kept long enough."""

from __future__ import annotations

from typing import Final

from policies.findings import Findings
from policies.model import Resource, Stack, rule
from policies.numeric import number
from policies.rules.database.kinds import AZURE_SERVER, RDS_CLUSTER, RDS_INSTANCE, is_postgres_primary
from policies.rules.database.tiers import about

PRODUCTION_DAYS: Final = 30
OTHER_DAYS: Final = 7
LONGEST_DAYS: Final = 35
"""What RDS and Azure take at most."""
_DEFAULT_DAYS: Final = {RDS_INSTANCE: 0, RDS_CLUSTER: 1, AZURE_SERVER: 7}


@rule("PG-004", "PG-007", "DR-002", on=(RDS_INSTANCE, RDS_CLUSTER, AZURE_SERVER))
def postgres_keeps_backups_long_enough(database: Resource, stack: Stack) -> Findings:
    """Thirty days in production, a week elsewhere; without any, nothing can be restored to a point in time (PG-007)."""
    if not is_postgres_primary(database):
        return
    if database.type == AZURE_SERVER:
        days = database.at("backup.backupRetentionDays")
    else:
        days = database["backupRetentionPeriod"].provided(database["engine"])
    default = _DEFAULT_DAYS[database.type]
    short = days.must_be_at_least(least_days(stack), too_short(stack), default=default)
    is_off = days.satisfies(lambda content: number(content) < 1, default=default)
    yield from about(short, database, "PG-004", *(["PG-007"] if is_off else []), enterprise=("DR-002",))
    if not short:
        long = days.must_be_at_most(LONGEST_DAYS, "the provider refuses to keep backups that long", default=default)
        yield from about(long, database, "PG-004")


def least_days(stack: Stack) -> int:
    """How many days of backups the tier of a stack needs."""
    return PRODUCTION_DAYS if stack.is_production else OTHER_DAYS


def too_short(stack: Stack) -> str:
    """What is wrong where they are kept for less."""
    return f"backups are not kept for the {least_days(stack)} days that {stack.tier} needs"
