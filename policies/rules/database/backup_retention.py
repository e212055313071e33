"""PG-004: automated backups of PostgreSQL are on everywhere and kept long enough."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.model import Facts, Finding, Resource, ResourceRule, violation
from policies.numeric import number
from policies.rules.database.kinds import AZURE_SERVER, RDS_CLUSTER, RDS_INSTANCE, is_postgres, is_replica

PRODUCTION_DAYS: Final = 30
OTHER_DAYS: Final = 7
LONGEST_DAYS: Final = 35
"""What RDS and Azure take at most."""
_DEFAULT_DAYS: Final = {RDS_INSTANCE: 0, RDS_CLUSTER: 1, AZURE_SERVER: 7}


def _check(database: Resource, facts: Facts) -> Iterator[Finding]:
    if not is_postgres(database) or is_replica(database):
        return
    days = database["backup"]["backupRetentionDays"] if database.type == AZURE_SERVER else database["backupRetentionPeriod"]
    default, least = _DEFAULT_DAYS[database.type], PRODUCTION_DAYS if facts.is_production else OTHER_DAYS
    if days.fails(lambda content: least <= number(default if content is None else content) <= LONGEST_DAYS):
        kept = "" if days.is_given else f" (the provider's default is {default})"
        problem = f"backups are not kept for the {least} days that {facts.tier} needs{kept}"
        yield violation(days, problem, f"Set {days.path} to {least} days or more, at most {LONGEST_DAYS}")


BACKUP_RETENTION: Final = ResourceRule(
    name="postgres-keeps-backups-long-enough", requirements=("PG-004",), types=(RDS_INSTANCE, RDS_CLUSTER, AZURE_SERVER), check=_check
)
