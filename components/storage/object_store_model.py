"""What can be set of an object store that the platform makes, whichever cloud it is in."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

from pydantic import Field

from components.models.recovery import RecoveryTargets
from components.models.section import Section
from components.models.written import duration

BACKUPS: Final = "backups"
"""The name of the store that backups are in."""
_LONGEST_SOFT_DELETE: Final = 365
"""Days; Azure has no longer soft delete, and S3 no limit that matters."""
_LONGEST_LOCK: Final = 36_500
"""Days; S3 locks for no more than 100 years, Azure for four times as long."""


class StoreSettings(Section):
    """A store of objects, such as backups: every version of each is kept for a while."""

    keep_for: Annotated[timedelta, duration(least="1d", most=f"{_LONGEST_SOFT_DELETE}d", step="1d", example="90d")] = Field(
        description="For how long what was overwritten or deleted can be brought back, at least. What is neither stays: deleting "
        "it is up to whoever wrote it."
    )
    immutable_for: Annotated[timedelta, duration(least="1d", most=f"{_LONGEST_LOCK}d", step="1d", example="30d")] | None = Field(
        default=None,
        description="For how long after it was written no version can be changed or deleted. A store that has it can be deleted only "
        "once it is empty: docs/object-stores.md.",
    )
    recovery: RecoveryTargets | None = Field(
        default=None, description="What it has to achieve where it is lost with its region; null declares nothing."
    )
