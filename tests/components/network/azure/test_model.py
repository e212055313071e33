from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from components.models.surroundings import Surroundings
from components.network.azure.model import NetworkSettings
from facts.azure import LOCATIONS
from facts.tiers import Tier
from tests.components.network.azure.settings import WRITTEN, network_settings, peered


def refusal(**changes: object) -> str:
    with pytest.raises(ValidationError) as refused:
        network_settings(**changes)
    return str(refused.value)


def placed(region: str, tier: Tier = Tier.DEV, **changes: Any) -> NetworkSettings:
    return NetworkSettings.model_validate({**WRITTEN, **changes}, context=Surroundings(region=region, tier=tier))


def test_each_subnet_has_a_range_of_its_own_and_room_is_left() -> None:
    settings = network_settings()
    ranges = (settings.node_cidr, settings.api_server_cidr, settings.database_cidr, settings.private_endpoint_cidr)
    assert list(map(str, ranges)) == ["10.20.0.0/19", "10.20.240.0/23", "10.20.192.0/22", "10.20.224.0/23"]


@pytest.mark.parametrize(("cidr", "least"), [("10.20.0.0/16", 9), ("10.20.0.0/20", 9)])
def test_the_api_server_has_the_addresses_that_aks_keeps_for_it_in_the_smallest_network(cidr: str, least: int) -> None:
    settings = network_settings(cidr=cidr)
    assert settings.api_server_cidr.num_addresses - 5 >= least
    assert settings.api_server_cidr.prefixlen <= 28
    assert settings.database_cidr.prefixlen <= 28


def test_zones_change_no_address() -> None:
    assert network_settings(zones=["1", "2"]).plan == network_settings(zones=["1", "2", "3"]).plan


@pytest.mark.parametrize(
    ("changes", "nodes"),
    [({}, 256), ({"podCidr": "100.64.0.0/14"}, 1024), ({"cidr": "10.20.0.0/20", "podCidr": "100.64.0.0/12"}, 507)],
)
def test_there_are_as_many_nodes_as_both_ranges_have_room_for(changes: dict[str, Any], nodes: int) -> None:
    assert network_settings(**changes).node_capacity == nodes


@pytest.mark.parametrize(
    ("cidr", "problem"),
    [
        ("100.64.0.0/11", "100.64.0.0/11 is not within bounds; allowed are /12 to /20"),
        ("100.64.0.0/21", "100.64.0.0/21 is not within bounds; allowed are /12 to /20"),
        ("8.0.0.0/16", "8.0.0.0/16 is not private"),
        ("10.20.128.0/17", "10.20.128.0/17 is in the way of 10.20.0.0/16"),
        ("172.16.0.0/12", "172.16.0.0/12 is in the way of 172.20.0.0/16"),
        ("172.30.0.0/16", "172.30.0.0/16 is in the way of 172.30.0.0/16"),
    ],
)
def test_pods_have_a_range_that_nothing_else_has(cidr: str, problem: str) -> None:
    assert problem in refusal(podCidr=cidr)


@pytest.mark.parametrize("cidr", ["172.30.0.0/16", "172.31.16.0/20"])
def test_a_range_that_aks_keeps_for_itself_is_refused(cidr: str) -> None:
    assert "which AKS keeps for itself" in refusal(cidr=cidr)


@pytest.mark.parametrize(
    ("cidrs", "problem"),
    [
        (["0.0.0.0/0"], "0.0.0.0/0 is wider than any network of a company; allowed are /8 and narrower"),
        (["10.20.64.0/24"], "10.20.64.0/24 is within 10.20.0.0/16, which is the cluster's own"),
        (["100.64.3.0/24"], "100.64.3.0/24 is within 100.64.0.0/16"),
        (["172.20.1.0/24"], "172.20.1.0/24 is within 172.20.0.0/16"),
        (["10.250.0.0/20", "10.250.0.0/20"], "10.250.0.0/20 overlaps 10.250.0.0/20; name the wider one alone"),
        (["10.250.0.0/20", "10.250.0.0/16"], "10.250.0.0/16 overlaps 10.250.0.0/20; name the wider one alone"),
        ([], "at least 1 item"),
    ],
)
def test_a_network_that_could_not_call_is_refused(cidrs: list[str], problem: str) -> None:
    assert problem in refusal(access=peered(*cidrs))


@pytest.mark.parametrize("cidr", ["10.250.0.0/20", "10.0.0.0/8", "192.168.0.0/16"])
def test_any_network_beside_the_clusters_own_may_call(cidr: str) -> None:
    assert list(map(str, network_settings(access=peered(cidr)).access.callers)) == [cidr]


@pytest.mark.parametrize("identifier", ["hub", "/subscriptions/x/resourceGroups/hub", "/virtualNetworks/hub"])
def test_what_is_not_the_id_of_a_virtual_network_is_refused(identifier: str) -> None:
    wrong = {"peering": {"virtualNetwork": identifier, "cidrs": ["10.250.0.0/20"]}}
    assert "allowed is the id of a virtual network, such as /subscriptions/" in refusal(access=wrong)


@pytest.mark.parametrize(
    ("region", "tier", "zones", "problem"),
    [
        ("westeurope", Tier.PRODUCTION, ["1", "2"], "2 zones; production needs 3, so that one can fail"),
        ("westeurope", Tier.DEV, ["1"], "1 zones; westeurope has 3: name at least 2 of them"),
        ("ukwest", Tier.DEV, ["1"], "ukwest has no availability zones; leave the list empty or take another region"),
        ("ukwest", Tier.PRODUCTION, [], "0 zones; production needs 3"),
    ],
)
def test_zones_are_those_of_the_region_and_enough_for_the_tier(region: str, tier: Tier, zones: list[str], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        placed(region, tier, zones=zones)


def test_a_region_without_zones_holds_what_is_not_production() -> None:
    assert placed("ukwest", zones=[]).zones == ()


@pytest.mark.parametrize("zones", [["4"], ["1", "1"], ["westeurope-1"]])
def test_a_zone_is_one_of_three_numbers_and_named_once(zones: list[str]) -> None:
    refusal(zones=zones)


def test_a_region_without_zone_redundant_gateways_says_so_though_it_is_the_default() -> None:
    with pytest.raises(ValidationError, match="indonesiacentral has no zone-redundant NAT gateways; allowed is zonal"):
        placed("indonesiacentral")
    assert placed("indonesiacentral", natGateway="zonal").nat_gateway == "zonal"


@pytest.mark.parametrize("retention", ["29d", "731d", "45m"])
def test_logs_are_kept_as_long_as_log_analytics_offers(retention: str) -> None:
    refusal(logRetention=retention)


def test_the_pair_of_a_region_is_not_the_region_itself() -> None:
    assert all(location.pair != name for name, location in LOCATIONS.items())


def _peer(name: str, group: str = "rest") -> str:
    return f"/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/{group}/providers/Microsoft.Network/virtualNetworks/{name}"


@pytest.mark.parametrize(
    ("peers", "problem"),
    [
        ([_peer("hub", "hub-network")], "it is joined with this network already; name it once"),
        ([_peer("primary"), _peer("primary")], "it is joined with this network already; name it once"),
        ([_peer("primary"), _peer("primary", "elsewhere")], "another network of this name is joined already"),
    ],
)
def test_a_network_is_joined_once(peers: list[str], problem: str) -> None:
    assert problem in refusal(access={**peered("10.250.0.0/20"), "peers": peers})
