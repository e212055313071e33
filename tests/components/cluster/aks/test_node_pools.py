from __future__ import annotations

import pytest

from components.cluster.aks.node_pools import os_disk_type


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
