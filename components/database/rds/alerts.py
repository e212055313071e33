"""Alerts about a database, and what the CloudWatch exporter has to ask for to feed them.

The exporter names a metric ``aws_rds_<metric>_<statistic>`` and its dimension
``dimension_DBInstanceIdentifier``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from components.alerts import AlertGroup
from components.database.alert_rules import (
    DatabaseFigures,
    StorageFigures,
    availability_alerts,
    connection_alerts,
    lag_alert,
    storage_alerts,
)
from components.database.rds.sizing import HIGH_LAG_SECONDS, DatabaseLimits
from components.observability.cloudwatch.exporter import CloudWatchJob, CloudWatchMetric

_DIMENSION: Final = "dimension_DBInstanceIdentifier"
_FREE_STORAGE: Final = "aws_rds_free_storage_space_minimum"
_LAG: Final = "aws_rds_replica_lag_maximum"


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
