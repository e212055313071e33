"""Backups: how often they are taken, how long they are kept, and how often one of them is restored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Final

from pydantic import Field

from components.models.recovery import RecoveryTargets
from components.models.section import Contradiction, Section
from components.models.written import Written, duration, write_duration

_INTERVALS: Final = ("10m", "15m", "20m", "30m", "1h", "2h", "3h", "4h", "6h", "8h", "12h")
"""Those that divide an hour, or a day into whole hours: cron knows no others."""
_INTERVAL: Final = duration(least=_INTERVALS[0], most=_INTERVALS[-1], example="30m")
_TIME: Final = Written(what="a time of the day in UTC, hh:mm", pattern=r"^([01]\d|2[0-3]):[0-5]\d$", example="01:40")
_DAY_AND_TIME: Final = Written(
    what="a day of the week and a time in UTC, ddd:hh:mm",
    pattern=r"^(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):[0-5]\d$",
    example="tue:09:20",
)


def _kept(least: str, example: str) -> Written:
    return duration(least=least, most="10y", step="1h", example=example)


class BackupSettings(Section):
    """Backups by Velero, into the store of the place that is for backups."""

    recovery: RecoveryTargets = Field(description="What a restore from a backup has to achieve, be it of the whole cluster (DR-005).")
    every: Annotated[timedelta, _INTERVAL] = Field(
        description="How often the namespaces whose volumes nothing else brings back are backed up (BAK-004)."
    )
    keep_frequent: Annotated[timedelta, _kept("48h", "48h")] = Field(
        default=timedelta(hours=48), description="How long these backups are kept."
    )
    daily_at: Annotated[str, _TIME] = Field(
        default="01:40", description="When the daily backup of all namespaces starts; the weekly one starts on Sundays, two hours later."
    )
    keep_daily: Annotated[timedelta, _kept("7d", "30d")] = Field(
        default=timedelta(days=30), description="How long daily backups are kept (BAK-002, BAK-007)."
    )
    keep_weekly: Annotated[timedelta, _kept("30d", "90d")] = Field(
        default=timedelta(days=90), description="How long weekly backups are kept (BAK-003)."
    )
    drill_at: Annotated[str, _DAY_AND_TIME] = Field(
        default="tue:09:20", description="When, each week, the newest backup is restored and checked (BAK-005)."
    )

    @property
    def longest_kept(self) -> timedelta:
        """How long the oldest backup is kept."""
        return max(self.keep_frequent, self.keep_daily, self.keep_weekly)

    def contradictions(self) -> Iterator[Contradiction]:
        """An interval that cron cannot say, and one that the declared loss does not allow."""
        if write_duration(self.every) not in _INTERVALS:
            yield ("every",), f"{write_duration(self.every)} divides neither an hour nor a day; choose one of {', '.join(_INTERVALS)}"
        # A backup holds what there was when it began, and counts once it is complete.
        if self.every * 2 > self.recovery.rpo:
            lost = write_duration(self.every * 2)
            problem = f"backups every {write_duration(self.every)} lose up to {lost} until the next one is complete"
            yield ("every",), f"{problem}, but recovery.rpo is {write_duration(self.recovery.rpo)}; back up more often, or declare more"
