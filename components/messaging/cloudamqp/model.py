"""RabbitMQ by CloudAMQP: what a user sets."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from components.messaging.rabbitmq.model import RabbitmqSettings
from components.models.written import Written

Plan = Annotated[str, Written(what="a plan of CloudAMQP", pattern=r"^[a-z]+(-[0-9]+)?$", example="rabbit-3")]


class CloudAmqpSettings(RabbitmqSettings):
    """RabbitMQ by CloudAMQP."""

    kind: Literal["cloudamqp"] = Field(description="By CloudAMQP.")
    plan: Plan = Field(description="The plan, which says how many nodes there are and how large each is.")
