"""Promtool cases of the database alerts, for a cluster whose instances have 901 connections and 100 GiB."""

from __future__ import annotations

from typing import Final

from components.alerts import AlertGroup
from components.database.rds.alerts import alert_groups, pool_alert_group
from components.database.rds.pool import Pool
from components.database.rds.sizing import GIB, DatabaseLimits
from tests.alerts.cases import Case, fires, silent

INSTANCES: Final = ("plinth-production-instance-1", "plinth-production-instance-2", "plinth-production-instance-3")
IDENTIFIER, READER, OTHER_READER = INSTANCES
POOL: Final = Pool(name="plinth-production", max_connections=901, readable_standbys=True)
GROUPS: Final[tuple[AlertGroup, ...]] = (
    *alert_groups(INSTANCES, DatabaseLimits(max_connections=901, allocated_gib=100, grows=True)),
    pool_alert_group(POOL),
)


def series(metric: str, identifier: str = IDENTIFIER, pod: str = "cloudwatch-exporter-1") -> str:
    where = f'account_id="111122223333", region="eu-west-1", name="{identifier}", dimension_DBInstanceIdentifier="{identifier}"'
    return f'aws_rds_{metric}{{{where}, pod="{pod}"}}'


def pooled(state: str, role: str = "READ_WRITE", proxy: str = POOL.name) -> str:
    where = f'dimension_ProxyName="{proxy}", dimension_TargetGroup="default", dimension_TargetRole="{role}"'
    return f"aws_rds_database_connections_currently_{state}_sum{{{where}}}"


CONNECTIONS: Final = "database_connections_maximum"
LAG: Final = "replica_lag_maximum"
FREE: Final = "free_storage_space_minimum"
LABELS: Final = {"dimension_DBInstanceIdentifier": IDENTIFIER}
READER_LABELS: Final = {"dimension_DBInstanceIdentifier": READER}

CASES: Final[tuple[Case, ...]] = (
    fires("DatabaseConnectionsHigh", {series(CONNECTIONS): "811x20"}, "6m", LABELS),
    # The exporter's pod is replaced halfway: the waiting goes on.
    fires(
        "DatabaseConnectionsHigh", {series(CONNECTIONS): "811 811 811 stale", series(CONNECTIONS, pod="x-2"): "_ _ _ 811x20"}, "6m", LABELS
    ),
    silent("DatabaseConnectionsHigh", {series(CONNECTIONS): "810x20"}, "10m"),
    silent("DatabaseConnectionsHigh", {series(CONNECTIONS): "811x3 700 811x3 700x10"}, "10m"),
    silent("DatabaseConnectionsHigh", {series(CONNECTIONS, "somebody-elses"): "900x20"}, "10m"),
    fires("DBConnectionExhausted", {series(CONNECTIONS): "896x20"}, "2m", LABELS),
    silent("DBConnectionExhausted", {series(CONNECTIONS): "895x20"}, "10m"),
    fires("DatabaseStorageLow", {series(FREE): f"{10 * GIB - 1}x30"}, "16m", LABELS),
    silent("DatabaseStorageLow", {series(FREE): f"{10 * GIB}x30"}, "20m"),
    # RDS grows it after ten minutes.
    silent("DatabaseStorageLow", {series(FREE): f"{9 * GIB}x10 {20 * GIB}x20"}, "25m"),
    # One GiB every ten minutes leaves nothing of 60 GiB after ten hours.
    fires("DatabaseStorageFilling", {series(FREE): f"{60 * GIB}-{GIB}x50"}, "4h", LABELS, step="10m"),
    # One GiB an hour leaves 30 of 60 GiB after a day and six hours.
    silent("DatabaseStorageFilling", {series(FREE): f"{60 * GIB}-{GIB // 6}x80"}, "12h", step="10m"),
    fires(
        "DatabaseMetricsMissing",
        {series(CONNECTIONS): "5x30", series(CONNECTIONS, READER): "5x30", series(CONNECTIONS, "somebody-elses"): "5x30"},
        "16m",
        {"dimension_DBInstanceIdentifier": OTHER_READER},
    ),
    silent("DatabaseMetricsMissing", {series(CONNECTIONS, instance): "5x30" for instance in INSTANCES}, "20m"),
    fires("DatabaseReplicaLagHigh", {series(LAG, READER): "601x20", series(LAG, OTHER_READER): "1x20"}, "6m", READER_LABELS),
    # Where nobody writes RDS counts up to five minutes, then begins anew.
    silent("DatabaseReplicaLagHigh", {series(LAG, READER): "0+60x5 0+60x5 0+60x5"}, "12m"),
    silent("DatabaseReplicaLagHigh", {series(LAG, READER): "600x20"}, "10m"),
    silent("DatabaseReplicaLagHigh", {series(LAG, "somebody-elses"): "900x20"}, "10m"),
    fires("DatabasePoolExhausted", {pooled("borrowed"): "720x20"}, "6m", {"dimension_TargetRole": "READ_WRITE"}),
    silent("DatabasePoolExhausted", {pooled("borrowed"): "719x20"}, "10m"),
    # Two readers have a pool of 720 each.
    fires("DatabasePoolExhausted", {pooled("borrowed", "READ_ONLY"): "1440x20"}, "6m", {"dimension_TargetRole": "READ_ONLY"}),
    silent("DatabasePoolExhausted", {pooled("borrowed", "READ_ONLY"): "1439x20"}, "10m"),
    silent("DatabasePoolExhausted", {pooled("borrowed", proxy="somebody-elses"): "900x20"}, "10m"),
    fires("DatabasePoolPinned", {pooled("session_pinned"): "361x40"}, "31m", {"dimension_TargetRole": "READ_WRITE"}),
    silent("DatabasePoolPinned", {pooled("session_pinned"): "360x40"}, "35m"),
)
