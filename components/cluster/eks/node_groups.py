"""The nodes of a cluster: managed groups, each spread over its zones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.cluster.eks.model import NodeGroupSettings
from facts.aws import Architecture

_AMI_TYPES: Final = {Architecture.X86_64: "AL2023_x86_64_STANDARD", Architecture.ARM64: "AL2023_ARM_64_STANDARD"}
# The root device of Amazon Linux 2023.
_ROOT_DEVICE: Final = "/dev/xvda"
# EKS gives the pods of a node 15 minutes to leave; the rest is for the machine to come, and to go.
_MINUTES_PER_NODE: Final = 20
_MINUTES_OF_SETTING_UP: Final = 60
_ADDED_PER_ZONE: Final = 2


@dataclass(frozen=True, kw_only=True)
class NodeContext:
    """The cluster that nodes join.

    Attributes:
        cluster_name: its name.
        kubernetes_version: its release.
        node_image: release version of the nodes' image.
        node_role_arn: whom the nodes sign in as.
        subnet_ids: of every zone, by zone.
        zones: where a group that names none has its nodes.
        security_group_id: of nodes and pods.
        tags: reach instances, volumes and interfaces, where a provider's default tags do not.
    """

    cluster_name: pulumi.Input[str]
    kubernetes_version: str
    node_image: str
    node_role_arn: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    zones: Sequence[str]
    security_group_id: pulumi.Input[str]
    tags: Mapping[str, str]


def create_node_group(
    cluster: Component, name: str, group: NodeGroupSettings, context: NodeContext, *, after: Sequence[pulumi.Resource]
) -> aws.eks.NodeGroup:
    """Create a group over its zones, behind ``after``: its role's permissions, its pods' network."""
    role = f"nodes-{name}"
    template = _create_launch_template(cluster, role, group, context)
    # The autoscaler moves the desired size all day: setting it back on each update would take nodes
    # from under running pods. Whoever writes it wants it set: EKS refuses a minSize above it, and
    # Pulumi would hand over the one that it saw last.
    ignored = ["scalingConfig.desiredSize"] if group.desired_size is None else []
    patience = f"{roll_minutes(group.max_size)}m"
    created = aws.eks.NodeGroup(
        cluster.child_name(role),
        aws.eks.NodeGroupArgs(
            cluster_name=context.cluster_name,
            node_role_arn=context.node_role_arn,
            subnet_ids=[context.subnet_ids[zone] for zone in group.zones or context.zones],
            version=context.kubernetes_version,
            release_version=context.node_image,
            ami_type=_AMI_TYPES[group.architecture],
            capacity_type=group.capacity_type.value,
            instance_types=list(group.instance_types),
            launch_template=aws.eks.NodeGroupLaunchTemplateArgs(id=template.id, version=template.latest_version.apply(str)),
            scaling_config=aws.eks.NodeGroupScalingConfigArgs(
                min_size=group.min_size, desired_size=group.first_size, max_size=group.max_size
            ),
            # One by one, and never by force: a budget that holds a node up for 15 minutes ends the
            # update, and no broker is killed.
            update_config=aws.eks.NodeGroupUpdateConfigArgs(max_unavailable=1),
            node_repair_config=aws.eks.NodeGroupNodeRepairConfigArgs(enabled=True),
            labels=dict(group.labels),
            taints=[aws.eks.NodeGroupTaintArgs(key=taint.key, value=taint.value, effect=taint.effect.value) for taint in group.taints],
        ),
        cluster.child_options(
            depends_on=list(after),
            ignore_changes=ignored,
            custom_timeouts=pulumi.CustomTimeouts(create="60m", update=patience, delete=patience),
        ),
    )
    _tag_instances(cluster, role, created, context.tags)
    return created


def most_nodes(groups: Iterable[NodeGroupSettings], zones: Sequence[str]) -> int:
    """How many nodes there may be at once, with those that EKS adds while it updates every group.

    Those are up to two in each zone of a group (EKS user guide, "Understand each phase of node
    updates"); ``zones`` are those of groups that name none.
    """
    return sum(group.max_size + _ADDED_PER_ZONE * len(group.zones or zones) for group in groups)


def roll_minutes(nodes: int) -> int:
    """The longest that EKS may take to replace nodes one by one, waiting for their pods to move."""
    return _MINUTES_OF_SETTING_UP + _MINUTES_PER_NODE * nodes


def _create_launch_template(cluster: Component, role: str, group: NodeGroupSettings, context: NodeContext) -> aws.ec2.LaunchTemplate:
    name = cluster.child_name(role)
    return aws.ec2.LaunchTemplate(
        name,
        aws.ec2.LaunchTemplateArgs(
            description=f"Nodes of the group {role.removeprefix('nodes-')}",
            update_default_version=True,
            metadata_options=aws.ec2.LaunchTemplateMetadataOptionsArgs(
                http_endpoint="enabled",
                http_tokens="required",
                # One hop ends on the node itself: pods cannot reach the credentials of its role.
                http_put_response_hop_limit=1,
            ),
            block_device_mappings=[
                aws.ec2.LaunchTemplateBlockDeviceMappingArgs(
                    device_name=_ROOT_DEVICE,
                    ebs=aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
                        volume_type="gp3", volume_size=group.disk_gib, encrypted="true", delete_on_termination="true"
                    ),
                )
            ],
            monitoring=aws.ec2.LaunchTemplateMonitoringArgs(enabled=True),
            network_interfaces=[
                aws.ec2.LaunchTemplateNetworkInterfaceArgs(
                    device_index=0,
                    associate_public_ip_address="false",
                    delete_on_termination="true",
                    security_groups=[context.security_group_id],
                )
            ],
            tag_specifications=[
                aws.ec2.LaunchTemplateTagSpecificationArgs(resource_type=kind, tags={**context.tags, "Name": name})
                for kind in ("instance", "volume", "network-interface")
            ],
        ),
        # A new version of the template replaces every node, which a changed tag is not worth.
        cluster.child_options(ignore_changes=["tagSpecifications"]),
    )


def _tag_instances(cluster: Component, role: str, group: aws.eks.NodeGroup, tags: Mapping[str, str]) -> None:
    """Tags that may change: those of the Auto Scaling group reach the instances it starts later."""
    scaling_group = group.resources[0].autoscaling_groups[0].name
    for key, value in tags.items():
        aws.autoscaling.Tag(
            cluster.child_name(f"{role}-{key}"),
            aws.autoscaling.TagArgs(
                autoscaling_group_name=scaling_group,
                tag=aws.autoscaling.TagTagArgs(key=key, value=value, propagate_at_launch=True),
            ),
            cluster.child_options(),
        )
