"""Who reaches PostgreSQL's port over the network."""

from __future__ import annotations

from typing import Final

import pulumi
import pulumi_aws as aws

from components.base import Component

PORT: Final = 5432


def admit(component: Component, role: str, *, into: pulumi.Input[str], group: pulumi.Input[str], description: str) -> None:
    """Let the security group ``group`` call the port of what is in the security group ``into``."""
    aws.vpc.SecurityGroupIngressRule(
        component.child_name(role),
        aws.vpc.SecurityGroupIngressRuleArgs(
            security_group_id=into,
            referenced_security_group_id=group,
            ip_protocol="tcp",
            from_port=PORT,
            to_port=PORT,
            description=description,
        ),
        component.child_options(),
    )
