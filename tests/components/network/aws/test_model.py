from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any

import pytest
from pydantic import ValidationError

from tests.components.network.aws.settings import network_settings

GATEWAY = "tgw-0123456789abcdef0"
OTHER_VPC = "vpc-0123456789abcdef0"


def refusal(**changes: object) -> str:
    with pytest.raises(ValidationError) as refused:
        network_settings(**changes)
    return str(refused.value)


def attached(*cidrs: str) -> dict[str, Any]:
    return {"transitGateway": {"id": GATEWAY, "cidrs": list(cidrs)}}


def test_the_control_plane_keeps_its_subnets_when_a_zone_is_added() -> None:
    before = network_settings(zones=["eu-central-1a", "eu-central-1b"], controlPlaneZones=2)
    after = network_settings(zones=["eu-central-1a", "eu-central-1b", "eu-central-1c"], controlPlaneZones=2)
    assert before.control_plane_cidrs == after.control_plane_cidrs == (IPv4Network("10.20.240.0/23"), IPv4Network("10.20.242.0/23"))


def test_databases_are_in_the_isolated_subnet_of_every_zone() -> None:
    assert [str(cidr) for cidr in network_settings().database_cidrs] == ["10.20.192.0/22", "10.20.196.0/22", "10.20.200.0/22"]


def test_the_control_plane_cannot_be_in_more_zones_than_there_are() -> None:
    assert "given 4, but there are 3 zones" in refusal(controlPlaneZones=4)


def test_a_control_plane_in_one_zone_is_refused() -> None:
    assert "greater than or equal to 2" in refusal(controlPlaneZones=1)


@pytest.mark.parametrize("cidr", ["10.250.0.0/20", "10.0.0.0/8", "172.16.0.0/12", "192.0.2.0/24"])
def test_a_route_leads_to_any_network_beside_the_clusters_own(cidr: str) -> None:
    assert [str(routed) for _, _, routed in network_settings(access=attached(cidr)).access.routed] == [cidr]


@pytest.mark.parametrize(
    ("cidrs", "problem"),
    [
        (["0.0.0.0/0"], "0.0.0.0/0 would take over the way to the internet; allowed are /8 and narrower"),
        (["0.0.0.0/1", "128.0.0.0/1"], "128.0.0.0/1 would take over the way to the internet"),
        (["10.20.0.0/16"], "10.20.0.0/16 is within 10.20.0.0/16, which is the cluster's own"),
        (["10.20.64.0/24"], "10.20.64.0/24 is within 10.20.0.0/16"),
        (["172.20.1.0/24"], "172.20.1.0/24 is within 172.20.0.0/16"),
        (["10.250.0.0/20", "10.250.0.0/20"], "10.250.0.0/20 stands twice"),
        ([], "at least 1 item"),
        ([f"10.{octet}.0.0/16" for octet in range(100, 121)], "at most 20 items"),
    ],
)
def test_a_route_that_aws_or_the_cluster_could_not_have_is_refused(cidrs: list[str], problem: str) -> None:
    assert problem in refusal(access=attached(*cidrs))


def test_one_network_cannot_be_behind_two_ways() -> None:
    both = {**attached("10.250.0.0/20"), "peering": {"vpcId": OTHER_VPC, "cidrs": ["10.250.0.0/20"]}}
    assert "10.250.0.0/20 stands twice; name each network once, at the way that leads there" in refusal(access=both)


@pytest.mark.parametrize("identifier", ["tgw-123", "vpc-0123456789abcdef0", "tgw-0123456789ABCDEF0", ""])
def test_what_is_not_the_id_of_a_transit_gateway_is_refused(identifier: str) -> None:
    wrong = {"transitGateway": {"id": identifier, "cidrs": ["10.250.0.0/20"]}}
    assert "allowed is the id of a transit gateway, such as tgw-0123456789abcdef0" in refusal(access=wrong)
