from __future__ import annotations

from typing import Any

from policies.rules.cluster.node_pools import (
    AKS_CLUSTER,
    AKS_POOL,
    EKS_CLUSTER,
    NODE_GROUP,
    SUBNET,
    aks_system_pool_spans_three_zones,
    eks_system_nodes_span_three_zones,
)
from policies.values import UNKNOWN
from tests.policies.rules.cases import accepts, cases, good, refuses, undecided, urn_of

SIZE = "scalingConfig.minSize"
NODES = good(
    NODE_GROUP,
    {
        "clusterName": "plinth",
        "scalingConfig": {"minSize": 3.0, "desiredSize": 3.0, "maxSize": 9.0},
        "subnetIds": [UNKNOWN, UNKNOWN, UNKNOWN],
    },
)
SUBNETS = [urn_of(SUBNET, f"private-{zone}") for zone in "abc"]
SMALL = good(NODE_GROUP, {**NODES.properties, "scalingConfig": {"minSize": 1.0, "desiredSize": 1.0, "maxSize": 9.0}}, "jobs")
GPU = [{"key": "gpu", "value": "true", "effect": "NO_SCHEDULE"}]
MARKS: tuple[dict[str, Any], ...] = (
    {'labels["node.example/pool"]': "system"},
    {"nodeGroupName": "system"},
    {"taints": [{"key": "CriticalAddonsOnly", "effect": "NO_SCHEDULE"}]},
)
SYSTEM = good(NODE_GROUP, NODES.properties, "plinth-system")
OF_ONE = good(NODE_GROUP, {**NODES.properties, "clusterName": UNKNOWN}, "system", after=[urn_of(EKS_CLUSTER, "one")])
OF_TWO = good(NODE_GROUP, {**SMALL.properties, "clusterName": UNKNOWN}, "nodes", after=[urn_of(EKS_CLUSTER, "two")])

POOL = good(
    AKS_POOL,
    {
        "agentPoolName": "system",
        "mode": "System",
        "enableAutoScaling": True,
        "count": 3.0,
        "minCount": 3.0,
        "maxCount": 9.0,
        "availabilityZones": ["1", "2", "3"],
    },
)
PROFILE = {**POOL.properties, "name": "system"}
del PROFILE["agentPoolName"]
AKS = good(
    AKS_CLUSTER,
    {
        "agentPoolProfiles": [PROFILE, {"name": "jobs", "mode": "User", "count": 0.0}],
        "apiServerAccessProfile": {"authorizedIPRanges": ["203.0.113.0/24"]},
    },
)
FIRST = "agentPoolProfiles[0]"
FIXED = {f"{FIRST}.enableAutoScaling": False, f"{FIRST}.minCount": None}

CASES = (
    *cases(
        eks_system_nodes_span_three_zones,
        accepts(NODES),
        accepts(good(NODE_GROUP, {**NODES.properties, "subnetIds": UNKNOWN}, after=SUBNETS)),
        accepts(SMALL, {"capacityType": "SPOT", SIZE: 0.0, "subnetIds": ["a"]}, beside=[NODES]),
        accepts(SMALL, {"taints": GPU, SIZE: 0.0, "subnetIds": ["a"]}, beside=[NODES]),
        accepts(SYSTEM, beside=[SMALL]),
        *(accepts(NODES, mark, beside=[SMALL]) for mark in MARKS),
        refuses(NODES, {SIZE: 2.0}),
        refuses(NODES, {SIZE: "2"}),
        refuses(NODES, {"scalingConfig": None}, at=SIZE),
        refuses(NODES, {"subnetIds": ["a", "b"]}),
        refuses(NODES, {"subnetIds": ["a", "b", "b"]}),
        refuses(NODES, {"subnetIds": None}),
        refuses(SMALL, {"capacityType": "SPOT"}, at=SIZE),
        refuses(SMALL, {"taints": GPU}, at=SIZE),
        refuses(SYSTEM, {SIZE: 2.0}, beside=[SMALL]),
        *(refuses(NODES, {**mark, SIZE: 2.0}, beside=[SMALL]) for mark in MARKS),
        refuses(SMALL, at=SIZE, beside=[NODES]),
        refuses(OF_TWO, at=SIZE, beside=[OF_ONE]),
        undecided(NODES, SIZE),
        undecided(NODES, "subnetIds"),
    ),
    *cases(
        aks_system_pool_spans_three_zones,
        accepts(AKS),
        accepts(AKS, FIXED),
        accepts(AKS, {"agentPoolProfiles": None, "sku": {"name": "Automatic"}}),
        accepts(POOL),
        accepts(POOL, {"mode": "User", "minCount": 1.0}),
        accepts(POOL, {"mode": None, "minCount": 1.0}),
        refuses(AKS, {f"{FIRST}.minCount": 2.0}),
        refuses(AKS, {f"{FIRST}.minCount": None}),
        refuses(AKS, {f"{FIRST}.availabilityZones": ["1", "2"]}),
        refuses(AKS, {f"{FIRST}.availabilityZones": ["1", "1", "2"]}),
        refuses(AKS, {f"{FIRST}.availabilityZones": None}),
        refuses(AKS, {f"{FIRST}.mode": "User"}, at="agentPoolProfiles"),
        refuses(AKS, FIXED | {f"{FIRST}.count": 2.0}),
        refuses(AKS, {FIRST: {"name": "one", "availabilityZones": ["1", "2", "3"]}}, at=f"{FIRST}.count"),
        refuses(POOL, {"minCount": 1.0}),
        undecided(AKS, "agentPoolProfiles"),
        undecided(AKS, f"{FIRST}.minCount"),
        undecided(AKS, f"{FIRST}.availabilityZones"),
        undecided(AKS, f"{FIRST}.enableAutoScaling", {f"{FIRST}.count": 1.0}),
    ),
)
