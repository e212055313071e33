"""A way in without a VPN: AWS Systems Manager forwards ports through a small instance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

import pulumi
import pulumi_aws as aws

from components.aws import AwsLocation, role_with_policies, service_trust
from components.base import Component
from components.network.aws.routing import ANYWHERE

# Enough for the agent; Graviton, as the image is.
INSTANCE_TYPE: Final = "t4g.micro"
# Amazon Linux 2023 with the agent of Systems Manager; AWS keeps the parameter at the newest one.
IMAGE: Final = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
ROOT_DEVICE: Final = "/dev/xvda"
# Replaced weekly, so that it runs what AWS has patched.
LIFETIME_SECONDS: Final = 7 * 24 * 3600
HTTPS: Final = 443


@dataclass(frozen=True, kw_only=True)
class ForwarderSpec:
    """The instance that sessions go through.

    Attributes:
        name: its Name tag, by which people find it.
        database_port: TCP port of the databases; None where there are none.
        database_cidrs: where the databases have their addresses.
        tags: reach instance and volume, where a provider's default tags do not.
    """

    name: str
    database_port: int | None
    database_cidrs: Sequence[IPv4Network]
    tags: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Forwarder:
    """What sessions come from.

    Attributes:
        security_group_id: for what they reach to let in.
        parts: what must be there before a session can start.
    """

    security_group_id: pulumi.Output[str]
    parts: Sequence[pulumi.Resource]


def create_forwarder(
    network: Component,
    spec: ForwarderSpec,
    *,
    location: AwsLocation,
    vpc_id: pulumi.Input[str],
    subnet_ids: Sequence[pulumi.Input[str]],
    after: Sequence[pulumi.Resource],
) -> Forwarder:
    """Keep one instance running in a subnet, behind ``after``: its way to Systems Manager.

    Nothing may connect to it: its agent asks Systems Manager for sessions, and IAM decides who may
    start one (``ssm:StartSession``). It may call the Kubernetes API, AWS and the databases.
    """
    group = aws.ec2.SecurityGroup(
        network.child_name("session-manager"),
        aws.ec2.SecurityGroupArgs(vpc_id=vpc_id, description="Forwards ports for sessions of Systems Manager", tags={"Name": spec.name}),
        network.child_options(),
    )
    rules = _create_egress_rules(network, group, spec)
    role, attached = role_with_policies(
        network,
        "session-manager",
        description="The instance that forwards ports for sessions of Systems Manager",
        trust=service_trust("ec2.amazonaws.com"),
        policy_arns={"core": location.managed_policy("AmazonSSMManagedInstanceCore")},
    )
    profile = aws.iam.InstanceProfile(
        network.child_name("session-manager"), aws.iam.InstanceProfileArgs(role=role.name), network.child_options()
    )
    template = _create_template(network, spec, profile=profile, group=group)
    keeper = aws.autoscaling.Group(
        network.child_name("session-manager"),
        aws.autoscaling.GroupArgs(
            min_size=1,
            max_size=1,
            desired_capacity=1,
            vpc_zone_identifiers=list(subnet_ids),
            launch_template=aws.autoscaling.GroupLaunchTemplateArgs(id=template.id, version=template.latest_version.apply(str)),
            max_instance_lifetime=LIFETIME_SECONDS,
            instance_refresh=aws.autoscaling.GroupInstanceRefreshArgs(
                strategy="Rolling",
                preferences=aws.autoscaling.GroupInstanceRefreshPreferencesArgs(min_healthy_percentage=0),
            ),
            tags=[aws.autoscaling.GroupTagArgs(key="Name", value=spec.name, propagate_at_launch=False)],
        ),
        network.child_options(depends_on=[*after, *attached, *rules]),
    )
    return Forwarder(security_group_id=group.id, parts=[keeper])


def _create_egress_rules(network: Component, group: aws.ec2.SecurityGroup, spec: ForwarderSpec) -> list[pulumi.Resource]:
    ways = {"https": ("HTTPS to the Kubernetes API and to AWS", HTTPS, ANYWHERE)}
    if spec.database_port is not None:
        ways |= {f"database-{place}": ("Databases", spec.database_port, str(cidr)) for place, cidr in enumerate(spec.database_cidrs)}
    return [
        aws.vpc.SecurityGroupEgressRule(
            network.child_name(f"session-manager-to-{role}"),
            aws.vpc.SecurityGroupEgressRuleArgs(
                security_group_id=group.id, description=description, ip_protocol="tcp", from_port=port, to_port=port, cidr_ipv4=cidr
            ),
            network.child_options(),
        )
        for role, (description, port, cidr) in ways.items()
    ]


def _create_template(
    network: Component, spec: ForwarderSpec, *, profile: aws.iam.InstanceProfile, group: aws.ec2.SecurityGroup
) -> aws.ec2.LaunchTemplate:
    return aws.ec2.LaunchTemplate(
        network.child_name("session-manager"),
        aws.ec2.LaunchTemplateArgs(
            description="Forwards ports for sessions of Systems Manager",
            image_id=IMAGE,
            instance_type=INSTANCE_TYPE,
            update_default_version=True,
            iam_instance_profile=aws.ec2.LaunchTemplateIamInstanceProfileArgs(arn=profile.arn),
            metadata_options=aws.ec2.LaunchTemplateMetadataOptionsArgs(
                http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=1
            ),
            block_device_mappings=[
                aws.ec2.LaunchTemplateBlockDeviceMappingArgs(
                    device_name=ROOT_DEVICE,
                    ebs=aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(volume_type="gp3", encrypted="true", delete_on_termination="true"),
                )
            ],
            network_interfaces=[
                aws.ec2.LaunchTemplateNetworkInterfaceArgs(
                    device_index=0,
                    associate_public_ip_address="false",
                    delete_on_termination="true",
                    security_groups=[group.id],
                )
            ],
            tag_specifications=[
                aws.ec2.LaunchTemplateTagSpecificationArgs(resource_type=kind, tags={**spec.tags, "Name": spec.name})
                for kind in ("instance", "volume")
            ],
        ),
        network.child_options(),
    )
