"""The nodes of a cluster: managed groups, each spread over all zones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.base import Component, ComponentError
from facts.aws import Architecture, CapacityType, TaintEffect

_AMI_TYPES = {Architecture.X86_64: "AL2023_x86_64_STANDARD", Architecture.ARM64: "AL2023_ARM_64_STANDARD"}
# The root device of Amazon Linux 2023.
ROOT_DEVICE = "/dev/xvda"


class NodeGroupError(ComponentError):
    """The node group cannot be: its sizes contradict each other."""


@dataclass(frozen=True, kw_only=True)
class Taint:
    """A taint of every node of a group."""

    key: str
    value: str
    effect: TaintEffect = TaintEffect.NO_SCHEDULE


@dataclass(frozen=True, kw_only=True)
class NodeGroup:
    """Nodes of a kind: 1 ≤ ``min_size`` ≤ ``desired_size`` ≤ ``max_size`` of them, each with a root volume of ``disk_gib``.

    ``desired_size`` counts when the group is created; from then on the autoscaler decides. ``max_unavailable`` nodes at a time are
    replaced during an update.

    Raises:
        NodeGroupError: the sizes are not in that order, or more nodes than exist may be unavailable.
    """

    name: str
    instance_types: Sequence[str]
    min_size: int
    desired_size: int
    max_size: int
    disk_gib: int = 80
    max_unavailable: int = 1
    architecture: Architecture = Architecture.X86_64
    capacity_type: CapacityType = CapacityType.ON_DEMAND
    labels: Mapping[str, str] = field(default_factory=dict)
    taints: Sequence[Taint] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.min_size <= self.desired_size <= self.max_size:
            raise NodeGroupError(
                f"node group {self.name}: sizes {self.min_size}, {self.desired_size}, {self.max_size} are out of order; "
                "allowed is 1 <= min_size <= desired_size <= max_size"
            )
        if not 1 <= self.max_unavailable <= self.max_size:
            raise NodeGroupError(
                f"node group {self.name}: max_unavailable is {self.max_unavailable}; allowed are 1 to its max_size of {self.max_size}"
            )


@dataclass(frozen=True, kw_only=True)
class NodeContext:
    """The cluster that nodes join. ``tags`` reach instances, volumes and interfaces, where a provider's default tags do not."""

    cluster_name: pulumi.Input[str]
    kubernetes_version: str
    node_role_arn: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    security_group_id: pulumi.Input[str]
    tags: Mapping[str, str]


def create_node_group(cluster: Component, group: NodeGroup, context: NodeContext, *, after: Sequence[pulumi.Resource]) -> aws.eks.NodeGroup:
    """Create a group over all of the context's subnets, behind ``after``: the permissions of its role and the network of its pods."""
    template = _create_launch_template(cluster, group, context)
    return aws.eks.NodeGroup(
        cluster.child_name(f"nodes-{group.name}"),
        aws.eks.NodeGroupArgs(
            cluster_name=context.cluster_name,
            node_role_arn=context.node_role_arn,
            subnet_ids=list(context.subnet_ids),
            version=context.kubernetes_version,
            ami_type=_AMI_TYPES[group.architecture],
            capacity_type=group.capacity_type.value,
            instance_types=list(group.instance_types),
            launch_template=aws.eks.NodeGroupLaunchTemplateArgs(id=template.id, version=template.latest_version.apply(str)),
            scaling_config=aws.eks.NodeGroupScalingConfigArgs(
                min_size=group.min_size, desired_size=group.desired_size, max_size=group.max_size
            ),
            update_config=aws.eks.NodeGroupUpdateConfigArgs(max_unavailable=group.max_unavailable),
            node_repair_config=aws.eks.NodeGroupNodeRepairConfigArgs(enabled=True),
            labels=dict(group.labels),
            taints=[aws.eks.NodeGroupTaintArgs(key=taint.key, value=taint.value, effect=taint.effect.value) for taint in group.taints],
        ),
        # The autoscaler moves the desired size all day: setting it back on each update would take nodes from under running pods.
        cluster.child_options(depends_on=list(after), ignore_changes=["scalingConfig.desiredSize"]),
    )


def _create_launch_template(cluster: Component, group: NodeGroup, context: NodeContext) -> aws.ec2.LaunchTemplate:
    name = cluster.child_name(f"nodes-{group.name}")
    return aws.ec2.LaunchTemplate(
        name,
        aws.ec2.LaunchTemplateArgs(
            description=f"Nodes of the group {group.name}",
            update_default_version=True,
            metadata_options=aws.ec2.LaunchTemplateMetadataOptionsArgs(
                http_endpoint="enabled",
                http_tokens="required",
                # One hop ends on the node itself: pods cannot reach the credentials of its role.
                http_put_response_hop_limit=1,
            ),
            block_device_mappings=[
                aws.ec2.LaunchTemplateBlockDeviceMappingArgs(
                    device_name=ROOT_DEVICE,
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
        cluster.child_options(),
    )
