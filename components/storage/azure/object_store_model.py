"""What can be set of an object store on Azure."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

from pydantic import Field

from components.models.scalars import Flag
from components.models.section import Section
from components.models.written import duration

_LONGEST_SOFT_DELETE: Final = 365
_LONGEST_IMMUTABILITY: Final = 146_000


class ObjectStoreSettings(Section):
    """A store of objects, such as backups: every version of each is kept for a while."""

    keep_for: Annotated[timedelta, duration(least="1d", most=f"{_LONGEST_SOFT_DELETE}d", step="1d", example="90d")] = Field(
        description="For how long what was overwritten or deleted can be brought back, at least. What is neither stays: deleting "
        "it is up to whoever wrote it."
    )
    immutable_for: Annotated[timedelta, duration(least="1d", most=f"{_LONGEST_IMMUTABILITY}d", step="1d", example="30d")] | None = Field(
        default=None,
        description="For how long after it was written no version can be changed or deleted. To begin with this or to end it, "
        "Azure replaces the whole store; a store that has it is deleted by hand: docs/azure.md.",
    )
    geo_redundant: Flag = Field(
        default=False, description="Whether there is a copy in the paired region too, minutes behind. The region must have a pair."
    )
