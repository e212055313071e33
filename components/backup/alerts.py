"""Alerts about backups, from what Velero says of itself and of its schedules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from components.alerts import Alert, AlertGroup, Severity
from components.backup.arguments import VeleroArgs
from components.backup.schedules import DAILY, FREQUENT, WEEKLY, schedules
from components.backup.values import AGENT
from facts.namespaces import BACKUP

# So long a backup may take after it was due: as long as the data of one may be on its way, and, of
# backups that come more often, the time between two of them.
_LONGEST_PASSAGE: Final = timedelta(hours=5)
_AGENTS: Final = f'{{namespace="{BACKUP}", daemonset="{AGENT}"}}'
_SUCCESS: Final = "velero_backup_last_successful_timestamp"


def alert_groups(args: VeleroArgs) -> Sequence[AlertGroup]:
    """The alerts of these schedules."""
    intervals = {DAILY: timedelta(days=1), WEEKLY: timedelta(days=7), FREQUENT: args.settings.every}
    due = {name: intervals[name] for name in sorted(schedules(args))}
    return (
        AlertGroup(name="backup-schedules", alerts=[alert for name, interval in due.items() for alert in _schedule_alerts(name, interval)]),
        AlertGroup(name="backup-runs", alerts=_RUNS),
        AlertGroup(name="backup-parts", alerts=_PARTS),
    )


def latest(interval: timedelta) -> timedelta:
    """How old the newest complete backup of a schedule may be."""
    return interval + min(interval, _LONGEST_PASSAGE)


def _schedule_alerts(schedule: str, interval: timedelta) -> Iterator[Alert]:
    severity = Severity.P1 if schedule == FREQUENT else Severity.P2
    title, oldest = schedule.capitalize(), latest(interval)
    series = f'{_SUCCESS}{{schedule="{schedule}"}}'
    yield Alert(
        name=f"Backup{title}Late",
        # The series goes with the pod of the server; the newest of those that were is what counts.
        expr=f"time() - max(max_over_time({series}[10m])) > {int(oldest.total_seconds())}",
        wait="5m",
        severity=severity,
        summary=f"The newest complete {schedule} backup is {{{{ $value | humanizeDuration }}}} old",
        description="What was written since is in no backup of this schedule, and a loss now is one of more than was agreed on.",
        runbook="backup-late",
    )
    if schedule == WEEKLY:
        # For a week nobody could say whether there should be one; whether it failed, another alert does.
        return
    yield Alert(
        name=f"Backup{title}Missing",
        # The first backup, which copies everything, takes as long as there is data.
        expr=f"absent({series})",
        wait="30h",
        severity=severity,
        summary=f"There is no complete {schedule} backup",
        description="None was ever complete, or Velero does not run. A loss now may be a loss of everything.",
        runbook="backup-late",
    )


_RUNS: Final = (
    Alert(
        name="BackupFailed",
        expr=(
            "sum by (schedule) (increase(velero_backup_failure_total[1h]) + increase(velero_backup_validation_failure_total[1h])"
            " + increase(velero_backup_partial_failure_total[1h])) > 0"
        ),
        wait="1m",
        severity=Severity.P2,
        summary="{{ $value | humanize }} backups of schedule {{ $labels.schedule }} failed, in whole or in part",
        description="A backup that failed in part holds objects but not every volume, and does not count as one.",
        runbook="backup-failed",
    ),
    Alert(
        name="BackupDeletionFailed",
        expr="sum by (schedule) (increase(velero_backup_deletion_failure_total[6h])) > 0",
        wait="1m",
        severity=Severity.P3,
        summary="{{ $value | humanize }} outdated backups of schedule {{ $labels.schedule }} could not be deleted",
        description="They stay in the store, and are paid for, until somebody deletes them.",
        runbook="backup-failed",
    ),
    Alert(
        name="BackupRepositoryUntidied",
        expr="sum by (repository_name) (increase(velero_repo_maintenance_failure_total[1d])) > 3",
        wait="1m",
        severity=Severity.P3,
        summary="The maintenance of backup repository {{ $labels.repository_name }} failed {{ $value | humanize }} times within a day",
        description="What deleted backups leave behind stays in the store, and each backup and restore takes longer.",
        runbook="backup-failed",
    ),
)
_PARTS: Final = (
    Alert(
        name="BackupStoreUnavailable",
        expr="max by (backup_location_name) (velero_backup_location_status_gauge) == 0",
        wait="10m",
        severity=Severity.P1,
        summary="The store of backups {{ $labels.backup_location_name }} does not answer ({{ $value }})",
        description="No backup is taken, and none could be restored.",
        runbook="backup-store-unavailable",
    ),
    Alert(
        name="BackupServerMissing",
        expr="absent(velero_backup_total)",
        wait="15m",
        severity=Severity.P1,
        summary="Prometheus receives no metrics from Velero",
        description="It does not run, or its metrics cannot be scraped. If it does not run, nothing is backed up.",
        runbook="backup-late",
    ),
    Alert(
        name="BackupAgentMissing",
        expr=(f"kube_daemonset_status_desired_number_scheduled{_AGENTS} - kube_daemonset_status_number_available{_AGENTS} > 0"),
        wait="30m",
        severity=Severity.P2,
        summary="{{ $value | humanize }} nodes lack Velero's agent (DaemonSet {{ $labels.namespace }}/{{ $labels.daemonset }})",
        description="The data of volumes that are attached there is moved by none: their backups fail once they have waited long enough.",
        runbook="backup-failed",
    ),
)
