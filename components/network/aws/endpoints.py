"""Ways to AWS services that stay inside the network."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.base import Component

GATEWAY_SERVICES = ("s3", "dynamodb")
# What nodes, add-ons and controllers of a cluster without a way to the internet call (EKS user guide, "private clusters").
EKS_INTERFACE_SERVICES = (
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


def create_gateway_endpoints(
    network: Component, *, region: str, vpc_id: pulumi.Input[str], route_table_ids: Sequence[pulumi.Input[str]]
) -> None:
    """Routes to S3 (also the layers of every image) and DynamoDB: they cost nothing and spare the NAT gateways their traffic."""
    for service in GATEWAY_SERVICES:
        aws.ec2.VpcEndpoint(
            network.child_name(f"endpoint-{service}"),
            aws.ec2.VpcEndpointArgs(
                vpc_id=vpc_id,
                vpc_endpoint_type="Gateway",
                service_name=f"com.amazonaws.{region}.{service}",
                route_table_ids=list(route_table_ids),
                tags={"Name": network.child_name(service)},
            ),
            network.child_options(),
        )


def create_interface_endpoints(
    network: Component,
    services: Sequence[str],
    *,
    region: str,
    vpc: aws.ec2.Vpc,
    subnet_ids: Sequence[pulumi.Input[str]],
) -> None:
    """Private addresses for ``services`` (such as ``ecr.api``) under their usual names, for HTTPS from within the VPC alone."""
    if not services:
        return
    group = aws.ec2.SecurityGroup(
        network.child_name("endpoints"),
        aws.ec2.SecurityGroupArgs(
            vpc_id=vpc.id, description="HTTPS from the VPC to AWS services", tags={"Name": network.child_name("endpoints")}
        ),
        network.child_options(),
    )
    aws.vpc.SecurityGroupIngressRule(
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
    for service in services:
        aws.ec2.VpcEndpoint(
            network.child_name(f"endpoint-{service}"),
            aws.ec2.VpcEndpointArgs(
                vpc_id=vpc.id,
                vpc_endpoint_type="Interface",
                service_name=f"com.amazonaws.{region}.{service}",
                private_dns_enabled=True,
                subnet_ids=list(subnet_ids),
                security_group_ids=[group.id],
                tags={"Name": network.child_name(service)},
            ),
            network.child_options(),
        )
