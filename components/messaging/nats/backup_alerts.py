"""Alerts about backups: failed, late, or never made.

Metrics are those of kube-state-metrics.
"""

from __future__ import annotations

from typing import Final

from components.alerts import Alert, Severity
from components.messaging.nats.access import BACKUP

_BACKUP: Final = f'{{cronjob="{BACKUP}"}}'
_LATE: Final = 26 * 3600
"""Seconds: a day, and what a backup may take longer than the one before."""

BACKUPS: Final = (
    Alert(
        name="NatsBackupFailed",
        expr=(
            f'max by (namespace, job_name) (kube_job_failed{{job_name=~"{BACKUP}-[0-9]+", condition="true"}}) > 0'
            # The job stays for a week to be looked at; a later success settles it.
            f' unless on (namespace, job_name) max by (namespace, job_name) (kube_job_created{{job_name=~"{BACKUP}-[0-9]+"}})'
            f" < on (namespace) group_left max by (namespace) (kube_cronjob_status_last_successful_time{_BACKUP})"
        ),
        wait="5m",
        severity=Severity.P2,
        summary="Backup {{ $labels.job_name }} of NATS failed",
        description="Streams behind the one that failed have no backup of today; the next attempt is tomorrow's.",
        runbook="nats-backup",
    ),
    Alert(
        name="NatsBackupLate",
        expr=f"time() - max by (namespace, cronjob) (kube_cronjob_status_last_successful_time{_BACKUP}) > {_LATE}",
        wait="10m",
        severity=Severity.P2,
        summary="The newest backup of NATS is {{ $value | humanizeDuration }} old",
        description="What was stored since then is lost where the cluster and its copies are.",
        runbook="nats-backup",
    ),
    Alert(
        name="NatsBackupNeverMade",
        expr=(
            f"time() - max by (namespace, cronjob) (kube_cronjob_created{_BACKUP}) > {_LATE}"
            f" unless on (namespace, cronjob) kube_cronjob_status_last_successful_time{_BACKUP}"
        ),
        wait="10m",
        severity=Severity.P2,
        summary="NATS has no backup",
        description="Backups have been due for {{ $value | humanizeDuration }}, and none has ever succeeded.",
        runbook="nats-backup",
    ),
)
