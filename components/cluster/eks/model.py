"""The Kubernetes cluster and its nodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field, ValidationInfo, field_validator

from components.cluster.model import TaintSettings, check_marks, repels_nothing, too_open
from components.models.recovery import RecoveryTargets
from components.models.scalars import (
    GIB,
    Cidr,
    Count,
    InstanceType,
    KubernetesRelease,
    LabelKey,
    LabelValue,
    LogRetention,
    RoleArn,
    Zone,
)
from components.models.section import Contradiction, Section, refuse, twice
from components.models.surroundings import Surroundings
from components.models.written import Written, quantity
from facts.addresses import is_internal
from facts.aws import Architecture, CapacityType, is_arm, partition_of

MOST_TAINTS: Final = 50
"""EKS allows no more of one node group (EKS user guide, "Service quotas")."""
_RESERVED_DOMAINS: Final = ("kubernetes.io", "k8s.io", "eks.amazonaws.com")
"""EKS and kubelets refuse labels and taints below these: they are Kubernetes' and EKS's to set."""

NodeGroupName = Annotated[
    str,
    Written(
        # EKS allows 63, of which "cluster-nodes-" and Pulumi's dash and seven digits are 22.
        what="a name of up to 41 of a-z, 0-9 and -, that starts and ends with a letter or digit",
        pattern=r"^[a-z0-9]([a-z0-9-]{0,39}[a-z0-9])?$",
        example="general",
    ),
]

# EKS lets no more ranges at its public endpoint (EKS service quotas).
MOST_PUBLIC_CIDRS: Final = 40
# A security group has 60 rules inward (Amazon VPC quotas); the control plane's has some of the platform's own.
MOST_PRIVATE_CIDRS: Final = 50


class NodeGroupSettings(Section):
    """Nodes of one kind, spread over all zones."""

    instance_types: Annotated[tuple[InstanceType, ...], Field(min_length=1)] = Field(
        description="EC2 instance types of one architecture; several are for spot capacity."
    )
    architecture: Architecture = Field(default=Architecture.X86_64, description="The processor of the instance types.")
    min_size: Annotated[Count, Field(ge=1, le=450)] = Field(description="Nodes at least.")
    desired_size: Annotated[Count, Field(ge=1, le=450)] | None = Field(
        default=None,
        description="Number of nodes to have now: as long as it is given, every run sets it. Without it the autoscaler decides, and a "
        "new group starts with minSize. To raise minSize above the present number of nodes, give it for one run.",
    )
    max_size: Annotated[Count, Field(ge=1, le=450)] = Field(description="Nodes at most.")
    disk_size: Annotated[Decimal, quantity(least="20Gi", most="16Ti", step="1Gi")] = Field(
        default=Decimal(80 * GIB), description="Each node's root volume."
    )
    zones: Annotated[tuple[Zone, ...], Field(min_length=1)] | None = Field(
        default=None,
        description="Zones of the nodes; without it those of the control plane, which stay the same when the network gains a zone. "
        "A group whose zones change is replaced: give a new zone a group of its own.",
    )
    capacity_type: CapacityType = Field(default=CapacityType.ON_DEMAND, description="How the instances are bought.")
    labels: Mapping[LabelKey, LabelValue] = Field(default={}, description="Kubernetes labels of the nodes.")
    taints: Annotated[tuple[TaintSettings, ...], Field(max_length=MOST_TAINTS)] = Field(default=(), description="Taints of the nodes.")

    @property
    def first_size(self) -> int:
        """Nodes to begin with."""
        return self.min_size if self.desired_size is None else self.desired_size

    @property
    def disk_gib(self) -> int:
        """The root volume in GiB."""
        return int(self.disk_size // GIB)

    @property
    def takes_any_pod(self) -> bool:
        """Whether pods that tolerate nothing may run here."""
        return repels_nothing(self.taints)

    def contradictions(self) -> Iterator[Contradiction]:
        """Sizes, instance types, zones, labels and taints that cannot be together, or not at all."""
        if not self.min_size <= self.first_size <= self.max_size:
            sizes = f"minSize {self.min_size}, desiredSize {self.first_size}, maxSize {self.max_size}"
            yield (), f"{sizes} are out of order; allowed is minSize <= desiredSize <= maxSize"
        yield from twice(self.instance_types, "instanceTypes")
        yield from twice(self.zones or (), "zones")
        for place, instance_type in enumerate(self.instance_types):
            processor = Architecture.ARM64 if is_arm(instance_type) else Architecture.X86_64
            if processor is not self.architecture:
                yield ("instanceTypes", place), f"{instance_type} is {processor}, but the group's architecture is {self.architecture}"
        yield from check_marks(self.labels, self.taints, reserved=_RESERVED_DOMAINS)


class ClusterSettings(Section):
    """EKS."""

    version: KubernetesRelease = Field(description="Kubernetes release, in quotes.")
    admin_role_arns: Annotated[tuple[RoleArn, ...], Field(min_length=1)] = Field(
        description="IAM roles that may do everything; among them the role that deploys."
    )
    viewer_role_arns: tuple[RoleArn, ...] = Field(
        default=(), description="IAM roles that may look at what is in the namespaces; not at secrets, nodes or custom resources."
    )
    public_access_cidrs: Annotated[tuple[Cidr, ...], Field(max_length=MOST_PUBLIC_CIDRS)] = Field(
        default=(), description="Networks that may call the Kubernetes API over the internet; none makes the API private."
    )
    private_access_cidrs: Annotated[tuple[Cidr, ...], Field(max_length=MOST_PRIVATE_CIDRS)] = Field(
        default=(),
        description="Networks, such as a VPN's, that may call the Kubernetes API through the VPC; plinth:network.access routes them.",
    )
    log_retention: LogRetention = Field(description="How long the control plane's logs are kept.")
    recovery: RecoveryTargets | None = Field(
        default=None, description="What a rebuild from code and backups has to achieve where the cluster is lost; null declares nothing."
    )
    node_groups: Annotated[Mapping[NodeGroupName, NodeGroupSettings], Field(min_length=1)] = Field(description="Groups of nodes by name.")

    @field_validator("admin_role_arns", "viewer_role_arns")
    @classmethod
    def _roles_are_of_the_partition(cls, roles: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if isinstance(info.context, Surroundings) and isinstance(info.context.region, str):
            partition = partition_of(info.context.region)
            refuse(
                ((place,), f"{role} is not in the partition of {info.context.region}; allowed are roles that begin with arn:{partition}:")
                for place, role in enumerate(roles)
                if not role.startswith(f"arn:{partition}:")
            )
        return roles

    def contradictions(self) -> Iterator[Contradiction]:
        """Roles that would be two things, networks that stand twice, an API that all may call."""
        yield from twice(self.admin_role_arns, "adminRoleArns")
        yield from twice(self.viewer_role_arns, "viewerRoleArns")
        yield from twice(tuple(map(str, self.public_access_cidrs)), "publicAccessCidrs")
        yield from twice(tuple(map(str, self.private_access_cidrs)), "privateAccessCidrs")
        for place, role in enumerate(self.viewer_role_arns):
            if role in self.admin_role_arns:
                yield ("viewerRoleArns", place), f"{role} is in adminRoleArns too; name it in one"
        yield from too_open("publicAccessCidrs", self.public_access_cidrs)
        yield from too_open("privateAccessCidrs", self.private_access_cidrs)
        if not any(group.takes_any_pod for group in self.node_groups.values()):
            yield ("nodeGroups",), "every group has a taint that keeps pods off, DNS and the platform's own among them; leave one without"
        for place, cidr in enumerate(self.public_access_cidrs):
            if is_internal(cidr):
                yield ("publicAccessCidrs", place), f"{cidr} is not on the internet, and EKS refuses it here; name it in privateAccessCidrs"
