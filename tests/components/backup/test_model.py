from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from components.backup.model import BackupSettings
from tests.components.backup.examples import SETTINGS


def refused(**changes: Any) -> str:
    with pytest.raises(ValidationError) as refusal:
        BackupSettings.model_validate({**SETTINGS, **changes})
    return str(refusal.value)


def test_daily_backups_are_kept_for_a_month_and_weekly_ones_for_three() -> None:
    settings = BackupSettings.model_validate(SETTINGS)
    assert (settings.keep_frequent, settings.keep_daily, settings.keep_weekly) == (
        timedelta(hours=48),
        timedelta(days=30),
        timedelta(days=90),
    )
    assert settings.longest_kept == timedelta(days=90)


@pytest.mark.parametrize(("keep", "too_short"), [("keep_frequent", "47h"), ("keep_daily", "6d"), ("keep_weekly", "29d")])
def test_no_backup_is_kept_for_less_than_the_catalogue_asks(keep: str, too_short: str) -> None:
    alias = "keep" + keep.removeprefix("keep_").capitalize()
    assert "allowed is a duration" in refused(**{alias: too_short})


def test_an_interval_that_cron_cannot_say_is_refused_with_those_that_it_can() -> None:
    assert "choose one of 10m, 15m, 20m, 30m, 1h" in refused(every="25m", recovery={"rpo": "2h", "rto": "4h"})


def test_two_intervals_are_no_longer_than_what_may_be_lost() -> None:
    assert "lose up to 2h" in refused(every="1h")
    assert BackupSettings.model_validate({**SETTINGS, "every": "30m"}).every == timedelta(minutes=30)


@pytest.mark.parametrize("field", ["dailyAt", "drillAt"])
def test_a_time_that_does_not_exist_is_refused(field: str) -> None:
    assert "allowed is" in refused(**{field: "tue:24:00"})
