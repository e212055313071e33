"""Alerts about a database, and what the CloudWatch exporter has to ask for to feed them.

The exporter names a metric ``aws_rds_<metric>_<statistic>`` and its dimension
``dimension_DBInstanceIdentifier``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from components.alerts import Alert, AlertGroup, Severity
from components.database.alert_rules import (
    DatabaseFigures,
    StorageFigures,
    availability_alerts,
    connection_alerts,
    lag_alert,
    storage_alerts,
)
from components.database.rds.pool import BORROW_SECONDS, Pool, ProxyRole
from components.database.rds.sizing import HIGH_LAG_SECONDS, DatabaseLimits
from components.observability.cloudwatch.exporter import CloudWatchJob, CloudWatchMetric

_DIMENSION: Final = "dimension_DBInstanceIdentifier"
_FREE_STORAGE: Final = "aws_rds_free_storage_space_minimum"
_LAG: Final = "aws_rds_replica_lag_maximum"
_BORROWED: Final = "DatabaseConnectionsCurrentlyBorrowed"
_PINNED: Final = "DatabaseConnectionsCurrentlySessionPinned"
_TARGET_ROLE: Final = "dimension_TargetRole"


def cloudwatch_jobs(instances: Sequence[str]) -> Sequence[CloudWatchJob]:
    """What the exporter has to fetch for the alerts of ``instances``; several are those of a cluster."""
    metrics = (
        CloudWatchMetric(name="DatabaseConnections", statistic="Maximum"),
        CloudWatchMetric(name="FreeStorageSpace", statistic="Minimum"),
        *([CloudWatchMetric(name="ReplicaLag", statistic="Maximum")] if len(instances) > 1 else []),
    )
    return [
        CloudWatchJob(name=instance, namespace="AWS/RDS", dimensions={"DBInstanceIdentifier": instance}, metrics=metrics)
        for instance in instances
    ]


def alert_groups(instances: Sequence[str], limits: DatabaseLimits) -> Sequence[AlertGroup]:
    """The alerts of ``instances``; several are those of a cluster."""
    figures = DatabaseFigures(
        source="CloudWatch", label=_DIMENSION, instances=instances, connections="aws_rds_database_connections_maximum"
    )
    storage = StorageFigures(
        series=_FREE_STORAGE,
        worst="min",
        low=f"< {limits.low_storage_bytes}",
        full="< 0",
        shown="{{ $value | humanize1024 }}B free",
        grows=limits.grows,
    )
    groups = [connection_alerts(figures, limits.connections), storage_alerts(figures, storage), availability_alerts(figures)]
    if len(instances) > 1:
        groups.append(AlertGroup(name="database-replication", alerts=[lag_alert(figures, _LAG, most_seconds=HIGH_LAG_SECONDS)]))
    return groups


def pool_jobs(pool: Pool) -> Sequence[CloudWatchJob]:
    """What the exporter has to fetch for the alerts of a pool."""
    metrics = tuple(CloudWatchMetric(name=name, statistic="Sum") for name in (_BORROWED, _PINNED))
    return [
        CloudWatchJob(name=f"{pool.name}-{role}", namespace="AWS/RDS", dimensions=pool.dimensions(role), metrics=metrics)
        for role in pool.roles
    ]


def pool_alert_group(pool: Pool) -> AlertGroup:
    """The alerts of a pool, by what it leads to."""
    used = [f"{_series('borrowed', pool, role)} >= {most}" for role, most in pool.roles.items()]
    pinned = [f"{_series('session_pinned', pool, role)} > {most // 2}" for role, most in pool.roles.items()]
    where = f"the connections of the pool {pool.name} ({{{{ $labels.{_TARGET_ROLE} }}}})"
    return AlertGroup(
        name="database-pool",
        alerts=(
            Alert(
                name="DatabasePoolExhausted",
                expr=" or ".join(used),
                wait="5m",
                severity=Severity.P2,
                summary=f"Clients of the pool {pool.name} wait for a connection",
                description=f"All {{{{ $value }}}} of {where} are in use; whoever waits for {BORROW_SECONDS} seconds is refused.",
                runbook="database-connections-high",
            ),
            Alert(
                name="DatabasePoolPinned",
                expr=" or ".join(pinned),
                wait="30m",
                severity=Severity.P3,
                summary=f"Sessions hold more than half of the pool {pool.name}",
                description=f"{{{{ $value }}}} of {where} serve one client alone until it disconnects: little is shared.",
                runbook="database-pooling",
            ),
        ),
    )


def _series(state: str, pool: Pool, role: ProxyRole) -> str:
    where = f'dimension_ProxyName="{pool.name}", {_TARGET_ROLE}="{role}"'
    return f"max by ({_TARGET_ROLE}) (aws_rds_database_connections_currently_{state}_sum{{{where}}})"
