"""CLUS-002: the system pool of a production cluster has three nodes over three zones, which quorums of three need."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from policies.model import Facts, Finding, Resource, ResourceRule, StackRule, violation
from policies.numeric import at_least, number
from policies.urns import type_of
from policies.values import UNKNOWN, Value

NODE_GROUP: Final = "aws:eks/nodeGroup:NodeGroup"
EKS_CLUSTER: Final = "aws:eks/cluster:Cluster"
SUBNET: Final = "aws:ec2/subnet:Subnet"
AKS_CLUSTER: Final = "azure-native:containerservice:ManagedCluster"
AKS_POOL: Final = "azure-native:containerservice:AgentPool"
LEAST: Final = 3

_SYSTEM: Final = re.compile(r"(?:^|[^a-z])system(?:[^a-z]|$)", re.IGNORECASE)
_AKS_NODES: Final = 1
"""What AKS starts where a pool names no count."""


def _check_node_groups(resources: Sequence[Resource], _: Facts) -> Iterator[Finding]:
    groups = [resource for resource in resources if resource.type == NODE_GROUP]
    for cluster in dict.fromkeys(map(_cluster_of, groups)):
        for group in _system_groups([group for group in groups if _cluster_of(group) == cluster]):
            size, subnets = group.inputs.at("scalingConfig.minSize"), group["subnetIds"]
            if size.fails(at_least(LEAST)):
                problem = "the system pool may shrink below three nodes: quorums of three cannot be scheduled"
                yield violation(size, problem, f"Set scalingConfig.minSize to {LEAST} or more", urn=group.urn)
            if not _spans_zones(group) and subnets.fails(_distinct):
                problem = "the nodes are not spread over three zones"
                yield violation(subnets, problem, "Give the node group a subnet in each of three zones", urn=group.urn)


def _cluster_of(group: Resource) -> str:
    """What groups node groups by cluster: the cluster's URN where the group depends on it, else its name."""
    followed = [urn for urn in group.dependencies if type_of(urn) == EKS_CLUSTER]
    return followed[0] if followed else group["clusterName"].known or ""


def _system_groups(groups: Sequence[Resource]) -> Sequence[Resource]:
    """The node groups of a cluster that carry the platform: those marked so, else those that take any pod, else all.

    A group is marked by its name, a label or the taint CriticalAddonsOnly. Spot and tainted groups are for workloads that ask for them.
    """
    marked = [group for group in groups if _is_marked(group)]
    open_to_all = [group for group in groups if group["capacityType"].known != "SPOT" and not any(True for _ in group["taints"].below())]
    return marked or open_to_all or groups


def _is_marked(group: Resource) -> bool:
    labels = [str(text) for key, value in group["labels"].below() for text in (key, value.known)]
    taints = [str(taint["key"].known) for _, taint in group["taints"].below()]
    names = [group.name, group["nodeGroupName"].known or ""]
    return "CriticalAddonsOnly" in taints or any(_SYSTEM.search(text) for text in (*names, *labels))


def _spans_zones(group: Resource) -> bool:
    """Whether subnets that are unknown at preview are three all the same, by the dependencies on them."""
    return group["subnetIds"].is_pending and len({urn for urn in group.dependencies if type_of(urn) == SUBNET}) >= LEAST


def _distinct(elements: Any) -> bool:
    """Whether a list has three different elements; unknown ones are taken to differ."""
    known = {str(element) for element in elements if element is not UNKNOWN}
    return len(known) + sum(element is UNKNOWN for element in elements) >= LEAST


def _check_aks(resource: Resource, _: Facts) -> Iterator[Finding]:
    if resource.type == AKS_POOL:
        if not resource["mode"].is_not("System"):
            yield from _check_pool(resource.inputs)
        return
    pools = resource["agentPoolProfiles"]
    system = [pool for pool in pools.each() if pool["mode"].get("System") == "System"]
    if pools.is_given and not system:
        yield violation(pools, "the cluster has no system pool", 'Set the mode of one pool to "System"')
    for pool in system:
        yield from _check_pool(pool)


def _check_pool(pool: Value) -> Iterator[Finding]:
    count = pool["minCount"] if pool["enableAutoScaling"].is_true() else pool["count"]
    zones = pool["availabilityZones"]
    if not pool["enableAutoScaling"].is_unknown and count.fails(lambda nodes: number(_AKS_NODES if nodes is None else nodes) >= LEAST):
        problem = "the system pool may have fewer than three nodes: quorums of three cannot be scheduled"
        yield violation(count, problem, f"Set {count.path} to {LEAST} or more")
    if zones.fails(_distinct):
        yield violation(zones, "the system pool is not spread over three zones", 'Set availabilityZones to ["1", "2", "3"]')


EKS_NODE_GROUPS: Final = StackRule(
    name="eks-system-nodes-span-three-zones", requirements=("CLUS-002",), types=(NODE_GROUP,), check=_check_node_groups
)
AKS_SYSTEM_POOL: Final = ResourceRule(
    name="aks-system-pool-spans-three-zones", requirements=("CLUS-002",), types=(AKS_CLUSTER, AKS_POOL), check=_check_aks
)
