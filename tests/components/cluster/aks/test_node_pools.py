from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from components.cluster.aks.node_pools import os_disk_type
from tests.components.cluster.aks.settings import POOL, of_pool, settings
from tests.components.cluster.aks.test_cluster import ARGS, CLUSTER, NODES, cluster, inputs
from tests.components.recorded import of_type, option, the

if TYPE_CHECKING:
    from offline.engine import RecordedResource, Run
    from tests.components.recorded import Preview


@pytest.fixture
def run(preview: Preview) -> Run:
    return cluster(preview)


def pools(run: Run) -> dict[str, RecordedResource]:
    return {each.inputs["agentPoolName"]: each for each in of_type(run, NODES)}


def test_the_system_pool_is_for_addons_over_all_zones_and_of_a_fixed_size(run: Run) -> None:
    (pool,) = inputs(run)["agentPoolProfiles"]
    assert (pool["name"], pool["mode"], pool["count"], pool["enableAutoScaling"]) == ("system", "System", 3, False)
    assert pool["availabilityZones"] == ["1", "2", "3"]
    assert pool["nodeTaints"] == ["CriticalAddonsOnly=true:NoSchedule"]
    assert (pool["osDiskType"], pool["osDiskSizeGB"]) == ("Ephemeral", 128)


def test_the_system_pool_names_no_version_where_other_pools_are_not_listed_beside_it(run: Run) -> None:
    (pool,) = inputs(run)["agentPoolProfiles"]
    assert "orchestratorVersion" not in pool


def test_the_system_pool_keeps_its_zones_when_the_network_gains_one(preview: Preview) -> None:
    kept = settings(systemPool={"vmSize": "Standard_D4ds_v5", "nodes": 3, "zones": ["1", "2"]})
    (pool,) = inputs(cluster(preview, replace(ARGS, settings=kept)))["agentPoolProfiles"]
    assert pool["availabilityZones"] == ["1", "2"]


def test_there_is_a_pool_in_each_zone_and_they_are_changed_one_after_the_other(run: Run) -> None:
    created = pools(run)
    assert {name: pool.inputs["availabilityZones"] for name, pool in created.items()} == {
        "general1": ["1"],
        "general2": ["2"],
        "general3": ["3"],
    }
    assert the(run, CLUSTER, "aks-cluster").urn in created["general1"].dependencies
    assert created["general1"].urn in created["general2"].dependencies
    assert created["general2"].urn in created["general3"].dependencies
    assert inputs(run)["autoScalerProfile"]["balanceSimilarNodeGroups"] == "true"


def test_a_pool_scales_within_its_bounds_and_nobody_sets_its_size_back(run: Run) -> None:
    pool = pools(run)["general1"]
    assert (pool.inputs["enableAutoScaling"], pool.inputs["minCount"], pool.inputs["maxCount"]) == (True, 1, 4)
    assert option(pool, "ignore_changes") == ["count"]
    assert pool.inputs["orchestratorVersion"] == "1.36"
    assert pool.inputs["upgradeSettings"] == {"maxSurge": "33%", "drainTimeoutInMinutes": 30}


def test_a_region_without_zones_has_one_pool_of_each_kind(preview: Preview) -> None:
    run = cluster(preview, replace(ARGS, zones=[]))
    (pool,) = pools(run).values()
    assert pool.inputs["agentPoolName"] == "general"
    assert "availabilityZones" not in pool.inputs
    (system,) = inputs(run)["agentPoolProfiles"]
    assert "availabilityZones" not in system


def test_labels_and_taints_reach_the_nodes_in_the_words_of_kubernetes(preview: Preview) -> None:
    marked = of_pool(labels={"workload": "batch"}, taints=[{"key": "other", "effect": "PREFER_NO_SCHEDULE"}])
    pool = pools(cluster(preview, replace(ARGS, settings=marked)))["general1"].inputs
    assert pool["nodeLabels"] == {"workload": "batch"}
    assert pool["nodeTaints"] == ["other=:PreferNoSchedule"]


def test_spot_machines_keep_pods_off_and_are_upgraded_without_a_surge(preview: Preview) -> None:
    run = cluster(preview, replace(ARGS, settings=settings(nodePools={"general": POOL, "spot": {**POOL, "spot": True}})))
    pool = pools(run)["spot1"].inputs
    assert (pool["scaleSetPriority"], pool["scaleSetEvictionPolicy"], pool["spotMaxPrice"]) == ("Spot", "Delete", -1)
    assert pool["nodeTaints"] == ["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"]
    assert "upgradeSettings" not in pool


def test_nodes_are_encrypted_at_their_host_and_take_nobody_in(run: Run) -> None:
    assert "linuxProfile" not in inputs(run)  # which would hold a key for SSH
    (system,) = inputs(run)["agentPoolProfiles"]
    for pool in (system, *(each.inputs for each in pools(run).values())):
        assert pool["enableEncryptionAtHost"] is True
        assert pool["enableNodePublicIP"] is False


@pytest.mark.parametrize(
    ("size", "gib", "kind"),
    [
        ("Standard_D4ds_v5", 128, "Ephemeral"),
        ("Standard_D4ds_v5", 150, "Ephemeral"),
        ("Standard_D4ds_v5", 151, "Managed"),
        ("Standard_D2ads_v5", 128, "Managed"),
        ("Standard_E8pds_v5", 256, "Ephemeral"),
        ("Standard_D8ds_v6", 128, "Managed"),
        ("Standard_D4s_v5", 64, "Managed"),
        ("Standard_F8s_v2", 64, "Managed"),
    ],
)
def test_a_system_disk_is_the_machines_own_where_that_is_known_to_fit(size: str, gib: int, kind: str) -> None:
    assert os_disk_type(size, gib).value == kind
