"""CLUS-002: the system pool of a production cluster has three nodes over three zones, which quorums of three need."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from policies.findings import Findings
from policies.model import Resource, Stack, rule, stack_rule
from policies.urns import type_of
from policies.values import UNKNOWN, Value

NODE_GROUP: Final = "aws:eks/nodeGroup:NodeGroup"
EKS_CLUSTER: Final = "aws:eks/cluster:Cluster"
SUBNET: Final = "aws:ec2/subnet:Subnet"
AKS_CLUSTER: Final = "azure-native:containerservice:ManagedCluster"
AKS_POOL: Final = "azure-native:containerservice:AgentPool"
LEAST: Final = 3

_TOO_FEW: Final = "the system pool may have fewer than three nodes: quorums of three cannot be scheduled"
_MARKS: Final = "a pool is marked by what is written: a name or label that comes later does not make it the system's"

_SYSTEM: Final = re.compile(r"(?:^|[^a-z])system(?:[^a-z]|$)", re.IGNORECASE)
_AKS_NODES: Final = 1
"""What AKS starts where a pool names no count."""


@stack_rule("CLUS-002", on=NODE_GROUP)
def eks_system_nodes_span_three_zones(groups: Sequence[Resource], _: Stack) -> Findings:
    """The node groups that carry the platform never shrink below three nodes over three zones."""
    for cluster in dict.fromkeys(map(_cluster_of, groups)):
        for group in _system_groups([group for group in groups if _cluster_of(group) == cluster]):
            yield from group.at("scalingConfig.minSize").must_be_at_least(LEAST, _TOO_FEW)
            if not _spans_zones(group):
                cure = "Give the node group a subnet in each of three zones"
                yield from group["subnetIds"].must_satisfy(_are_three, "the nodes are not spread over three zones", cure)


@rule("CLUS-002", on=(AKS_CLUSTER, AKS_POOL))
def aks_system_pool_spans_three_zones(resource: Resource, _: Stack) -> Findings:
    """Pools with mode System, within the cluster or by themselves."""
    if resource.type == AKS_POOL:
        if resource["mode"].may_equal("System"):
            yield from _check_pool(resource.inputs)
        return
    pools = resource["agentPoolProfiles"]
    system = [pool for pool in pools.each() if pool["mode"].may_equal("System", default="System")]
    if pools.is_given and not system:
        yield from pools.refuse("the cluster has no system pool", 'Set the mode of one pool to "System"')
    for pool in system:
        yield from _check_pool(pool)


def _check_pool(pool: Value) -> Findings:
    scales = pool["enableAutoScaling"]
    if not scales.is_unknown:
        if scales.is_true():
            yield from pool["minCount"].must_be_at_least(LEAST, _TOO_FEW, default=_AKS_NODES)
        else:
            yield from pool["count"].must_be_at_least(LEAST, _TOO_FEW, default=_AKS_NODES)
    zones = pool["availabilityZones"]
    refused = zones.must_satisfy(_are_three, "the system pool is not spread over three zones", 'Set availabilityZones to ["1", "2", "3"]')
    yield from refused
    if not refused:
        # Unknown zones may be the same: asking notes them.
        _ = [zone.get() for zone in zones.each()]


def _cluster_of(group: Resource) -> str:
    """What groups node groups by cluster: the cluster's URN where the group depends on it, else its name."""
    followed = [urn for urn in group.dependencies if type_of(urn) == EKS_CLUSTER]
    return followed[0] if followed else str(group["clusterName"].peek(_MARKS))


def _system_groups(groups: Sequence[Resource]) -> Sequence[Resource]:
    """The node groups of a cluster that carry the platform: those marked so, else those that take any pod, else all.

    A group is marked by its name, a label or the taint CriticalAddonsOnly. Spot and tainted groups are for workloads that ask for them.
    """
    marked = [group for group in groups if _is_marked(group)]
    open_to_all = [group for group in groups if group["capacityType"].peek(_MARKS) != "SPOT" and not group["taints"].peek(_MARKS)]
    return marked or open_to_all or groups


def _is_marked(group: Resource) -> bool:
    labels, taints, name = (group[key].peek(_MARKS) for key in ("labels", "taints", "nodeGroupName"))
    texts = [group.name, str(name), *(str(text) for pair in (labels.items() if isinstance(labels, dict) else ()) for text in pair)]
    keys = [taint.get("key") for taint in taints if isinstance(taint, dict)] if isinstance(taints, list) else []
    return "CriticalAddonsOnly" in keys or any(_SYSTEM.search(text) for text in texts)


def _spans_zones(group: Resource) -> bool:
    """Whether subnets that are unknown at preview are three all the same, by the dependencies on them."""
    return (
        group["subnetIds"].peek("the dependencies count the subnets") is UNKNOWN
        and len({urn for urn in group.dependencies if type_of(urn) == SUBNET}) >= LEAST
    )


def _are_three(elements: Any) -> bool:
    """Whether a list has three different elements; unknown ones are taken to differ."""
    if not isinstance(elements, list):
        return False
    known = {str(element) for element in elements if element is not UNKNOWN}
    return len(known) + sum(element is UNKNOWN for element in elements) >= LEAST
