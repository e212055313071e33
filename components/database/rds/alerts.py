"""Alerts about a database, and what the CloudWatch exporter has to ask for to feed them.

The exporter names a metric ``aws_rds_<metric>_<statistic>`` and its dimension
``dimension_DBInstanceIdentifier``. Its pod is a label too, which the aggregations drop: a restart
of the exporter must not begin an alert's waiting anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from components.alerts import Alert, AlertGroup, Severity
from components.database.rds.sizing import HIGH_LAG_SECONDS, DatabaseLimits
from components.observability.cloudwatch.exporter import CloudWatchJob, CloudWatchMetric

_DIMENSION: Final = "dimension_DBInstanceIdentifier"
_INSTANCE: Final = f"{{{{ $labels.{_DIMENSION} }}}}"
_CONNECTIONS: Final = "aws_rds_database_connections_maximum"
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
    mine = f'{{{_DIMENSION}=~"{"|".join(instances)}"}}'
    groups = [
        AlertGroup(name="database-connections", alerts=_connection_alerts(mine, limits)),
        AlertGroup(name="database-storage", alerts=_storage_alerts(mine, limits)),
        AlertGroup(name="database-availability", alerts=[_missing_alert(instances)]),
    ]
    if len(instances) > 1:
        groups.append(AlertGroup(name="database-replication", alerts=[_lag_alert(mine)]))
    return groups


def _missing_alert(instances: Sequence[str]) -> Alert:
    return Alert(
        name="DatabaseMetricsMissing",
        expr=" or ".join(f'absent({_CONNECTIONS}{{{_DIMENSION}="{instance}"}})' for instance in instances),
        wait="15m",
        severity=Severity.P2,
        summary=f"CloudWatch says nothing about {_INSTANCE}",
        description=f"Either {_INSTANCE} does not run or the CloudWatch exporter gets no answer; the other database alerts are blind.",
        runbook="database-metrics-missing",
    )


def _lag_alert(mine: str) -> Alert:
    return Alert(
        name="DatabaseReplicaLagHigh",
        expr=f"max by ({_DIMENSION}) ({_LAG}{mine}) > {HIGH_LAG_SECONDS}",
        wait="5m",
        severity=Severity.P2,
        summary=f"{_INSTANCE} answers with old data",
        description=f"What is read from {_INSTANCE} is {{{{ $value | humanizeDuration }}}} old.",
        runbook="database-replica-lag",
    )


def _connection_alerts(mine: str, limits: DatabaseLimits) -> Sequence[Alert]:
    share = f"{{{{ $value }}}} of {limits.max_connections} connections"
    return (
        Alert(
            name="DatabaseConnectionsHigh",
            expr=f"max by ({_DIMENSION}) ({_CONNECTIONS}{mine}) > {limits.high_connections}",
            wait="5m",
            severity=Severity.P2,
            summary=f"{_INSTANCE} uses more than 90 % of its connections",
            description=f"{_INSTANCE} uses {share}; at {limits.last_connections} applications are refused.",
            runbook="database-connections-high",
        ),
        # Name, severity and runbook are those of ALERT-007.
        Alert(
            name="DBConnectionExhausted",
            expr=f"max by ({_DIMENSION}) ({_CONNECTIONS}{mine}) >= {limits.last_connections}",
            wait="1m",
            severity=Severity.P1,
            summary=f"{_INSTANCE} refuses connections",
            description=f"{_INSTANCE} uses {share}; the last {limits.max_connections - limits.last_connections} are reserved.",
            runbook="database-runbook",
        ),
    )


def _storage_alerts(mine: str, limits: DatabaseLimits) -> Sequence[Alert]:
    free = "{{ $value | humanize1024 }}B"
    grows = "has not grown by itself" if limits.grows else "does not grow by itself"
    return (
        Alert(
            name="DatabaseStorageLow",
            expr=f"min by ({_DIMENSION}) ({_FREE_STORAGE}{mine}) < {limits.low_storage_bytes}",
            wait="15m",
            severity=Severity.P1,
            summary=f"{_INSTANCE} runs out of storage",
            description=f"{_INSTANCE} has {free} free and {grows}: a full database stops.",
            runbook="database-storage-low",
        ),
        Alert(
            name="DatabaseStorageFilling",
            expr=f"min by ({_DIMENSION}) (predict_linear({_FREE_STORAGE}{mine}[6h], 24 * 3600)) < 0",
            wait="1h",
            severity=Severity.P3 if limits.grows else Severity.P2,
            summary=f"{_INSTANCE} will be full within a day",
            description=(
                f"At the pace of the last six hours {_INSTANCE} lacks space in 24 hours ({free} then)"
                + (", unless it grows by itself." if limits.grows else "; it does not grow by itself.")
            ),
            runbook="database-storage-low",
        ),
    )
