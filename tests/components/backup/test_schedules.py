from __future__ import annotations

from datetime import timedelta

import pytest

from components.backup.schedules import daily_cron, interval_cron, schedules, weekly_cron
from tests.components.backup.examples import velero_args


@pytest.mark.parametrize(
    ("minutes", "cron"),
    [
        (10, "5-59/10 * * * *"),
        (15, "7-59/15 * * * *"),
        (30, "15-59/30 * * * *"),
        (60, "15 * * * *"),
        (360, "15 */6 * * *"),
        (720, "15 */12 * * *"),
    ],
)
def test_an_interval_is_the_same_all_day_and_aside_of_the_full_hour(minutes: int, cron: str) -> None:
    assert interval_cron(timedelta(minutes=minutes)) == cron


def test_the_weekly_backup_starts_two_hours_after_the_daily_one() -> None:
    assert (daily_cron("01:40"), weekly_cron("01:40")) == ("40 1 * * *", "40 3 * * 0")
    assert weekly_cron("23:05") == "5 1 * * 0"


def test_all_namespaces_are_backed_up_each_day_and_each_week_with_what_belongs_to_none() -> None:
    found = schedules(velero_args(settings={"keepDaily": "30d", "keepWeekly": "90d"}))
    for name, kept in {"daily": "720h", "weekly": "2160h"}.items():
        template = found[name].spec["template"]
        assert (template["includedNamespaces"], template["ttl"]) == (["*"], kept)
        assert template["includeClusterResources"] is True


def test_namespaces_with_volumes_are_backed_up_in_between() -> None:
    frequent = schedules(velero_args(volume_namespaces=["orders", "messaging"]))["frequent"].spec
    assert frequent["schedule"] == "15-59/30 * * * *"
    assert frequent["template"]["includedNamespaces"] == ["messaging", "orders"]
    assert frequent["template"]["ttl"] == "48h"
    assert "includeClusterResources" not in frequent["template"]


def test_without_volumes_nothing_is_backed_up_in_between() -> None:
    assert sorted(schedules(velero_args(volume_namespaces=[]))) == ["daily", "weekly"]


def test_each_schedule_moves_its_snapshots_away_and_leaves_its_backups_behind() -> None:
    for schedule in schedules(velero_args()).values():
        assert schedule.spec["template"]["snapshotMoveData"] is True
        assert schedule.spec["template"]["defaultVolumesToFsBackup"] is False
        assert schedule.spec["useOwnerReferencesInBackup"] is False


def test_each_schedule_goes_by_the_same_policies_of_volumes() -> None:
    for schedule in schedules(velero_args()).values():
        assert schedule.spec["template"]["resourcePolicy"] == {"kind": "configmap", "name": "velero-volume-policies"}


def test_each_schedule_says_what_a_restore_has_to_achieve() -> None:
    for schedule in schedules(velero_args()).values():
        assert schedule.annotations == {"platform/rpo": "1h", "platform/rto": "4h"}
