"""PG-004: CloudNativePG archives its write-ahead log, takes base backups and keeps both long enough."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from policies import cloudnative_pg
from policies.findings import Findings
from policies.model import Resource, Stack, stack_rule
from policies.namespaces import declared_namespace
from policies.rules.database.backup_retention import least_days, too_short
from policies.rules.database.kinds import is_replica
from policies.rules.database.tiers import about
from policies.values import UNKNOWN, Value

_POLICY: Final = re.compile(r"([1-9]\d{0,5})([dwm])")
_DAYS_OF_UNIT: Final = {"d": 1, "w": 7, "m": 30}
_NAMES: Final = "objects of one namespace are joined by their names; one that comes later is taken to be the one that is meant"


@stack_rule("PG-004", "PG-007", "DR-002", on=(cloudnative_pg.CLUSTER, cloudnative_pg.SCHEDULED_BACKUP, cloudnative_pg.OBJECT_STORE))
def cloudnative_pg_keeps_backups_long_enough(resources: Sequence[Resource], stack: Stack) -> Findings:
    """A write-ahead log that is archived, base backups by a schedule, and a store that keeps both long enough.

    A store without a retention policy keeps everything; one of another stack cannot be seen.
    """
    schedules, stores = (
        [each for each in resources if each.type == token] for token in (cloudnative_pg.SCHEDULED_BACKUP, cloudnative_pg.OBJECT_STORE)
    )
    for database in resources:
        if database.type != cloudnative_pg.CLUSTER or is_replica(database):
            continue
        backup, plugins = database.at("spec.backup"), database.at("spec.plugins")
        archivers = [each for each in plugins.each() if _archives(each)]
        in_tree = backup["barmanObjectStore"]
        if not (archivers or in_tree.is_present or plugins.is_unknown):
            cure = "Add the plugin barman-cloud.cloudnative-pg.io with isWALArchiver true and an ObjectStore"
            found = plugins.refuse("the write-ahead log is not archived: the database cannot be restored", cure)
            yield from about(found, database, "PG-004", "PG-007", enterprise=("DR-002",))
        elif not any(_takes_backups(each, database) for each in schedules):
            found = database.at("metadata.name").refuse("no ScheduledBackup backs the database up", "Add one that names it")
            yield from about(found, database, "PG-004", "PG-007", enterprise=("DR-002",))
        policies = [backup["retentionPolicy"]] if in_tree.is_present else []
        policies += [each.at("spec.retentionPolicy") for each in stores if any(_is_store_of(each, it, database) for it in archivers)]
        for policy in policies:
            yield from about(_check_policy(policy, stack), database, "PG-004", enterprise=("DR-002",))


def _check_policy(policy: Value, stack: Stack) -> Findings:
    least = least_days(stack)
    return policy.must_satisfy(
        lambda text: text is None or _days(text) >= least, too_short(stack), f'Set {policy.path} to "{least}d" or more'
    )


def _archives(plugin: Value) -> bool:
    return plugin["isWALArchiver"].may_equal(expected=True) and plugin["enabled"].may_equal(expected=True, default=True)


def _takes_backups(schedule: Resource, database: Resource) -> bool:
    return (
        declared_namespace(schedule) == declared_namespace(database)
        and _may_name(schedule.at("spec.cluster.name"), database)
        and schedule.at("spec.suspend").may_satisfy(lambda suspended: not suspended)
    )


def _is_store_of(store: Resource, archiver: Value, database: Resource) -> bool:
    return declared_namespace(store) == declared_namespace(database) and _may_name(archiver.at("parameters.barmanObjectName"), store)


def _may_name(place: Value, named: Resource) -> bool:
    name = named.at("metadata.name").peek(_NAMES)
    return name is UNKNOWN or place.may_equal(name)


def _days(policy: Any) -> int:
    """How long a retention policy such as ``30d`` or ``4w`` keeps backups; none at all where it cannot be read."""
    match = _POLICY.fullmatch(str(policy))
    return int(match[1]) * _DAYS_OF_UNIT[match[2]] if match else 0
