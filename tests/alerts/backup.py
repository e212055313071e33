"""Promtool cases of the alerts about backups, of a stack that is backed up every half an hour."""

from __future__ import annotations

from typing import Final

from components.backup.alerts import alert_groups
from tests.alerts.cases import Case, fires, silent
from tests.components.backup.examples import velero_args

POD: Final = 'pod="velero-1", schedule='
OTHER_POD: Final = 'pod="velero-2", schedule='
SUCCESS: Final = "velero_backup_last_successful_timestamp"
FAILED: Final = "velero_backup_failure_total"
IN_PART: Final = "velero_backup_partial_failure_total"
REFUSED: Final = "velero_backup_validation_failure_total"
DELETION: Final = "velero_backup_deletion_failure_total"
UNTIDIED: Final = 'velero_repo_maintenance_failure_total{repository_name="orders-default-kopia"}'
STORE: Final = 'velero_backup_location_status_gauge{backup_location_name="default", pod="velero-1"}'
DESIRED: Final = 'kube_daemonset_status_desired_number_scheduled{namespace="velero", daemonset="node-agent"}'
AVAILABLE: Final = 'kube_daemonset_status_number_available{namespace="velero", daemonset="node-agent"}'


def series(metric: str, schedule: str, labels: str = POD) -> str:
    return f'{metric}{{{labels}"{schedule}"}}'


def failures(frequent: str) -> dict[str, str]:
    return {series(FAILED, "frequent"): frequent, series(IN_PART, "frequent"): "0x300", series(REFUSED, "frequent"): "0x300"}


GROUPS: Final = alert_groups(velero_args())
CASES: Final[tuple[Case, ...]] = (
    fires("BackupFrequentLate", {series(SUCCESS, "frequent"): "0x120"}, "67m", {}),
    silent("BackupFrequentLate", {series(SUCCESS, "frequent"): "0x30 1800x90"}, "67m"),
    # The server is replaced: for a while nobody has the number.
    silent("BackupFrequentLate", {series(SUCCESS, "frequent"): "1800x50", series(SUCCESS, "frequent", OTHER_POD): "_x53 1800x40"}, "80m"),
    # The clock of a case starts at zero: what is older was before that.
    fires("BackupDailyLate", {series(SUCCESS, "daily"): "-104400x30"}, "10m", {}),
    silent("BackupDailyLate", {series(SUCCESS, "daily"): "-102600x30"}, "10m"),
    fires("BackupWeeklyLate", {series(SUCCESS, "weekly"): "-622800x30"}, "10m", {}),
    silent("BackupWeeklyLate", {series(SUCCESS, "weekly"): "-619200x30"}, "10m"),
    fires("BackupFrequentMissing", {}, "31h", {"schedule": "frequent"}, step="10m"),
    silent("BackupFrequentMissing", {series(SUCCESS, "frequent"): "_x60 36000x200"}, "31h", step="10m"),
    fires("BackupDailyMissing", {}, "31h", {"schedule": "daily"}, step="10m"),
    silent("BackupDailyMissing", {series(SUCCESS, "daily"): "_x100 60000x200"}, "31h", step="10m"),
    fires("BackupFailed", failures("0x30 1x60"), "40m", {"schedule": "frequent"}),
    fires("BackupFailed", {**failures("0x90"), series(IN_PART, "frequent"): "0x30 1x60"}, "40m", {"schedule": "frequent"}),
    silent("BackupFailed", failures("3x200"), "100m"),
    fires("BackupDeletionFailed", {series(DELETION, "daily"): "0x30 2x60"}, "40m", {"schedule": "daily"}),
    silent("BackupDeletionFailed", {series(DELETION, "daily"): "2x60"}, "40m"),
    fires("BackupRepositoryUntidied", {UNTIDIED: "0+1x60"}, "50m", {"repository_name": "orders-default-kopia"}, step="5m"),
    # One attempt failed, the next one did not.
    silent("BackupRepositoryUntidied", {UNTIDIED: "0x5 1x60"}, "50m", step="5m"),
    fires("BackupStoreUnavailable", {STORE: "1x10 0x30"}, "25m", {"backup_location_name": "default"}),
    silent("BackupStoreUnavailable", {STORE: "1x10 0x5 1x30"}, "25m"),
    fires("BackupServerMissing", {}, "16m", {}),
    silent("BackupServerMissing", {'velero_backup_total{pod="velero-1"}': "3x30"}, "16m"),
    fires("BackupAgentMissing", {DESIRED: "4x60", AVAILABLE: "4x10 3x50"}, "45m", {"namespace": "velero", "daemonset": "node-agent"}),
    # A node more, whose agent is starting.
    silent("BackupAgentMissing", {DESIRED: "4x10 5x50", AVAILABLE: "4x15 5x45"}, "45m"),
)
