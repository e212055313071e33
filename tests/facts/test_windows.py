from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.windows import WindowError, check_windows

DAY = 24 * 60
WEEK = 7 * DAY
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def clock(minute: int) -> str:
    return f"{minute % DAY // 60:02}:{minute % 60:02}"


def moment(minute: int) -> str:
    return f"{DAYS[minute % WEEK // DAY]}:{clock(minute)}"


@pytest.mark.parametrize(
    ("backup", "maintenance"),
    [
        ("03:00-04:00", "sun:04:30-sun:05:30"),
        ("03:00-04:00", "sun:04:00-sun:05:00"),
        ("23:30-00:30", "mon:00:30-mon:01:30"),
        ("03:00-03:30", "sun:23:30-mon:00:30"),
    ],
)
def test_windows_that_do_not_meet_are_accepted(backup: str, maintenance: str) -> None:
    check_windows(backup, maintenance)


@pytest.mark.parametrize(
    ("backup", "maintenance"),
    [
        ("03:00-04:00", "sun:03:30-sun:04:30"),
        ("03:00-04:00", "sun:02:30-sun:03:30"),
        ("03:00-05:00", "sun:03:30-sun:04:00"),
        ("03:30-04:00", "sun:03:00-sun:05:00"),
        ("23:30-00:30", "mon:00:00-mon:01:00"),
        ("00:00-01:00", "sun:23:30-mon:00:30"),
    ],
)
def test_windows_that_overlap_are_refused(backup: str, maintenance: str) -> None:
    with pytest.raises(WindowError, match="overlaps maintenance window"):
        check_windows(backup, maintenance)


@pytest.mark.parametrize("backup", ["3:00-04:00", "03:00", "24:00-25:00", "03:00-04:00 ", "sun:03:00-sun:04:00", ""])
def test_a_malformed_backup_window_is_refused_with_an_example(backup: str) -> None:
    with pytest.raises(WindowError, match="is not hh:mm-hh:mm in UTC, such as 03:00-04:00"):
        check_windows(backup, "sun:04:30-sun:05:30")


@pytest.mark.parametrize("maintenance", ["04:30-05:30", "Sun:04:30-Sun:05:30", "sunday:04:30-sunday:05:30", "sun:04:60-sun:05:30"])
def test_a_malformed_maintenance_window_is_refused_with_an_example(maintenance: str) -> None:
    with pytest.raises(WindowError, match="is not ddd:hh:mm-ddd:hh:mm in UTC, such as sun:04:30-sun:05:30"):
        check_windows("03:00-04:00", maintenance)


@pytest.mark.parametrize(("backup", "maintenance"), [("03:00-03:29", "sun:04:30-sun:05:30"), ("03:00-04:00", "sun:04:30-sun:04:59")])
def test_a_window_of_less_than_half_an_hour_is_refused(backup: str, maintenance: str) -> None:
    with pytest.raises(WindowError, match="lasts 29 minutes; allowed are at least 30"):
        check_windows(backup, maintenance)


def test_a_maintenance_window_of_more_than_a_day_is_refused() -> None:
    with pytest.raises(WindowError, match="longer than a day"):
        check_windows("03:00-04:00", "sun:04:30-mon:04:31")


@given(
    backup_start=st.integers(0, DAY - 1),
    backup_length=st.integers(30, 600),
    start=st.integers(0, WEEK - 1),
    length=st.integers(30, DAY),
)
def test_windows_are_refused_exactly_when_they_share_a_minute(backup_start: int, backup_length: int, start: int, length: int) -> None:
    backup = {(day * DAY + backup_start + minute) % WEEK for day in range(7) for minute in range(backup_length)}
    maintenance = {(start + minute) % WEEK for minute in range(length)}
    windows = f"{clock(backup_start)}-{clock(backup_start + backup_length)}", f"{moment(start)}-{moment(start + length)}"
    if backup.isdisjoint(maintenance):
        check_windows(*windows)
    else:
        with pytest.raises(WindowError):
            check_windows(*windows)
