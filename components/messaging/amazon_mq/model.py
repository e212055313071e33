"""RabbitMQ by Amazon MQ: what a user sets."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from components.messaging.rabbitmq.model import RabbitmqSettings
from components.models.scalars import WeeklyTime
from components.models.written import Written

BrokerInstanceType = Annotated[
    str,
    Written(
        what="an instance type of Amazon MQ for RabbitMQ 4, of the family m7g",
        pattern=r"^mq\.m7g\.(medium|large|(2|4|8|12|16)?xlarge)$",
        example="mq.m7g.large",
    ),
]


class AmazonMqSettings(RabbitmqSettings):
    """RabbitMQ by Amazon MQ, in the isolated subnets of the stack."""

    kind: Literal["amazon-mq"] = Field(description="By Amazon MQ.")
    engine_version: Literal["4.2", "4.3"] = Field(
        default="4.2",
        description="Release of RabbitMQ; Amazon MQ picks the patch, and brings newer ones in the maintenance window.",
    )
    instance_type: BrokerInstanceType = Field(description="Of each node; medium is for tests alone.")
    nodes: Literal[1, 3] = Field(default=3, description="3 in three zones, or 1, which loses what its zone loses.")
    maintenance_window: WeeklyTime = Field(
        default="sun:05:00", description="When two hours begin in which Amazon MQ may restart nodes, one after another."
    )
