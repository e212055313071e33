"""The object storage that the platform installs where there is none."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from components.models.section import Section
from components.models.written import quantity


class MinioSettings(Section):
    """MinIO: one server with one volume, for what the platform itself stores."""

    storage: Annotated[Decimal, quantity(least="1Gi", most="16Ti", example="100Gi")] = Field(
        description="Its volume: every backup within the retention, and the changes between them, twice over for what was deleted lately."
    )
