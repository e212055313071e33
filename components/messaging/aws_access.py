"""Who may call a managed broker on AWS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.messaging.rabbitmq.connection import AMQPS
from components.messaging.rabbitmq.managed import MANAGEMENT

_PORTS: Final = {"amqp": AMQPS, "management": MANAGEMENT}


def admit_clients(
    component: Component, name: str, *, vpc_id: pulumi.Input[str], clients: Mapping[str, pulumi.Input[str]]
) -> aws.ec2.SecurityGroup:
    """The security group of the broker ``name``: ``clients``, groups by a short name, call AMQP and the management API."""
    # Without any egress rule: a broker answers, it does not call.
    group = aws.ec2.SecurityGroup(
        component.child_name("security-group"),
        aws.ec2.SecurityGroupArgs(vpc_id=vpc_id, description=f"Clients of the broker {name}", tags={"Name": name}),
        component.child_options(),
    )
    for client, client_group in clients.items():
        for purpose, port in _PORTS.items():
            aws.vpc.SecurityGroupIngressRule(
                component.child_name(f"{purpose}-from-{client}"),
                aws.vpc.SecurityGroupIngressRuleArgs(
                    security_group_id=group.id,
                    referenced_security_group_id=client_group,
                    ip_protocol="tcp",
                    from_port=port,
                    to_port=port,
                    description=f"RabbitMQ {purpose} from {client}",
                ),
                component.child_options(),
            )
    return group
