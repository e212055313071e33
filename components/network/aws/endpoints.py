"""Ways to AWS services that stay inside the network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.network.aws.model import NetworkSettings

GATEWAY_SERVICES: Final = ("s3", "dynamodb")
# What nodes, add-ons and controllers of a cluster without a way to the internet call (EKS user
# guide, "private clusters").
CLUSTER_SERVICES: Final = (
    "autoscaling",
    "ec2",
    "ecr.api",
    "ecr.dkr",
    "eks",
    "eks-auth",
    "elasticloadbalancing",
    "kms",
    "logs",
    "secretsmanager",
    "sts",
)
# What the agent of Systems Manager calls since its release 3.3.40; ec2messages, which older ones
# call, is not in every region.
SESSION_SERVICES: Final = ("ssm", "ssmmessages")


def interface_services(settings: NetworkSettings) -> tuple[str, ...]:
    """The services, such as ``ecr.api``, that the network has private addresses for."""
    if not settings.interface_endpoints:
        return ()
    return (*CLUSTER_SERVICES, *(SESSION_SERVICES if settings.access.session_manager else ()))


def create_gateway_endpoints(
    network: Component, *, region: str, vpc_id: pulumi.Input[str], route_table_ids: Sequence[pulumi.Input[str]]
) -> list[pulumi.Resource]:
    """Routes to S3 (also the layers of every image) and DynamoDB.

    They cost nothing and spare the NAT gateways their traffic.
    """
    return [
        aws.ec2.VpcEndpoint(
            network.child_name(f"endpoint-{service}"),
            aws.ec2.VpcEndpointArgs(
                vpc_id=vpc_id,
                vpc_endpoint_type="Gateway",
                service_name=_service_name(region, service),
                route_table_ids=list(route_table_ids),
                tags={"Name": network.child_name(service)},
            ),
            network.child_options(),
        )
        for service in GATEWAY_SERVICES
    ]


def create_interface_endpoints(
    network: Component, services: Sequence[str], *, region: str, vpc: aws.ec2.Vpc, subnet_ids: Sequence[pulumi.Input[str]]
) -> list[pulumi.Resource]:
    """Private addresses for ``services``, such as ``ecr.api``, under their usual names.

    They answer HTTPS from within the VPC alone.
    """
    if not services:
        return []
    group = aws.ec2.SecurityGroup(
        network.child_name("endpoints"),
        aws.ec2.SecurityGroupArgs(
            vpc_id=vpc.id, description="HTTPS from the VPC to AWS services", tags={"Name": network.child_name("endpoints")}
        ),
        network.child_options(),
    )
    rule = aws.vpc.SecurityGroupIngressRule(
        network.child_name("endpoints-https"),
        aws.vpc.SecurityGroupIngressRuleArgs(
            security_group_id=group.id,
            description="HTTPS from the VPC",
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            cidr_ipv4=vpc.cidr_block,
        ),
        network.child_options(),
    )
    return [
        aws.ec2.VpcEndpoint(
            network.child_name(f"endpoint-{service}"),
            aws.ec2.VpcEndpointArgs(
                vpc_id=vpc.id,
                vpc_endpoint_type="Interface",
                service_name=_service_name(region, service),
                private_dns_enabled=True,
                subnet_ids=list(subnet_ids),
                security_group_ids=[group.id],
                tags={"Name": network.child_name(service)},
            ),
            # Their names answer for as long as they are there: let callers in before, and out after.
            network.child_options(depends_on=[rule]),
        )
        for service in services
    ]


def _service_name(region: str, service: str) -> str:
    return f"com.amazonaws.{region}.{service}"
