"""RabbitMQ by CloudAMQP: what a user sets."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from components.messaging.rabbitmq.model import RabbitmqSettings
from components.models.scalars import WeeklyTime
from components.models.written import Written

Plan = Annotated[
    str,
    Written(
        what="a dedicated plan of CloudAMQP, which ends in its number of nodes: 1, 3 or 5",
        pattern=r"^[a-z]+-[135]$",
        example="rabbit-3",
    ),
]
RabbitmqVersion = Annotated[str, Written(what="an exact version of RabbitMQ", pattern=r"^4\.\d{1,2}\.\d{1,2}$", example="4.2.1")]


class CloudAmqpSettings(RabbitmqSettings):
    """RabbitMQ by CloudAMQP, in the region of the stack, reached by a private link."""

    kind: Literal["cloudamqp"] = Field(description="By CloudAMQP.")
    plan: Plan = Field(description="How many nodes there are, and how large each is.")
    version: RabbitmqVersion = Field(
        description="Version that the instance is created with, one that CloudAMQP offers; upgrades are made there: "
        "runbooks/cloudamqp-upgrade.md."
    )
    maintenance_window: WeeklyTime = Field(
        default="sun:05:00", description="When three hours begin in which CloudAMQP prefers to maintain nodes, one after another."
    )

    @property
    def nodes(self) -> int:
        """How many nodes the plan has."""
        return int(self.plan.rpartition("-")[2])
