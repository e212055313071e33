"""Cron schedules as Velero and Kubernetes read them (robfig/cron v3, ``ParseStandard``): how far apart their runs are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final

from facts.duration import parse_duration

_ZONE: Final = re.compile(r"(?:CRON_)?TZ=\S+\s+")
_EVERY: Final = re.compile(r"@every\s+((?:[0-9.]+(?:ns|us|µs|μs|ms|s|m|h))+)")
"""A duration of Go, which knows neither days nor weeks."""
_NICKNAMES: Final = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_DAY_NAMES: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTH_NAMES: Final = ("", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PART: Final = re.compile(r"(?P<first>[*?]|[0-9A-Za-z]+)(?:-(?P<last>[0-9A-Za-z]+))?(?:/(?P<step>[0-9]+))?")
_LONGEST: Final = 200
"""Characters: nobody writes a schedule that long."""

_FIRST_DAY: Final = date(2000, 1, 1)
_DAYS: Final = 28 * 366
"""After 28 years, days of the week, months and leap years come in the same order again."""


@dataclass(frozen=True)
class _Field:
    """The values of one field; ``is_open`` where it leaves them open, with ``*`` or ``?``."""

    values: frozenset[int]
    is_open: bool


@lru_cache(maxsize=1024)
def longest_gap(schedule: str) -> timedelta:
    """The longest time between two runs of a schedule; the hour that a change of clocks adds is left out.

    Raises:
        ValueError: the text is not a schedule, or one that never runs.
    """
    text = _ZONE.sub("", schedule.strip(), count=1) if len(schedule) <= _LONGEST else ""
    every = _EVERY.fullmatch(text)
    if every is not None:
        return max(timedelta(seconds=1), timedelta(seconds=parse_duration(every[1]) // timedelta(seconds=1)))
    fields = _NICKNAMES.get(text.lower(), text).split()
    if len(fields) != 5:  # noqa: PLR2004 # minute, hour, day of the month, month, day of the week
        raise ValueError(f"{schedule[:_LONGEST]!r} is not a schedule; write five fields such as '*/30 * * * *', or @daily")
    minutes, hours = _read(fields[0], 0, 59).values, _read(fields[1], 0, 23).values
    times = sorted(60 * hour + minute for hour in hours for minute in minutes)
    within = max((later - earlier for earlier, later in pairwise(times)), default=0)
    overnight = timedelta(minutes=times[0] - times[-1])
    days = list(_days(fields[2:]))
    gaps = {later - earlier for earlier, later in pairwise(days)}
    if not gaps:
        raise ValueError(f"{schedule!r} never runs")
    return max(timedelta(minutes=within), overnight + max(gaps))


def _days(fields: list[str]) -> Iterator[date]:
    """The days of one cycle on which a schedule runs: one of both kinds of days is enough where neither is left open."""
    days, months = _read(fields[0], 1, 31), _read(fields[1], 1, 12, _MONTH_NAMES)
    weekdays = _read(fields[2], 0, 6, _DAY_NAMES)
    for offset in range(_DAYS):
        day = _FIRST_DAY + timedelta(days=offset)
        of_month, of_week = day.day in days.values, day.isoweekday() % 7 in weekdays.values
        is_due = (of_month and of_week) if days.is_open or weekdays.is_open else (of_month or of_week)
        if is_due and day.month in months.values:
            yield day


def _read(field: str, least: int, most: int, names: tuple[str, ...] = ()) -> _Field:
    """One field: a list of values, ranges and steps.

    Raises:
        ValueError: it is none, or leaves the bounds.
    """
    values: set[int] = set()
    is_open = False
    for part in field.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(f"{part!r} is not a part of a schedule")
        is_any, step = match["first"] in {"*", "?"}, int(match["step"] or 1)
        first = least if is_any else _number(match["first"], names)
        last = _number(match["last"], names) if match["last"] else most if is_any or match["step"] else first
        if not least <= first <= last <= most or step < 1:
            raise ValueError(f"{part!r} is not between {least} and {most}")
        values.update(range(first, last + 1, step))
        is_open = is_open or (is_any and step == 1)
    return _Field(frozenset(values), is_open)


def _number(text: str, names: tuple[str, ...]) -> int:
    if text.lower() in names:
        return names.index(text.lower())
    if not text.isdecimal():
        raise ValueError(f"{text!r} is not a number")
    return int(text)
