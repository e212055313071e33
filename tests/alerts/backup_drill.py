"""Promtool cases of the alerts about the restore drill, where an hour of data and four of time may be lost."""

from __future__ import annotations

from typing import Final

from components.backup.drill.alerts import alert_groups
from tests.alerts.cases import Case, fires, silent
from tests.components.backup.examples import ARGS

POD: Final = '{namespace="restore-drill", pod="canary-0"}'
SUCCEEDED: Final = f"restore_drill_succeeded{POD}"
LAST: Final = f"restore_drill_last_success_timestamp_seconds{POD}"
DURATION: Final = f"restore_drill_duration_seconds{POD}"
AGE: Final = f"restore_drill_data_age_seconds{POD}"
SINCE: Final = f"restore_canary_since_timestamp_seconds{POD}"
WRITTEN: Final = f"restore_canary_written_timestamp_seconds{POD}"
# The clock of a case starts at zero: what is older was before that.
DAY: Final = 86_400

GROUPS: Final = alert_groups(ARGS.settings)
CASES: Final[tuple[Case, ...]] = (
    fires("RestoreDrillFailed", {SUCCEEDED: "1x10 0x20"}, "20m", {}),
    silent("RestoreDrillFailed", {SUCCEEDED: "0x10 1x20"}, "20m"),
    fires("RestoreDrillLate", {LAST: f"{-8 * DAY}x40", SINCE: f"{-30 * DAY}x40"}, "20m", {}),
    silent("RestoreDrillLate", {LAST: f"{-7 * DAY}x40", SINCE: f"{-30 * DAY}x40"}, "20m"),
    # None was ever run: in the first week there need not be one.
    fires("RestoreDrillLate", {SINCE: f"{-9 * DAY}x40"}, "20m", {}),
    silent("RestoreDrillLate", {SINCE: f"{-6 * DAY}x40"}, "20m"),
    fires("RestoreDrillTooSlow", {DURATION: "14401x20"}, "10m", {}),
    silent("RestoreDrillTooSlow", {DURATION: "14399x20"}, "10m"),
    fires("RestoreDrillDataTooOld", {AGE: "3601x20"}, "10m", {}),
    silent("RestoreDrillDataTooOld", {AGE: "2700x20"}, "10m"),
    fires("RestoreCanaryStale", {WRITTEN: "0x40"}, "20m", {}),
    silent("RestoreCanaryStale", {WRITTEN: "0+60x40"}, "20m"),
    fires("RestoreCanaryMissing", {}, "31m", {}),
    silent("RestoreCanaryMissing", {WRITTEN: "_x20 1200+60x40"}, "31m"),
)
