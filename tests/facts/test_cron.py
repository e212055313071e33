"""How far apart the runs of schedules are, in the notations that robfig/cron reads."""

from __future__ import annotations

from datetime import timedelta

import pytest

from facts.cron import longest_gap

MINUTES, HOURS, DAYS = (timedelta(**{unit: 1}) for unit in ("minutes", "hours", "days"))


@pytest.mark.parametrize(
    ("schedule", "gap"),
    [
        ("*/30 * * * *", 30 * MINUTES),
        ("*/45 * * * *", 45 * MINUTES),
        ("* * * * *", MINUTES),
        ("5,35 * * * *", 30 * MINUTES),
        ("0,20 * * * *", 40 * MINUTES),
        ("0 * * * *", HOURS),
        ("*/30 8-18 * * *", 13.5 * HOURS),
        ("*/30 * * * 1-5", 2 * DAYS + 30 * MINUTES),
        ("0 3 * * *", DAYS),
        ("0 3 ? * ?", DAYS),
        ("0 */6 * * *", 6 * HOURS),
        ("0 0-23/2 * * *", 2 * HOURS),
        ("10/20 * * * *", 20 * MINUTES),
        ("0 3 * * SUN", 7 * DAYS),
        ("0 3 * * sun", 7 * DAYS),
        ("0 3 * * MON-FRI", 3 * DAYS),
        ("0 3 * JAN,Jul *", 154 * DAYS),
        ("0 3 1 * *", 31 * DAYS),
        ("0 3 */2 * *", 2 * DAYS),
        ("0 3 1 * 0", 7 * DAYS),
        ("0 3 29 2 *", 4 * 366 * DAYS - 3 * DAYS),
        ("@hourly", HOURS),
        ("@daily", DAYS),
        ("@midnight", DAYS),
        ("@weekly", 7 * DAYS),
        ("@monthly", 31 * DAYS),
        ("@yearly", 366 * DAYS),
        ("@every 30m", 30 * MINUTES),
        ("@every 1h30m", 1.5 * HOURS),
        ("@every 720h0m0s", 30 * DAYS),
        ("CRON_TZ=Europe/Berlin 0 3 * * *", DAYS),
        ("TZ=UTC */15 * * * *", 15 * MINUTES),
        ("  0 3  * * * ", DAYS),
    ],
)
def test_the_longest_gap_between_two_runs_is_known(schedule: str, gap: timedelta) -> None:
    assert longest_gap(schedule) == gap


@pytest.mark.parametrize(
    "schedule",
    [
        "",
        "daily",
        "0 3 * *",
        "0 0 3 * * *",
        "60 * * * *",
        "* 24 * * *",
        "0 3 0 * *",
        "0 3 * * 7",
        "0 3 * * XYZ",
        "5-1 * * * *",
        "*/0 * * * *",
        "-5 * * * *",
        "1, * * * *",
        "0 3 30 2 *",
        "@every",
        "@every 1d",
        "@every soon",
        "@often",
        "* " * 3_000,
    ],
)
def test_what_is_not_a_schedule_is_refused(schedule: str) -> None:
    with pytest.raises(ValueError, match=r"not|never"):
        longest_gap(schedule)
