"""The nodes of a cluster: the system pool, which comes with it, and a pool in each zone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
from pulumi_azure_native import containerservice

from components.base import Component
from components.cluster.aks.model import SURGE, SYSTEM_POOL, ClusterSettings, NodePoolSettings
from components.models.scalars import GIB

_ONLY_ADDONS: Final = "CriticalAddonsOnly=true:NoSchedule"
_SPOT: Final = ("kubernetes.azure.com/scalesetpriority", "spot")
# A pod's ending may take this long, with its budget; a node that is not empty by then ends the upgrade.
_DRAIN_MINUTES: Final = 30
# For the machine to come, and to go, and for AKS to begin.
_MINUTES_PER_NODE: Final = _DRAIN_MINUTES + 15
_MINUTES_OF_SETTING_UP: Final = 60
_SYSTEM_PODS: Final = 110
# Sizes of the families D and E with a local disk: 37.5 GiB for each core, or more. From the sixth generation on it is
# an NVMe disk, which AKS takes for none in some regions (VMCannotFitEphemeralOSDisk; AKS, issue 5568).
_LOCAL_DISK: Final = re.compile(r"Standard_[DE](?P<cores>\d+)[abpl]*ds_v[3-5]")
_LOCAL_GIB_PER_CORE: Final = 37.5


@dataclass(frozen=True, kw_only=True)
class PoolContext:
    """The cluster that nodes join.

    Attributes:
        resource_group: of the cluster.
        cluster_name: its name, once it exists.
        settings: of the cluster.
        zones: of a pool that names none; empty where the region has none.
        subnet_id: where nodes have their addresses.
        tags: of the machines.
    """

    resource_group: str
    cluster_name: pulumi.Input[str]
    settings: ClusterSettings
    zones: Sequence[str]
    subnet_id: pulumi.Input[str]
    tags: Mapping[str, str]


def system_pool(
    settings: ClusterSettings, *, zones: Sequence[str], subnet_id: pulumi.Input[str], tags: Mapping[str, str]
) -> containerservice.ManagedClusterAgentPoolProfileArgs:
    """The pool that the cluster is created with.

    It names no Kubernetes version: AKS refuses one here where other pools exist that are not listed
    beside it, and takes the control plane's for a new cluster.
    """
    pool = settings.system_pool
    disk_gib = int(pool.disk_size // GIB)
    return containerservice.ManagedClusterAgentPoolProfileArgs(
        name=SYSTEM_POOL,
        mode=containerservice.AgentPoolMode.SYSTEM,
        type=containerservice.AgentPoolType.VIRTUAL_MACHINE_SCALE_SETS,
        vm_size=pool.vm_size,
        count=pool.nodes,
        enable_auto_scaling=False,
        availability_zones=list(pool.zones or zones) or None,
        max_pods=_SYSTEM_PODS,
        os_type=containerservice.OSType.LINUX,
        os_sku=containerservice.OSSKU.AZURE_LINUX,
        os_disk_size_gb=disk_gib,
        os_disk_type=os_disk_type(pool.vm_size, disk_gib),
        enable_encryption_at_host=settings.encryption_at_host,
        enable_node_public_ip=False,
        node_taints=[_ONLY_ADDONS],
        vnet_subnet_id=subnet_id,
        upgrade_settings=_upgrade_settings(),
        tags=tags,
    )


def create_pools(cluster: Component, context: PoolContext, *, after: Sequence[pulumi.Resource]) -> list[containerservice.AgentPool]:
    """Create all pools but the system's one by one, so that an update is in one zone at a time."""
    created: list[containerservice.AgentPool] = []
    for name, pool in context.settings.node_pools.items():
        for zone in pool.zones or context.zones or ("",):
            created.append(_create_pool(cluster, f"{name}{zone}", pool, zone, context, after=created[-1:] or after))
    return created


def upgrade_minutes(nodes: int) -> int:
    """The longest that AKS may take to upgrade so many nodes one by one, waiting for their pods to move."""
    return _MINUTES_OF_SETTING_UP + _MINUTES_PER_NODE * nodes


def os_disk_type(vm_size: str, gib: int) -> containerservice.OSDiskType:
    """Ephemeral, which is faster and free, where the machine is known to hold a disk of ``gib``.

    AKS refuses one that does not fit, so sizes that are not known have a managed disk.
    """
    found = _LOCAL_DISK.fullmatch(vm_size)
    fits = found is not None and gib <= int(found["cores"]) * _LOCAL_GIB_PER_CORE
    return containerservice.OSDiskType.EPHEMERAL if fits else containerservice.OSDiskType.MANAGED


def _create_pool(
    cluster: Component, name: str, pool: NodePoolSettings, zone: str, context: PoolContext, *, after: Sequence[pulumi.Resource]
) -> containerservice.AgentPool:
    disk_gib = int(pool.disk_size // GIB)
    patience = f"{upgrade_minutes(pool.max_per_zone)}m"
    return containerservice.AgentPool(
        cluster.child_name(f"nodes-{name}"),
        # As keywords: the SDK would take the resource_name of the arguments for the resource's own.
        agent_pool_name=name,
        resource_group_name=context.resource_group,
        resource_name_=context.cluster_name,
        mode=containerservice.AgentPoolMode.USER,
        type=containerservice.AgentPoolType.VIRTUAL_MACHINE_SCALE_SETS,
        orchestrator_version=context.settings.version,
        vm_size=pool.vm_size,
        count=pool.min_per_zone,
        enable_auto_scaling=True,
        min_count=pool.min_per_zone,
        max_count=pool.max_per_zone,
        availability_zones=[zone] if zone else None,
        max_pods=pool.max_pods,
        os_type=containerservice.OSType.LINUX,
        os_sku=containerservice.OSSKU.AZURE_LINUX,
        os_disk_size_gb=disk_gib,
        os_disk_type=os_disk_type(pool.vm_size, disk_gib),
        enable_encryption_at_host=context.settings.encryption_at_host,
        enable_node_public_ip=False,
        node_labels={**pool.labels, **(dict([_SPOT]) if pool.spot else {})},
        node_taints=_taints(pool),
        vnet_subnet_id=context.subnet_id,
        tags=context.tags,
        **_priority(pool),
        opts=cluster.child_options(
            depends_on=list(after),
            # The autoscaler moves it all day.
            ignore_changes=["count"],
            # Azure refuses a successor of the same name beside it.
            delete_before_replace=True,
            custom_timeouts=pulumi.CustomTimeouts(create="60m", update=patience, delete=patience),
        ),
    )


def _taints(pool: NodePoolSettings) -> list[str]:
    spot = [f"{'='.join(_SPOT)}:NoSchedule"] if pool.spot else []
    return [*(f"{taint.key}={taint.value}:{taint.effect.in_kubernetes}" for taint in pool.taints), *spot]


def _priority(pool: NodePoolSettings) -> dict[str, Any]:
    """How the machines are bought; AKS refuses a surge of spot ones."""
    if not pool.spot:
        return {"upgrade_settings": _upgrade_settings()}
    return {
        "scale_set_priority": containerservice.ScaleSetPriority.SPOT,
        "scale_set_eviction_policy": containerservice.ScaleSetEvictionPolicy.DELETE,
        # Up to the price of other machines.
        "spot_max_price": -1.0,
    }


def _upgrade_settings() -> containerservice.AgentPoolUpgradeSettingsArgs:
    # A node that cannot be emptied ends the upgrade, and keeps its pods: no broker is killed.
    return containerservice.AgentPoolUpgradeSettingsArgs(max_surge=f"{SURGE}%", drain_timeout_in_minutes=_DRAIN_MINUTES)
