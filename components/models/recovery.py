"""How much may be lost, and how long it may take: what each stateful component declares (DR-005, DR-006)."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from components.models.section import Section
from components.models.written import duration
from facts.duration import format_duration


class RecoveryTargets(Section):
    """What recovery has to achieve."""

    rpo: Annotated[timedelta, duration(least="0s", most="30d", example="5m")] = Field(
        description="How much of the latest data may be lost (recovery point objective)."
    )
    rto: Annotated[timedelta, duration(least="1s", most="30d", example="10m")] = Field(
        description="How long it may take until it serves again (recovery time objective)."
    )

    @property
    def annotations(self) -> dict[str, str]:
        """The markers of an object in Kubernetes."""
        return {"platform/rpo": format_duration(self.rpo), "platform/rto": format_duration(self.rto)}

    @property
    def tags(self) -> dict[str, str]:
        """The markers of a resource of a cloud."""
        return {"platform:rpo": format_duration(self.rpo), "platform:rto": format_duration(self.rto)}
