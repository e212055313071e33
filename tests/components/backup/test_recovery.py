from __future__ import annotations

from datetime import timedelta

from components.backup.recovery import recovery
from components.recovery import Decision, Loss
from tests.components.backup.examples import velero_args

SETTINGS = velero_args(settings={"every": "20m"}).settings


def test_what_is_lost_is_what_was_written_since_the_newest_complete_backup_began() -> None:
    rows = {row.loss: row for row in recovery(SETTINGS, copied=True)}
    assert rows[Loss.DELETION].rpo == rows[Loss.CLUSTER].rpo == timedelta(minutes=40)


def test_in_another_region_the_copy_of_it_comes_on_top() -> None:
    rows = {row.loss: row for row in recovery(SETTINGS, copied=True)}
    assert rows[Loss.REGION].rpo == timedelta(minutes=55)
    assert all(row.achieves for row in rows.values())


def test_without_a_copy_a_region_takes_everything_along() -> None:
    (region,) = (row for row in recovery(SETTINGS, copied=False) if row.loss is Loss.REGION)
    assert (region.rpo, region.rto) == (None, None)
    assert not region.achieves


def test_backups_that_are_taken_too_seldom_show_that_the_region_is_not_achieved() -> None:
    rows = {row.loss: row for row in recovery(velero_args(settings={"every": "30m"}).settings, copied=True)}
    assert rows[Loss.CLUSTER].achieves
    assert not rows[Loss.REGION].achieves


def test_whoever_is_on_call_brings_back_what_was_deleted_and_no_more() -> None:
    decisions = {row.loss: row.decision for row in recovery(SETTINGS, copied=True)}
    assert decisions[Loss.DELETION] is Decision.ON_CALL
    assert decisions[Loss.CLUSTER] is decisions[Loss.REGION] is Decision.INCIDENT_COMMANDER
