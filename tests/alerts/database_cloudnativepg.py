"""Promtool cases of the alerts of a database in the cluster: three instances of 400 connections and 100 GiB."""

from __future__ import annotations

from typing import Final

from components.alerts import AlertGroup
from components.database.cloudnativepg.alerts import alert_groups
from components.models.scalars import GIB
from tests.alerts.cases import Case, fires, silent
from tests.components.database.cloudnativepg.examples import ARGS

GROUPS: Final[tuple[AlertGroup, ...]] = tuple(alert_groups(ARGS))
FAILED: Final = "cnpg_pg_stat_archiver_last_failed_time"
ARCHIVED: Final = "cnpg_pg_stat_archiver_last_archived_time"
BACKUP: Final = "barman_cloud_cloudnative_pg_io_last_available_backup_timestamp"
STANDBYS: Final = "cnpg_pg_replication_streaming_replicas"
WAITING: Final = "cnpg_pgbouncer_pools_cl_waiting"
LAG: Final = "cnpg_pg_replication_lag"
DATABASE: Final = {"namespace": "database"}


def backends(state: str, pod: str = "postgres-1", namespace: str = "database") -> str:
    return f'cnpg_backends_total{{namespace="{namespace}", pod="{pod}", usename="orders_app", state="{state}"}}'


def series(metric: str, pod: str = "postgres-1", namespace: str = "database") -> str:
    return f'{metric}{{namespace="{namespace}", pod="{pod}"}}'


def free(claim: str, namespace: str = "database") -> str:
    return f'kubelet_volume_stats_available_bytes{{namespace="{namespace}", persistentvolumeclaim="{claim}", node="a"}}'


def ready(pod: str, namespace: str = "database", value: str = "ready") -> str:
    return f'cnpg_collector_pg_wal_archive_status{{namespace="{namespace}", pod="{pod}", value="{value}"}}'


CASES: Final[tuple[Case, ...]] = (
    fires("DatabaseConnectionsHigh", {backends("active"): "161x20", backends("idle"): "200x20"}, "6m", {"pod": "postgres-1"}),
    silent("DatabaseConnectionsHigh", {backends("active"): "160x20", backends("idle"): "200x20"}, "10m"),
    # Each instance has its own limit.
    silent("DatabaseConnectionsHigh", {backends("active"): "200x20", backends("active", "postgres-2"): "200x20"}, "10m"),
    # Somebody else's database may be called like ours.
    silent("DatabaseConnectionsHigh", {backends("active", namespace="shop"): "399x20"}, "10m"),
    fires("DBConnectionExhausted", {backends("active"): "397x20"}, "2m", {"pod": "postgres-1"}),
    silent("DBConnectionExhausted", {backends("active"): "396x20"}, "10m"),
    fires("DatabaseStorageLow", {free("postgres-2"): f"{10 * GIB - 1}x30"}, "16m", {"persistentvolumeclaim": "postgres-2"}),
    silent("DatabaseStorageLow", {free("postgres-2"): f"{10 * GIB}x30", free("postgres-2", "shop"): "1x30"}, "20m"),
    fires(
        "DatabaseStorageFilling", {free("postgres-1"): f"{60 * GIB}-{GIB}x50"}, "4h", {"persistentvolumeclaim": "postgres-1"}, step="10m"
    ),
    silent("DatabaseStorageFilling", {free("postgres-1"): f"{60 * GIB}-{GIB // 6}x80"}, "12h", step="10m"),
    fires(
        "DatabaseMetricsMissing",
        {backends("active"): "1x30", backends("active", "postgres-3"): "1x30", backends("active", "postgres-2", "shop"): "1x30"},
        "16m",
        {"namespace": "database", "pod": "postgres-2"},
    ),
    silent("DatabaseMetricsMissing", {backends("active", f"postgres-{number}"): "1x30" for number in (1, 2, 3)}, "20m"),
    fires("DatabaseArchivingFailing", {series(FAILED): "200x30", series(ARCHIVED): "100x30"}, "16m", DATABASE),
    # It failed once and has gone on since.
    silent("DatabaseArchivingFailing", {series(FAILED): "200x30", series(ARCHIVED): "100 100 300x28"}, "20m"),
    # It has never failed.
    silent("DatabaseArchivingFailing", {series(FAILED): "-1x30", series(ARCHIVED): "100x30"}, "20m"),
    # A former primary still tells of a failure that its successor has got over.
    silent(
        "DatabaseArchivingFailing",
        {series(FAILED): "200x30", series(ARCHIVED): "100x30", series(ARCHIVED, "postgres-2"): "300x30"},
        "20m",
    ),
    fires("DatabaseArchivingBehind", {ready("postgres-1"): "21x30", ready("postgres-2"): "0x30"}, "16m", DATABASE),
    # A burst that is through in time, and somebody else's.
    silent("DatabaseArchivingBehind", {ready("postgres-1"): "400x10 20x20", ready("postgres-1", "shop"): "400x30"}, "25m"),
    silent("DatabaseArchivingBehind", {ready("postgres-1", value="done"): "400x30"}, "20m"),
    fires(
        "DatabaseChangesFilling",
        {free("postgres-1-wal"): f"{2 * GIB - 1}x30", free("postgres-2-wal"): f"{9 * GIB}x30"},
        "6m",
        {"persistentvolumeclaim": "postgres-1-wal"},
    ),
    silent("DatabaseChangesFilling", {free("postgres-1-wal"): f"{2 * GIB}x30", free("postgres-1"): "1x30"}, "20m"),
    silent("DatabaseChangesFilling", {free("postgres-1-wal", "shop"): "1x30"}, "20m"),
    fires("DatabaseBackupOverdue", {series(BACKUP): "0x2300"}, "37h", DATABASE),
    silent("DatabaseBackupOverdue", {series(BACKUP): "0x2300", series(BACKUP, "postgres-2"): "86400x2300"}, "37h"),
    fires(
        "DatabasePoolExhausted",
        {series(WAITING, "postgres-pooler-rw-7d9f-x2b4k"): "3x20", series(WAITING, "postgres-pooler-ro-5c6f-abcde"): "0x20"},
        "6m",
        {"pod": "postgres-pooler-rw-7d9f-x2b4k"},
    ),
    silent("DatabasePoolExhausted", {series(WAITING, "postgres-pooler-rw-7d9f-x2b4k"): "0 3 0 0 3 0 0x20"}, "10m"),
    silent("DatabasePoolExhausted", {series(WAITING, "shop-pooler-rw-7d9f-x2b4k", "shop"): "3x20"}, "10m"),
    fires("DatabaseReplicaLagHigh", {series(LAG, "postgres-2"): "301x20", series(LAG): "0x20"}, "6m", {"pod": "postgres-2"}),
    silent("DatabaseReplicaLagHigh", {series(LAG, "postgres-2"): "300x20"}, "10m"),
    fires("DatabaseStandbyMissing", {series(STANDBYS): "1x20", series(STANDBYS, "postgres-2"): "0x20"}, "16m", DATABASE),
    silent("DatabaseStandbyMissing", {series(STANDBYS): "2x20", series(STANDBYS, "postgres-2"): "0x20"}, "20m"),
)
