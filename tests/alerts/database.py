"""Promtool cases of the database alerts, for a database of 901 connections and 100 GiB with one replica."""

from __future__ import annotations

from typing import Final

from components.alerts import AlertGroup
from components.database.rds.alerts import alert_groups
from components.database.rds.sizing import GIB, DatabaseInstance, DatabaseLimits
from tests.alerts.cases import Case, fires, silent

PRIMARY: Final = DatabaseInstance(identifier="plinth-production", role="primary")
REPLICA: Final = DatabaseInstance(identifier="plinth-production-replica-1", role="replica-1")
GROUPS: Final[tuple[AlertGroup, ...]] = tuple(alert_groups([PRIMARY, REPLICA], DatabaseLimits(max_connections=901, allocated_gib=100)))


def series(metric: str, identifier: str = PRIMARY.identifier, pod: str = "cloudwatch-exporter-1") -> str:
    where = f'account_id="111122223333", region="eu-west-1", name="{identifier}", dimension_DBInstanceIdentifier="{identifier}"'
    return f'aws_rds_{metric}{{{where}, pod="{pod}"}}'


CONNECTIONS: Final = "database_connections_maximum"
FREE: Final = "free_storage_space_minimum"
LABELS: Final = {"dimension_DBInstanceIdentifier": PRIMARY.identifier}
REPLICA_LABELS: Final = {"dimension_DBInstanceIdentifier": REPLICA.identifier}

CASES: Final[tuple[Case, ...]] = (
    fires("DatabaseConnectionsHigh", {series(CONNECTIONS): "811x20"}, "6m", LABELS),
    # The exporter's pod is replaced halfway: the waiting goes on.
    fires(
        "DatabaseConnectionsHigh", {series(CONNECTIONS): "811 811 811 stale", series(CONNECTIONS, pod="x-2"): "_ _ _ 811x20"}, "6m", LABELS
    ),
    silent("DatabaseConnectionsHigh", {series(CONNECTIONS): "810x20"}, "10m"),
    silent("DatabaseConnectionsHigh", {series(CONNECTIONS): "811x3 700 811x3 700x10"}, "10m"),
    silent("DatabaseConnectionsHigh", {series(CONNECTIONS, "somebody-elses"): "900x20"}, "10m"),
    fires("DBConnectionExhausted", {series(CONNECTIONS, REPLICA.identifier): "896x20"}, "2m", REPLICA_LABELS),
    silent("DBConnectionExhausted", {series(CONNECTIONS): "895x20"}, "10m"),
    fires("DatabaseStorageLow", {series(FREE): f"{10 * GIB - 1}x30"}, "16m", LABELS),
    silent("DatabaseStorageLow", {series(FREE): f"{10 * GIB}x30"}, "20m"),
    # RDS grows it after ten minutes.
    silent("DatabaseStorageLow", {series(FREE): f"{9 * GIB}x10 {20 * GIB}x20"}, "25m"),
    # One GiB every ten minutes leaves nothing of 60 GiB after ten hours.
    fires("DatabaseStorageFilling", {series(FREE): f"{60 * GIB}-{GIB}x50"}, "4h", LABELS, step="10m"),
    # One GiB an hour leaves 30 of 60 GiB after a day and six hours.
    silent("DatabaseStorageFilling", {series(FREE): f"{60 * GIB}-{GIB // 6}x80"}, "12h", step="10m"),
    fires("DatabaseReplicaLag", {series("replica_lag_maximum", REPLICA.identifier): "61x20"}, "6m", REPLICA_LABELS),
    silent("DatabaseReplicaLag", {series("replica_lag_maximum", REPLICA.identifier): "60x20"}, "10m"),
    fires("DatabaseMetricsMissing", {series(CONNECTIONS): "5x30"}, "16m", REPLICA_LABELS),
    silent("DatabaseMetricsMissing", {series(CONNECTIONS): "5x30", series(CONNECTIONS, REPLICA.identifier): "5x30"}, "20m"),
)
