"""The weekly and daily windows in which a database is backed up and maintained, and whether they collide. All times are UTC."""

from __future__ import annotations

import re
from typing import Final

_MINUTES_A_DAY: Final = 24 * 60
_MINUTES_A_WEEK: Final = 7 * _MINUTES_A_DAY
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL_DAYS: Final = dict(zip(_DAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True))
_TIME: Final = r"([01]\d|2[0-3]):([0-5]\d)"
_BACKUP: Final = re.compile(f"{_TIME}-{_TIME}")
_DAY: Final = f"({'|'.join(_DAYS)})"
_MAINTENANCE: Final = re.compile(f"{_DAY}:{_TIME}-{_DAY}:{_TIME}")
LEAST_MINUTES: Final = 30
"""RDS refuses shorter windows; those of Azure have one hour."""


class WindowError(ValueError):
    """A window that the cloud would refuse, or two that collide."""


def check_windows(backup: str, maintenance: str) -> None:
    """Refuse windows that are malformed, too short or that overlap (PG-006).

    Args:
        backup: daily, ``hh:mm-hh:mm``.
        maintenance: weekly, ``ddd:hh:mm-ddd:hh:mm``.

    Raises:
        WindowError: with what is wrong and what is allowed.
    """
    daily_start, length = parse_backup_window(backup)
    start, maintenance_length = parse_maintenance_window(maintenance)
    for day in range(len(_DAYS)):
        # Two arcs of the week's circle overlap when one of them begins within the other.
        begin = day * _MINUTES_A_DAY + daily_start
        if (begin - start) % _MINUTES_A_WEEK < maintenance_length or (start - begin) % _MINUTES_A_WEEK < length:
            raise WindowError(f"backup window {backup} overlaps maintenance window {maintenance}: RDS refuses that; move one of them")


def parse_backup_window(text: str) -> tuple[int, int]:
    """Start, counted from midnight, and length of a daily window, both in minutes.

    Raises:
        WindowError: it is not ``hh:mm-hh:mm`` or too short.
    """
    found = _BACKUP.fullmatch(text)
    if not found:
        raise WindowError(f"backup window {text!r} is not hh:mm-hh:mm in UTC, such as 03:00-04:00")
    start, end = _minutes(found[1], found[2]), _minutes(found[3], found[4])
    return start, _long_enough(text, (end - start) % _MINUTES_A_DAY)


def parse_maintenance_window(text: str) -> tuple[int, int]:
    """Start, counted from Monday's midnight, and length of a weekly window, both in minutes.

    Raises:
        WindowError: it is not ``ddd:hh:mm-ddd:hh:mm``, too short or longer than a day.
    """
    found = _MAINTENANCE.fullmatch(text)
    if not found:
        raise WindowError(f"maintenance window {text!r} is not ddd:hh:mm-ddd:hh:mm in UTC, such as sun:04:30-sun:05:30")
    start = _DAYS.index(found[1]) * _MINUTES_A_DAY + _minutes(found[2], found[3])
    end = _DAYS.index(found[4]) * _MINUTES_A_DAY + _minutes(found[5], found[6])
    length = _long_enough(text, (end - start) % _MINUTES_A_WEEK)
    if length > _MINUTES_A_DAY:
        raise WindowError(f"maintenance window {text} is longer than a day; allowed are at most 24 hours")
    return start, length


def _minutes(hours: str, minutes: str) -> int:
    return int(hours) * 60 + int(minutes)


def _long_enough(text: str, length: int) -> int:
    if length < LEAST_MINUTES:
        raise WindowError(f"window {text} lasts {length} minutes; allowed are at least {LEAST_MINUTES}")
    return length


def start_of_window(text: str) -> tuple[str, str]:
    """The day in full and the time of a start such as ``sun:05:00``: ``("Sunday", "05:00")``."""
    day, _, time = text.partition(":")
    return _FULL_DAYS[day], time
