"""Alerts about a database in the cluster, from what its instances say of themselves.

A series has the instance as its label ``pod``, a volume's its claim, which is called like it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from components.alerts import Alert, AlertGroup, Severity
from components.database.alert_rules import (
    DatabaseFigures,
    StorageFigures,
    availability_alerts,
    connection_alerts,
    lag_alert,
    storage_alerts,
    waiting_alert,
)
from components.database.cloudnativepg.arguments import CloudNativePostgresArgs
from components.database.cloudnativepg.identities import POOLERS
from components.database.cloudnativepg.model import CLUSTER
from components.database.cloudnativepg.poolers import PATIENCE_SECONDS, roles

_LOW_STORAGE_SHARE: Final = 0.1
_MOST_WAITING: Final = 20
"""Segments of 16 MiB, of which two are sent at a time; a burst leaves as many for moments."""
_HIGH_LAG_SECONDS: Final = 300
_OLDEST_BACKUP_HOURS: Final = 36


def alert_groups(args: CloudNativePostgresArgs) -> Sequence[AlertGroup]:
    """The alerts of the database."""
    instances = [f"{CLUSTER}-{number}" for number in range(1, args.settings.instances + 1)]
    figures = DatabaseFigures(
        source="PostgreSQL",
        label="pod",
        instances=instances,
        connections="cnpg_backends_total",
        counted="sum",
        scope=f'namespace="{args.namespace}"',
    )
    storage = StorageFigures(
        series="kubelet_volume_stats_available_bytes",
        worst="min",
        low=f"< {int(float(args.settings.storage) * _LOW_STORAGE_SHARE)}",
        full="< 0",
        shown="{{ $value | humanize1024 }}B free",
        grows=False,
    )
    poolers = replace(figures, instances=[f"{POOLERS[role]}-.+" for role in roles(args)])
    waiting = waiting_alert(poolers, "cnpg_pgbouncer_pools_cl_waiting", patience=f"{PATIENCE_SECONDS} seconds")
    groups = [
        connection_alerts(figures, args.limits),
        storage_alerts(replace(figures, label="persistentvolumeclaim"), storage),
        availability_alerts(figures),
        AlertGroup(name="database-pool", alerts=[waiting]),
        AlertGroup(name="database-backup", alerts=[*_backup_alerts(figures), _changes_alert(figures, args)]),
    ]
    if len(instances) > 1:
        lag = lag_alert(figures, "cnpg_pg_replication_lag", most_seconds=_HIGH_LAG_SECONDS)
        groups.append(AlertGroup(name="database-replication", alerts=[lag, _standby_alert(figures)]))
    return groups


def _backup_alerts(figures: DatabaseFigures) -> Sequence[Alert]:
    # Only the primary archives: the latest of all instances count, whichever has been it.
    failed, archived = (f"max by (namespace) (cnpg_pg_stat_archiver_last_{what}_time{figures.selector})" for what in ("failed", "archived"))
    ready = replace(figures, scope=f'{figures.scope}, value="ready"')
    last = f"max by (namespace) (barman_cloud_cloudnative_pg_io_last_available_backup_timestamp{figures.selector})"
    return (
        Alert(
            name="DatabaseArchivingFailing",
            expr=f"{failed} > {archived}",
            wait="15m",
            severity=Severity.P1,
            summary="The database in {{ $labels.namespace }} cannot archive its changes",
            description="What is not in the bucket is lost with the volumes, and what waits for it fills the volume of changes.",
            runbook="database-archiving",
        ),
        Alert(
            name="DatabaseArchivingBehind",
            expr=f"max by (namespace) (cnpg_collector_pg_wal_archive_status{ready.selector}) > {_MOST_WAITING}",
            wait="15m",
            severity=Severity.P2,
            summary="The database in {{ $labels.namespace }} archives more slowly than it changes",
            description="{{ $value }} segments wait for the bucket, without a failure: they are lost with the volumes.",
            runbook="database-archiving",
        ),
        Alert(
            name="DatabaseBackupOverdue",
            expr=f"time() - {last} > {_OLDEST_BACKUP_HOURS} * 3600",
            wait="30m",
            severity=Severity.P2,
            summary="The database's last base backup is too old",
            description="It was made {{ $value | humanizeDuration }} ago, though one is due each day: a restore takes ever longer.",
            runbook="database-archiving",
        ),
    )


def _changes_alert(figures: DatabaseFigures, args: CloudNativePostgresArgs) -> Alert:
    # Checkpoints and slots keep within three quarters of it: what comes on top waits for the bucket.
    volumes = replace(figures, label="persistentvolumeclaim", instances=[f"{instance}-wal" for instance in figures.instances])
    low = int(float(args.settings.wal_storage) * _LOW_STORAGE_SHARE)
    return Alert(
        name="DatabaseChangesFilling",
        expr=f"min by ({volumes.label}) (kubelet_volume_stats_available_bytes{volumes.selector}) < {low}",
        wait="5m",
        severity=Severity.P1,
        summary=f"{volumes.instance} has no room for more changes soon",
        description=f"{{{{ $value | humanize1024 }}}}B of {volumes.instance} are free: once it is full the database stops.",
        runbook="database-archiving",
    )


def _standby_alert(figures: DatabaseFigures) -> Alert:
    wanted = len(figures.instances) - 1
    return Alert(
        name="DatabaseStandbyMissing",
        expr=f"max by (namespace) (cnpg_pg_replication_streaming_replicas{figures.selector}) < {wanted}",
        wait="15m",
        severity=Severity.P2,
        summary="The database has fewer standbys than it should",
        description=f"{{{{ $value }}}} of {wanted} follow the primary; without any, commits wait or a failure loses data.",
        runbook="database-standby-missing",
    )
