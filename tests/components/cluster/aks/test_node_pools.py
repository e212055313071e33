from __future__ import annotations

import pytest

from components.cluster.aks.node_pools import most_nodes, os_disk_type
from tests.components.cluster.aks.settings import POOL, of_pool, settings

THREE = ["1", "2", "3"]


def test_an_upgrade_adds_a_third_to_each_pool() -> None:
    # System: 3 + 1; of each zone: 4 + 2.
    assert most_nodes(settings(), THREE) == 4 + 3 * 6
    assert most_nodes(of_pool(zones=["1"]), THREE) == 4 + 6
    assert most_nodes(settings(nodePools={"general": POOL, "jobs": {**POOL, "maxPerZone": 1}}), THREE) == 4 + 3 * 6 + 3 * 2


def test_a_region_without_zones_has_one_pool_of_each_kind() -> None:
    assert most_nodes(settings(), []) == 4 + 6


@pytest.mark.parametrize(
    ("size", "gib", "kind"),
    [
        ("Standard_D4ds_v5", 128, "Ephemeral"),
        ("Standard_D4ds_v5", 150, "Ephemeral"),
        ("Standard_D4ds_v5", 151, "Managed"),
        ("Standard_D2ads_v5", 128, "Managed"),
        ("Standard_E8pds_v5", 256, "Ephemeral"),
        ("Standard_D4s_v5", 64, "Managed"),
        ("Standard_F8s_v2", 64, "Managed"),
    ],
)
def test_a_system_disk_is_the_machines_own_where_that_is_known_to_fit(size: str, gib: int, kind: str) -> None:
    assert os_disk_type(size, gib).value == kind
