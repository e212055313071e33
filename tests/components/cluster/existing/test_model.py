from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from components.cluster.existing.model import ClusterSettings
from components.models.surroundings import Surroundings
from facts.tiers import Tier

SETTINGS = {
    "version": "1.36",
    "nodes": 3,
    "zones": ["rack-1", "rack-2", "rack-3"],
    "nodeCidrs": ["192.168.1.0/24"],
    "apiServer": {"serviceCidr": "10.43.0.0/16", "endpoints": ["192.168.1.10/32"]},
    "storageClass": "longhorn-retain",
    "snapshotClass": "longhorn",
    "networkPolicies": True,
    "podSecurity": True,
}


def settings(tier: Tier = Tier.PRODUCTION, **changed: Any) -> ClusterSettings:
    return ClusterSettings.model_validate({**SETTINGS, **changed}, context=Surroundings(tier=tier, region=None))


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"networkPolicies": False}, "enforced"),
        ({"podSecurity": False}, "Pod Security admission"),
        ({"snapshotClass": None}, "snapshots of volumes"),
        ({"nodes": 2, "zones": ["rack-1", "rack-2"]}, "so that one can fail"),
    ],
)
def test_what_staging_and_production_need_is_only_recommended_elsewhere(changed: dict[str, Any], problem: str) -> None:
    for tier in (Tier.STAGING, Tier.PRODUCTION):
        with pytest.raises(ValidationError, match=problem):
            settings(tier, **changed)
    for tier in (Tier.LOCAL, Tier.DEV):
        assert settings(tier, **changed)


def test_production_needs_three_zones_and_staging_three_nodes() -> None:
    with pytest.raises(ValidationError, match="production needs 3"):
        settings(zones=[])
    assert settings(Tier.STAGING, zones=[])


def test_all_that_is_missing_is_said_at_once() -> None:
    with pytest.raises(ValidationError, match=r"network policies.*Pod Security"):
        settings(networkPolicies=False, podSecurity=False)


def test_a_single_node_will_do_for_a_homelab() -> None:
    one = settings(Tier.DEV, nodes=1, zones=[])
    assert (one.upgraded_nodes, one.is_zoned) == (2, False)


def test_more_zones_than_nodes_and_fewer_nodes_than_there_are_make_no_sense() -> None:
    with pytest.raises(ValidationError, match="name those that have nodes"):
        settings(Tier.DEV, nodes=2)
    with pytest.raises(ValidationError, match="less than nodes"):
        settings(mostNodes=2)


def test_the_api_is_called_at_its_service_and_at_its_servers() -> None:
    assert settings().api_server.ports == (443, 6443)
    assert settings(apiServer={**SETTINGS["apiServer"], "port": 443}).api_server.ports == (443,)  # type: ignore[dict-item]
