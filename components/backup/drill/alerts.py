"""Alerts about the restore drill, from what the canary says of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from components.alerts import Alert, AlertGroup, Severity
from components.backup.model import BackupSettings
from facts.duration import format_duration

# One a week, and a day to see to one that failed.
_OLDEST: Final = timedelta(days=8)
_SILENT: Final = timedelta(minutes=10)


def alert_groups(settings: BackupSettings) -> Sequence[AlertGroup]:
    """The alerts of a drill that has to achieve what the settings declare."""
    rpo, rto = settings.recovery.rpo, settings.recovery.rto
    allowed = f"{format_duration(rpo)} are declared"
    drills = (
        Alert(
            name="RestoreDrillFailed",
            expr="max(restore_drill_succeeded) == 0",
            wait="5m",
            severity=Severity.P2,
            summary="The last restore drill failed ({{ $value }})",
            description="What is backed up could not be restored, or not be cleared away again: nobody knows whether a real restore would.",
            runbook="restore-drill-failed",
        ),
        Alert(
            name="RestoreDrillLate",
            # Where none ever succeeded, it is the canary's age that counts.
            expr=(
                "time() - max(restore_drill_last_success_timestamp_seconds or restore_canary_since_timestamp_seconds)"
                f" > {int(_OLDEST.total_seconds())}"
            ),
            wait="15m",
            severity=Severity.P2,
            summary="No restore drill has succeeded for {{ $value | humanizeDuration }}",
            description="It runs each week. Nobody knows whether what is backed up now can be restored (BAK-005).",
            runbook="restore-drill-failed",
        ),
        Alert(
            name="RestoreDrillTooSlow",
            expr=f"max(restore_drill_duration_seconds) > {int(rto.total_seconds())}",
            wait="5m",
            severity=Severity.P2,
            summary=f"The last restore drill took {{{{ $value | humanizeDuration }}}}, but {format_duration(rto)} are declared",
            description="The canary is small: whatever is larger takes longer.",
            runbook="restore-drill-failed",
        ),
        Alert(
            name="RestoreDrillDataTooOld",
            expr=f"max(restore_drill_data_age_seconds) > {int(rpo.total_seconds())}",
            wait="5m",
            severity=Severity.P2,
            summary=f"The last restore drill brought back data of {{{{ $value | humanizeDuration }}}} before; {allowed}",
            description="So much would have been lost at that moment.",
            runbook="restore-drill-failed",
        ),
        Alert(
            name="RestoreCanaryStale",
            expr=f"time() - max(restore_canary_written_timestamp_seconds) > {int(_SILENT.total_seconds())}",
            wait="5m",
            severity=Severity.P3,
            summary="The canary of the restore drill was written {{ $value | humanizeDuration }} ago",
            description="It is written each minute. A drill would report data as too old that is as new as the backup.",
            runbook="restore-drill-failed",
        ),
        Alert(
            name="RestoreCanaryMissing",
            expr="absent(restore_canary_written_timestamp_seconds)",
            wait="30m",
            severity=Severity.P3,
            summary="Prometheus receives no metrics from the canary of the restore drill",
            description="It does not run, its file cannot be read, or it cannot be scraped: what drills find reaches nobody.",
            runbook="restore-drill-failed",
        ),
    )
    return (AlertGroup(name="restore-drills", alerts=drills),)
