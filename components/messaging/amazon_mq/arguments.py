"""What a broker of Amazon MQ needs besides its settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.aws import AwsLocation
from components.messaging.amazon_mq.model import AmazonMqSettings


@dataclass(frozen=True, kw_only=True)
class AmazonMqBrokerArgs:
    """One broker of Amazon MQ.

    Attributes:
        settings: its size, and what is declared in it.
        location: the account and region.
        name: of the broker, unique in the account and region.
        vpc_id: of the network.
        subnet_ids: isolated ones, each in a zone of its own.
        cidrs: of these subnets.
        client_security_groups: who may call AMQP and the management API, by a short name.
        second_region: where a copy of the administrator's credentials is kept; None where the stack has none.
        retain: protect it.
    """

    settings: AmazonMqSettings
    location: AwsLocation
    name: str
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    cidrs: Sequence[str]
    client_security_groups: Mapping[str, pulumi.Input[str]]
    second_region: str | None
    retain: bool
