"""RabbitMQ by Amazon MQ: what a user sets."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from components.messaging.rabbitmq.model import RabbitmqSettings
from components.models.written import Written

BrokerInstanceType = Annotated[
    str, Written(what="an instance type of Amazon MQ", pattern=r"^mq\.[a-z0-9]+\.[a-z0-9]+$", example="mq.m7g.large")
]


class AmazonMqSettings(RabbitmqSettings):
    """RabbitMQ by Amazon MQ, in the private subnets of the stack."""

    kind: Literal["amazon-mq"] = Field(description="By Amazon MQ.")
    instance_type: BrokerInstanceType = Field(description="Of each broker instance.")
