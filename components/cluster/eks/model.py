"""The Kubernetes cluster and its nodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from components.models.scalars import (
    GIB,
    Cidr,
    Count,
    DnsLabel,
    InstanceType,
    KubernetesRelease,
    LabelKey,
    LabelValue,
    LogRetention,
    RoleArn,
)
from components.models.section import Contradiction, Section, twice
from components.models.written import quantity
from facts.aws import Architecture, CapacityType, TaintEffect, is_arm


class TaintSettings(Section):
    """A taint of every node of a group."""

    key: LabelKey = Field(description="The taint's key.")
    value: LabelValue = Field(default="", description="The taint's value.")
    effect: TaintEffect = Field(default=TaintEffect.NO_SCHEDULE, description="What happens to pods that do not tolerate it.")


class NodeGroupSettings(Section):
    """Nodes of one kind, spread over all zones."""

    instance_types: Annotated[tuple[InstanceType, ...], Field(min_length=1)] = Field(
        description="EC2 instance types of one architecture; several are for spot capacity."
    )
    architecture: Architecture = Field(default=Architecture.X86_64, description="The processor of the instance types.")
    min_size: Annotated[Count, Field(ge=1, le=450)] = Field(description="Nodes at least.")
    desired_size: Annotated[Count, Field(ge=1, le=450)] | None = Field(
        default=None, description="Nodes to begin with, minSize where it is left out; later the autoscaler decides."
    )
    max_size: Annotated[Count, Field(ge=1, le=450)] = Field(description="Nodes at most.")
    disk_size: Annotated[Decimal, quantity(least="20Gi", most="16Ti", step="1Gi")] = Field(
        default=Decimal(80 * GIB), description="Each node's root volume."
    )
    capacity_type: CapacityType = Field(default=CapacityType.ON_DEMAND, description="How the instances are bought.")
    labels: Mapping[LabelKey, LabelValue] = Field(default={}, description="Kubernetes labels of the nodes.")
    taints: tuple[TaintSettings, ...] = Field(default=(), description="Taints of the nodes.")

    @property
    def first_size(self) -> int:
        """Nodes to begin with."""
        return self.min_size if self.desired_size is None else self.desired_size

    @property
    def disk_gib(self) -> int:
        """The root volume in GiB."""
        return int(self.disk_size // GIB)

    def contradictions(self) -> Iterator[Contradiction]:
        """Sizes out of order, instance types that stand twice or have another processor."""
        if not self.min_size <= self.first_size <= self.max_size:
            sizes = f"minSize {self.min_size}, desiredSize {self.first_size}, maxSize {self.max_size}"
            yield (), f"{sizes} are out of order; allowed is minSize <= desiredSize <= maxSize"
        yield from twice(self.instance_types, "instanceTypes")
        for place, instance_type in enumerate(self.instance_types):
            processor = Architecture.ARM64 if is_arm(instance_type) else Architecture.X86_64
            if processor is not self.architecture:
                yield ("instanceTypes", place), f"{instance_type} is {processor}, but the group's architecture is {self.architecture}"


class ClusterSettings(Section):
    """EKS."""

    version: KubernetesRelease = Field(description="Kubernetes release, in quotes.")
    admin_role_arns: Annotated[tuple[RoleArn, ...], Field(min_length=1)] = Field(
        description="IAM roles that may do everything; among them the role that deploys."
    )
    viewer_role_arns: tuple[RoleArn, ...] = Field(default=(), description="IAM roles that may read everything but secrets.")
    public_access_cidrs: tuple[Cidr, ...] = Field(
        default=(), description="Networks that may call the Kubernetes API over the internet; none makes the API private."
    )
    private_access_cidrs: tuple[Cidr, ...] = Field(
        default=(), description="Networks, such as a VPN's, that may call the Kubernetes API through the VPC."
    )
    log_retention: LogRetention = Field(description="How long the control plane's logs are kept.")
    node_groups: Annotated[Mapping[DnsLabel, NodeGroupSettings], Field(min_length=1)] = Field(description="Groups of nodes by name.")

    def contradictions(self) -> Iterator[Contradiction]:
        """Roles that would be two things, and an API that the whole internet may call."""
        yield from twice(self.admin_role_arns, "adminRoleArns")
        for place, role in enumerate(self.viewer_role_arns):
            if role in self.admin_role_arns:
                yield ("viewerRoleArns", place), f"{role} is in adminRoleArns too; name it in one"
        for field, cidrs in (("publicAccessCidrs", self.public_access_cidrs), ("privateAccessCidrs", self.private_access_cidrs)):
            for place, cidr in enumerate(cidrs):
                if cidr.prefixlen == 0:
                    yield (field, place), f"{cidr} lets everybody in; name the networks that may come, or none"
