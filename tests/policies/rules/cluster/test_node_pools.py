from __future__ import annotations

from typing import Any

import pytest

from policies.rules.cluster.node_pools import AKS_CLUSTER, AKS_POOL, AKS_SYSTEM_POOL, EKS_CLUSTER, EKS_NODE_GROUPS, NODE_GROUP, SUBNET
from policies.values import UNKNOWN
from tests.policies.rules.judging import changed, judge, only, resource, undecided, urn_of

RULES = (EKS_NODE_GROUPS, AKS_SYSTEM_POOL)
NODES: dict[str, Any] = {
    "clusterName": "plinth",
    "scalingConfig": {"minSize": 3.0, "desiredSize": 3.0, "maxSize": 9.0},
    "subnetIds": [UNKNOWN, UNKNOWN, UNKNOWN],
}
POOL: dict[str, Any] = {
    "name": "system",
    "mode": "System",
    "enableAutoScaling": True,
    "count": 3.0,
    "minCount": 3.0,
    "maxCount": 9.0,
    "availabilityZones": ["1", "2", "3"],
}
AKS: dict[str, Any] = {"agentPoolProfiles": [POOL, {"name": "jobs", "mode": "User", "count": 0.0}]}


def test_three_nodes_over_three_zones_are_clean() -> None:
    nodes = resource(NODE_GROUP, NODES)
    assert judge(RULES, nodes) == []
    assert undecided(nodes) == []


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("scalingConfig/minSize", 2.0, "scalingConfig.minSize = 2"),
        ("scalingConfig/minSize", "2", "scalingConfig.minSize = '2'"),
        ("scalingConfig", None, "scalingConfig.minSize = not set"),
        ("subnetIds", ["a", "b"], "subnetIds = 2 elements"),
        ("subnetIds", ["a", "b", "b"], "subnetIds = 3 elements"),
        ("subnetIds", None, "subnetIds = not set"),
    ],
)
def test_one_broken_field_of_a_node_group_is_the_one_violation(path: str, value: Any, where: str) -> None:
    nodes = resource(NODE_GROUP, changed(NODES, path, value))
    assert only(judge(RULES, nodes), EKS_NODE_GROUPS, where).urn == nodes.urn


@pytest.mark.parametrize("path", ["scalingConfig/minSize", "subnetIds"])
def test_what_is_unknown_of_a_node_group_is_undecided(path: str) -> None:
    nodes = resource(NODE_GROUP, changed(NODES, path, UNKNOWN))
    assert judge(RULES, nodes) == []
    assert undecided(nodes) == [path.replace("/", ".")]


def test_subnets_that_are_unknown_as_a_whole_are_counted_by_the_dependencies() -> None:
    subnets = [urn_of(SUBNET, f"private-{zone}") for zone in "abc"]
    nodes = resource(NODE_GROUP, changed(NODES, "subnetIds", UNKNOWN), depends_on=subnets)
    assert judge(RULES, nodes) == []
    assert undecided(nodes) == []


@pytest.mark.parametrize(
    "extra",
    [
        {"capacityType": "SPOT"},
        {"taints": [{"key": "gpu", "value": "true", "effect": "NO_SCHEDULE"}]},
    ],
)
def test_a_pool_for_workloads_that_ask_for_it_may_shrink_to_nothing(extra: dict[str, Any]) -> None:
    small = changed(changed(NODES | extra, "scalingConfig/minSize", 0.0), "subnetIds", ["a"])
    nodes, jobs = resource(NODE_GROUP, NODES, "nodes"), resource(NODE_GROUP, small, "jobs")
    assert judge(RULES, nodes, jobs) == []
    assert {finding.urn for _, finding in judge(RULES, jobs)} == {jobs.urn}


@pytest.mark.parametrize(
    ("name", "marks"),
    [
        ("plinth-system", {}),
        ("one", {"labels": {"node.example/pool": "system"}}),
        ("one", {"nodeGroupName": "system"}),
        ("one", {"taints": [{"key": "CriticalAddonsOnly", "effect": "NO_SCHEDULE"}]}),
    ],
)
def test_a_pool_that_is_marked_as_the_systems_stands_for_the_cluster(name: str, marks: dict[str, Any]) -> None:
    apps = resource(NODE_GROUP, changed(NODES, "scalingConfig/minSize", 1.0), "apps")
    system = resource(NODE_GROUP, NODES | marks, name)
    assert judge(RULES, system, apps) == []
    shrunk = resource(NODE_GROUP, changed(NODES | marks, "scalingConfig/minSize", 2.0), name)
    assert only(judge(RULES, shrunk, apps), EKS_NODE_GROUPS, "minSize = 2").urn == shrunk.urn


def test_every_pool_that_takes_any_pod_is_judged_where_none_is_marked() -> None:
    groups = [resource(NODE_GROUP, NODES, "one"), resource(NODE_GROUP, changed(NODES, "scalingConfig/minSize", 1.0), "two")]
    assert only(judge(RULES, *groups), EKS_NODE_GROUPS, "minSize = 1").urn == groups[1].urn


def test_the_system_pool_of_one_cluster_does_not_stand_for_another() -> None:
    unknown = changed(NODES, "clusterName", UNKNOWN)
    system = resource(NODE_GROUP, unknown, "system", depends_on=[urn_of(EKS_CLUSTER, "one")])
    other = resource(NODE_GROUP, changed(unknown, "scalingConfig/minSize", 1.0), "nodes", depends_on=[urn_of(EKS_CLUSTER, "two")])
    assert only(judge(RULES, system, other), EKS_NODE_GROUPS, "minSize = 1").urn == other.urn


def test_a_cluster_with_a_system_pool_over_three_zones_is_clean() -> None:
    cluster = resource(AKS_CLUSTER, AKS)
    assert judge(RULES, cluster) == []
    assert undecided(cluster) == []


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("agentPoolProfiles/0/minCount", 2.0, "agentPoolProfiles[0].minCount = 2"),
        ("agentPoolProfiles/0/minCount", None, "agentPoolProfiles[0].minCount = not set"),
        ("agentPoolProfiles/0/availabilityZones", ["1", "2"], "availabilityZones = 2 elements"),
        ("agentPoolProfiles/0/availabilityZones", ["1", "1", "2"], "availabilityZones = 3 elements"),
        ("agentPoolProfiles/0/availabilityZones", None, "availabilityZones = not set"),
        ("agentPoolProfiles/0/mode", "User", "agentPoolProfiles = 2 elements"),
        ("agentPoolProfiles/0", {**POOL, "enableAutoScaling": False, "count": 2.0}, "agentPoolProfiles[0].count = 2"),
        ("agentPoolProfiles/0", {"name": "one", "availabilityZones": ["1", "2", "3"]}, "agentPoolProfiles[0].count = not set"),
    ],
)
def test_one_broken_field_of_a_cluster_is_the_one_violation(path: str, value: Any, where: str) -> None:
    only(judge(RULES, resource(AKS_CLUSTER, changed(AKS, path, value))), AKS_SYSTEM_POOL, where)


@pytest.mark.parametrize("path", ["agentPoolProfiles", "agentPoolProfiles/0/minCount", "agentPoolProfiles/0/availabilityZones"])
def test_what_is_unknown_of_a_cluster_is_undecided(path: str) -> None:
    cluster = resource(AKS_CLUSTER, changed(AKS, path, UNKNOWN))
    assert judge(RULES, cluster) == []
    assert undecided(cluster) == [path.replace("/0/", "[0].")]


def test_unknown_autoscaling_leaves_the_count_undecided() -> None:
    cluster = resource(AKS_CLUSTER, changed(AKS, "agentPoolProfiles/0", {**POOL, "enableAutoScaling": UNKNOWN, "count": 1.0}))
    assert judge(RULES, cluster) == []
    assert undecided(cluster) == ["agentPoolProfiles[0].enableAutoScaling"]


def test_a_system_pool_of_its_own_is_judged_and_a_user_pool_is_not() -> None:
    assert judge(RULES, resource(AKS_POOL, POOL)) == []
    only(judge(RULES, resource(AKS_POOL, changed(POOL, "minCount", 1.0))), AKS_SYSTEM_POOL, "minCount = 1")
    assert judge(RULES, resource(AKS_POOL, {"mode": "User", "count": 1.0})) == []
    assert judge(RULES, resource(AKS_POOL, {"count": 1.0})) == []


def test_a_cluster_without_pools_of_its_own_is_not_judged() -> None:
    assert judge(RULES, resource(AKS_CLUSTER, {"sku": {"name": "Automatic"}})) == []
