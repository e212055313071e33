"""The Kubernetes cluster on Azure, and its nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from math import ceil
from typing import Annotated, Final

from pydantic import Field

from components.cluster.model import TaintSettings, check_marks, repels_nothing, too_open
from components.models.azure import Uuid, Zone
from components.models.recovery import RecoveryTargets
from components.models.scalars import GIB, Cidr, Count, Flag, KubernetesRelease, LabelKey, LabelValue, MaintenanceWindow
from components.models.section import Contradiction, Section, twice
from components.models.written import Written, quantity
from facts.addresses import is_internal
from facts.windows import parse_maintenance_window

SYSTEM_POOL: Final = "system"
SURGE: Final = 33
"""How many more nodes a pool has while it is upgraded, in per cent (AKS, "Upgrade an AKS cluster")."""
# AKS, "API server authorized IP ranges", limitations.
MOST_PUBLIC_CIDRS: Final = 200
_RESERVED_DOMAINS: Final = ("kubernetes.io", "k8s.io", "kubernetes.azure.com")
"""Kubelets and AKS refuse labels and taints below these: they are Kubernetes' and AKS's to set."""
# AKS, "Planned maintenance": a shorter window may end before an upgrade begins.
_WINDOW_HOURS: Final = range(4, 25)
_MINUTES_AN_HOUR: Final = 60

# AKS, "Manage system node pools", restrictions.
_SYSTEM_CORES: Final = 4
_CORES: Final = re.compile(r"Standard_[A-Z]+(\d+)(?:-(\d+))?[a-z]*_v(?:[3-9]|\d\d)")
"""Sizes that name their cores, the active ones last: those of the third generation and later."""

PoolName = Annotated[
    str,
    Written(
        # AKS allows 12, of which the zone is one.
        what="a name of up to 11 of a-z and 0-9 that starts with a letter",
        pattern=r"^[a-z][a-z0-9]{0,10}$",
        example="general",
    ),
]
VmSize = Annotated[
    str, Written(what="a size of virtual machines", pattern=r"^Standard_[A-Z]+[A-Za-z0-9-]*(_v\d+)?$", example="Standard_D4ds_v5")
]
DiskSize = Annotated[Decimal, quantity(least="30Gi", most="2Ti", step="1Gi", example="128Gi")]


class SystemPoolSettings(Section):
    """The nodes of AKS's own pods, such as DNS; nothing else runs there.

    Their number is fixed: what runs there hardly grows, and AKS takes changes of this pool only
    together with the whole cluster.
    """

    vm_size: VmSize = Field(
        description="Size of the nodes: four cores and 4Gi at least, and not of the B series. It stays as it is: "
        "runbooks/aks-upgrade.md says how another one takes its place."
    )
    nodes: Annotated[Count, Field(ge=2, le=30)] = Field(description="Number of nodes; three in production, one in each zone.")
    disk_size: DiskSize = Field(default=Decimal(128 * GIB), description="Each node's system disk. It stays as it is.")
    zones: tuple[Zone, ...] | None = Field(
        default=None,
        description="Zones of the nodes; without it those of plinth:network. AKS fixes them when the cluster is created: "
        "write down those it has before the network gains a zone.",
    )

    def contradictions(self) -> Iterator[Contradiction]:
        """Zones that stand twice, and sizes that AKS has for other pools alone."""
        yield from twice(self.zones or (), "zones")
        named = _CORES.fullmatch(self.vm_size)
        cores = int(named[2] or named[1]) if named else _SYSTEM_CORES
        if cores < _SYSTEM_CORES or self.vm_size.startswith("Standard_B"):
            problem = f"{self.vm_size} is not a size of system pools, which have {_SYSTEM_CORES} cores or more and are not of the B series"
            yield ("vmSize",), f"{problem}; choose one such as Standard_D4ds_v5"


class NodePoolSettings(Section):
    """Nodes of one kind: a pool of AKS in each zone.

    The autoscaler knows no zones within a pool, and a volume can be attached in its own zone alone
    (AKS, "Cluster autoscaler overview", availability zones).
    """

    vm_size: VmSize = Field(description="Size of the nodes. Another one takes other nodes' place: add a pool, then remove the old one.")
    min_per_zone: Annotated[Count, Field(ge=0, le=100)] = Field(description="Nodes at least, in each zone.")
    max_per_zone: Annotated[Count, Field(ge=1, le=100)] = Field(description="Nodes at most, in each zone.")
    disk_size: DiskSize = Field(default=Decimal(128 * GIB), description="Each node's system disk. It stays as it is.")
    max_pods: Annotated[Count, Field(ge=30, le=250)] = Field(default=110, description="Pods on a node at most. It stays as it is.")
    zones: Annotated[tuple[Zone, ...], Field(min_length=1)] | None = Field(
        default=None, description="Zones of the nodes; without it those of plinth:network."
    )
    spot: Flag = Field(
        default=False,
        description="Buy capacity that Azure takes back at 30 seconds' notice. The nodes have a taint that keeps pods off: "
        "those that may run there tolerate kubernetes.azure.com/scalesetpriority=spot.",
    )
    labels: Mapping[LabelKey, LabelValue] = Field(default={}, description="Kubernetes labels of the nodes.")
    taints: tuple[TaintSettings, ...] = Field(default=(), description="Taints of the nodes.")

    @property
    def takes_any_pod(self) -> bool:
        """Whether pods that tolerate nothing may run here."""
        return not self.spot and repels_nothing(self.taints)

    def contradictions(self) -> Iterator[Contradiction]:
        """Sizes, zones, labels and taints that cannot be together, or not at all."""
        if self.min_per_zone > self.max_per_zone:
            yield (), f"minPerZone {self.min_per_zone} is above maxPerZone {self.max_per_zone}; lower it, or raise maxPerZone"
        yield from twice(self.zones or (), "zones")
        if "s" not in self.vm_size.removeprefix("Standard_").lower():
            problem = f"{self.vm_size} has no premium storage: no volume of the platform could be attached"
            yield ("vmSize",), f"{problem}; choose a size with an s, such as Standard_D4ds_v5"
        yield from check_marks(self.labels, self.taints, reserved=_RESERVED_DOMAINS)


class ClusterSettings(Section):
    """AKS."""

    version: KubernetesRelease = Field(
        description="Kubernetes release, in quotes. AKS brings its patches in the maintenance window; the next release comes when it is "
        "written here."
    )
    admin_group_ids: Annotated[tuple[Uuid, ...], Field(min_length=1)] = Field(
        description="Entra groups, by object id, whose members may do everything. Whoever deploys is in one of them, "
        "or has the role Azure Kubernetes Service RBAC Cluster Admin."
    )
    viewer_group_ids: tuple[Uuid, ...] = Field(
        default=(),
        description="Entra groups whose members may look at what is in the namespaces; not at secrets, nodes or custom resources.",
    )
    public_access_cidrs: Annotated[tuple[Cidr, ...], Field(max_length=MOST_PUBLIC_CIDRS)] = Field(
        default=(),
        description="Networks that may call the Kubernetes API over the internet; none makes the API private. "
        "Decide before the cluster is created: AKS makes a private API public in preview only.",
    )
    recovery: RecoveryTargets | None = Field(
        default=None, description="What a rebuild from code and backups has to achieve where the cluster is lost; null declares nothing."
    )
    uptime_sla: Flag = Field(description="A control plane with an SLA of 99.95 %, for any number of nodes: about 73 USD a month.")
    encryption_at_host: Flag = Field(
        default=True,
        description="Encrypt temporary disks and caches too. The subscription must have the feature Microsoft.Compute/EncryptionAtHost; "
        "it is fixed when a pool is created.",
    )
    azure_policy: Flag = Field(
        default=False, description="Install the Azure Policy add-on: what is assigned to the subscription is enforced."
    )
    defender: Flag = Field(
        default=False, description="Install the sensor of Microsoft Defender for Containers: about 7 USD a month a core."
    )
    maintenance_window: MaintenanceWindow = Field(
        description="When AKS brings patches, node images and its own components: weekly, ddd:hh:mm-ddd:hh:mm in UTC, 4 to 24 whole hours."
    )
    system_pool: SystemPoolSettings = Field(description="The nodes of AKS's own pods.")
    node_pools: Annotated[Mapping[PoolName, NodePoolSettings], Field(min_length=1)] = Field(description="Pools of nodes by name.")

    @property
    def window_hours(self) -> int:
        """The length of the maintenance window in hours."""
        return parse_maintenance_window(self.maintenance_window)[1] // _MINUTES_AN_HOUR

    def most_nodes(self, zones: Sequence[str]) -> int:
        """How many nodes there may be at once, with those that AKS adds while it upgrades every pool.

        ``zones`` are those of pools that name none; empty where the region has none.
        """
        sizes = [pool.max_per_zone for pool in self.node_pools.values() for _ in pool.zones or zones or ("",)]
        return sum(size + ceil(size * SURGE / 100) for size in [self.system_pool.nodes, *sizes])

    def contradictions(self) -> Iterator[Contradiction]:
        """Groups that would be two things, an API that all may call, a window that is too short."""
        yield from twice(self.admin_group_ids, "adminGroupIds")
        yield from twice(self.viewer_group_ids, "viewerGroupIds")
        for place, group in enumerate(self.viewer_group_ids):
            if group in self.admin_group_ids:
                yield ("viewerGroupIds", place), f"{group} is in adminGroupIds too; name it in one"
        yield from twice(tuple(map(str, self.public_access_cidrs)), "publicAccessCidrs")
        yield from too_open("publicAccessCidrs", self.public_access_cidrs)
        for place, cidr in enumerate(self.public_access_cidrs):
            if is_internal(cidr):
                yield ("publicAccessCidrs", place), f"{cidr} is not on the internet; name networks as the internet sees them"
        hours, rest = divmod(parse_maintenance_window(self.maintenance_window)[1], _MINUTES_AN_HOUR)
        if rest or hours not in _WINDOW_HOURS:
            allowed = f"{_WINDOW_HOURS[0]} to {_WINDOW_HOURS[-1]} whole hours"
            yield ("maintenanceWindow",), f"{self.maintenance_window} is too short for an upgrade or not whole hours; allowed are {allowed}"
        if SYSTEM_POOL in self.node_pools:
            yield ("nodePools", SYSTEM_POOL), f"{SYSTEM_POOL} is the pool of plinth:cluster.systemPool; choose another name"
        if not any(pool.takes_any_pod for pool in self.node_pools.values()):
            yield ("nodePools",), "every pool keeps off pods that tolerate nothing, the platform's own among them; leave one without taints"
