"""Backups of what NATS stores, as settings have them."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

from pydantic import Field

from components.models.section import Section
from components.models.written import Written, duration

_TIME: Final = r"^([01]\d|2[0-3]):[0-5]\d$"


class BackupSettings(Section):
    """A backup of each stream and bucket once a day, into the store ``backups``; without that store there is none."""

    at: Annotated[str, Written(what="a time of the day, hh:mm in UTC", pattern=_TIME, example="01:17")] = Field(
        default="01:17", description="When it begins; streams are taken one after the other."
    )
    keep_for: Annotated[timedelta, duration(least="1d", most="3650d", step="1d", example="30d")] = Field(
        default=timedelta(days=7), description="How long a backup is kept, once a newer one is there."
    )
    takes: Annotated[timedelta, duration(least="10m", most="20h", example="6h")] = Field(
        default=timedelta(hours=6), description="After this long an unfinished backup is ended and counts as failed."
    )
