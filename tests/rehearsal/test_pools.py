from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi

from offline.engine import Run
from rehearsal.nodes import ONE_ZONE
from rehearsal.pools import pools_of
from tests.runs import run_of

AKS = "azure-native:containerservice:"


class Resource(pulumi.CustomResource):
    """A resource declared without its SDK."""

    def __init__(self, token: str, name: str, **inputs: Any) -> None:
        super().__init__(token, name, inputs)


def test_node_groups_have_the_zones_of_their_subnets() -> None:
    (pool,) = pools_of(run_of("production"), {})
    assert pool.least >= 3
    assert pool.most > pool.least
    assert len(pool.zones) == 3
    assert all(zone.startswith("eu-") for zone in pool.zones)


def test_agent_pools_are_read_inside_and_beside_their_cluster(preview: Callable[..., Run]) -> None:
    def program() -> None:
        system = {"name": "system", "vmSize": "Standard_D4s_v5", "count": 3, "availabilityZones": ["1", "2", "3"]}
        taints = ["CriticalAddonsOnly=true:NoSchedule"]
        Resource(f"{AKS}ManagedCluster", "cluster", agentPoolProfiles=[{**system, "nodeTaints": taints}])
        growing = {"enableAutoScaling": True, "minCount": 2, "maxCount": 6, "count": 2}
        Resource(
            f"{AKS}AgentPool", "general", agentPoolName="general", vmSize="Standard_D8s_v5", maxPods=60, nodeLabels={"a": "b"}, **growing
        )

    system, general = pools_of(preview(program), {})
    assert (system.name, system.least, system.most, list(system.zones)) == ("system", 3, 3, ["1", "2", "3"])
    assert system.taints == [{"key": "CriticalAddonsOnly", "value": "true", "effect": "NoSchedule"}]
    assert (general.least, general.most, list(general.zones)) == (2, 6, [ONE_ZONE])
    assert general.labels["a"] == "b"


def test_taints_and_processors_of_node_groups_are_those_of_kubernetes(preview: Callable[..., Run]) -> None:
    def program() -> None:
        Resource(
            "aws:eks/nodeGroup:NodeGroup",
            "brokers",
            instanceTypes=["m7g.large"],
            amiType="AL2023_ARM_64_STANDARD",
            scalingConfig={"minSize": 1, "maxSize": 2},
            taints=[{"key": "brokers", "value": "", "effect": "NO_SCHEDULE"}],
        )

    (pool,) = pools_of(preview(program), {})
    assert (pool.architecture, list(pool.zones)) == ("arm64", [ONE_ZONE])
    assert pool.taints == [{"key": "brokers", "value": "", "effect": "NoSchedule"}]


def test_a_stack_on_a_cluster_that_exists_has_no_pools_of_its_own(preview: Callable[..., Run]) -> None:
    assert pools_of(preview(lambda: None), {}) == []
