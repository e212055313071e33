from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from components.cluster.aks.model import NodePoolSettings
from tests.components.cluster.aks.settings import ADMINS, POOL, VIEWERS, of_pool, settings

THREE = ["1", "2", "3"]
GPU = {"key": "gpu", "value": "true"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"adminGroupIds": []}, "at least 1"),
        ({"adminGroupIds": ["platform-admins"]}, "allowed is a UUID"),
        ({"adminGroupIds": [ADMINS, ADMINS]}, "stands twice"),
        ({"viewerGroupIds": [ADMINS]}, "is in adminGroupIds too"),
        ({"viewerGroupIds": [VIEWERS, VIEWERS]}, "stands twice"),
        ({"publicAccessCidrs": ["0.0.0.0/0"]}, "lets in 4,294,967,296 addresses"),
        ({"publicAccessCidrs": ["10.9.0.0/16"]}, "is not on the internet"),
        ({"publicAccessCidrs": ["198.51.100.0/24"] * 2}, "stands twice"),
        ({"publicAccessCidrs": [f"11.0.{octet}.0/24" for octet in range(201)]}, "at most 200"),
        ({"maintenanceWindow": "sun:02:00-sun:05:00"}, "allowed are 4 to 24 whole hours"),
        ({"maintenanceWindow": "sun:02:00-sun:07:30"}, "allowed are 4 to 24 whole hours"),
        ({"nodePools": {}}, "at least 1"),
        ({"nodePools": {"system": POOL}}, "is the pool of plinth:cluster.systemPool"),
        ({"nodePools": {"twelveletter": POOL}}, "allowed is a name of up to 11"),
        ({"nodePools": {"2nd": POOL}}, "allowed is a name of up to 11"),
        ({"systemPool": {"vmSize": "Standard_D4ds_v5", "nodes": 1}}, "greater than or equal to 2"),
        ({"systemPool": {"vmSize": "m7i.large", "nodes": 3}}, "allowed is a size of virtual machines"),
        ({"systemPool": {"vmSize": "Standard_D4ds_v5", "nodes": 3, "zones": ["1", "1"]}}, "stands twice"),
        ({"systemPool": {"vmSize": "Standard_D2ds_v5", "nodes": 3}}, "is not a size of system pools"),
        ({"systemPool": {"vmSize": "Standard_E4-2ds_v5", "nodes": 3}}, "is not a size of system pools"),
        ({"systemPool": {"vmSize": "Standard_B4ms", "nodes": 3}}, "is not a size of system pools"),
        ({"version": "1.34"}, r"Kubernetes 1\.34 is not supported"),
    ],
)
def test_a_cluster_that_must_not_be_is_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        settings(**wrong)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"vmSize": "Standard_D8d_v5"}, "has no premium storage"),
        ({"minPerZone": 5}, "minPerZone 5 is above maxPerZone 4"),
        ({"zones": ["1", "1"]}, "stands twice"),
        ({"zones": ["4"]}, "allowed is an availability zone"),
        ({"maxPods": 251}, "less than or equal to 250"),
        ({"labels": {"kubernetes.azure.com/mode": "user"}}, "the key is reserved for Kubernetes or its cloud"),
        ({"taints": [GPU, GPU]}, "gpu has the effect NO_SCHEDULE twice"),
    ],
)
def test_a_pool_that_must_not_be_is_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        of_pool(**wrong)


@pytest.mark.parametrize("size", ["Standard_D4ds_v5", "Standard_E16-4ds_v5", "Standard_DS3_v2", "Standard_F8s_v2", "Standard_D16pds_v6"])
def test_system_pods_run_on_any_size_that_has_room_for_them(size: str) -> None:
    assert settings(systemPool={"vmSize": size, "nodes": 3}).system_pool.vm_size == size


@pytest.mark.parametrize("closed", [{"spot": True}, {"taints": [GPU]}])
def test_one_pool_takes_the_pods_that_tolerate_nothing(closed: dict[str, Any]) -> None:
    assert settings(nodePools={"general": POOL, "special": {**POOL, **closed}})
    with pytest.raises(ValidationError, match="every pool keeps off pods"):
        of_pool(**closed)


def test_a_pool_may_shrink_to_nothing() -> None:
    assert NodePoolSettings.model_validate({**POOL, "minPerZone": 0}).min_per_zone == 0


def test_the_window_is_as_long_as_it_is_written_over_midnight_too() -> None:
    assert settings(maintenanceWindow="sat:22:00-sun:04:00").window_hours == 6


def test_an_upgrade_adds_a_third_to_each_pool() -> None:
    # System: 3 + 1; of each zone: 4 + 2.
    assert settings().most_nodes(THREE) == 4 + 3 * 6
    assert of_pool(zones=["1"]).most_nodes(THREE) == 4 + 6
    assert settings(nodePools={"general": POOL, "jobs": {**POOL, "maxPerZone": 1}}).most_nodes(THREE) == 4 + 3 * 6 + 3 * 2


def test_a_region_without_zones_has_one_pool_of_each_kind() -> None:
    assert settings().most_nodes([]) == 4 + 6
