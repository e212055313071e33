from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.network.plan import MOST_ZONES, NetworkPlan, NetworkPlanError, check_zones, plan_network
from facts.addresses import KUBERNETES_SERVICE_CIDR

CIDRS = st.builds(
    lambda block, prefix, index: list(IPv4Network(block).subnets(new_prefix=prefix))[index],
    st.sampled_from(["10.64.0.0/12", "172.24.0.0/13", "192.168.0.0/16", "100.96.0.0/12"]),
    st.integers(16, 20),
    st.just(0) | st.just(-1),
)
ZONES = st.integers(1, MOST_ZONES).map(lambda count: [f"eu-west-1{letter}" for letter in ascii_lowercase[:count]])


def subnets_of(plan: NetworkPlan) -> list[IPv4Network]:
    return [subnet for zone in plan.zones for subnet in (zone.private, zone.public, zone.isolated, zone.control_plane)]


@given(CIDRS, ZONES)
def test_no_two_subnets_overlap(cidr: IPv4Network, zones: list[str]) -> None:
    assert not any(one.overlaps(other) for one, other in combinations(subnets_of(plan_network(str(cidr), zones)), 2))


@given(CIDRS, ZONES)
def test_every_subnet_is_inside_the_network(cidr: IPv4Network, zones: list[str]) -> None:
    plan = plan_network(str(cidr), zones)
    assert plan.cidr == cidr
    assert all(subnet.subnet_of(cidr) for subnet in subnets_of(plan))


@given(CIDRS, ZONES)
def test_each_zone_has_four_subnets_that_aws_accepts_and_most_addresses_are_for_pods(cidr: IPv4Network, zones: list[str]) -> None:
    plan = plan_network(str(cidr), zones)
    assert [zone.zone for zone in plan.zones] == zones
    for zone in plan.zones:
        assert all(16 <= subnet.prefixlen <= 27 for subnet in (zone.public, zone.isolated, zone.control_plane))
        others = sum(subnet.num_addresses for subnet in (zone.public, zone.isolated, zone.control_plane))
        assert zone.private.num_addresses >= 4 * others


@given(CIDRS, ZONES)
def test_a_zone_added_at_the_end_moves_nothing(cidr: IPv4Network, zones: list[str]) -> None:
    assert plan_network(str(cidr), zones).zones[:-1] == (plan_network(str(cidr), zones[:-1]).zones if zones[:-1] else ())


@given(CIDRS, ZONES)
def test_the_same_question_has_the_same_answer(cidr: IPv4Network, zones: list[str]) -> None:
    assert plan_network(str(cidr), zones) == plan_network(str(cidr), zones)


def test_a_sixteen_over_three_zones_is_laid_out_as_documented() -> None:
    plan = plan_network("10.20.0.0/16", ["eu-west-1a", "eu-west-1b", "eu-west-1c"])
    rows = [tuple(map(str, (zone.private, zone.isolated, zone.public, zone.control_plane))) for zone in plan.zones]
    assert rows == [
        ("10.20.0.0/19", "10.20.192.0/22", "10.20.224.0/23", "10.20.240.0/23"),
        ("10.20.32.0/19", "10.20.196.0/22", "10.20.226.0/23", "10.20.242.0/23"),
        ("10.20.64.0/19", "10.20.200.0/22", "10.20.228.0/23", "10.20.244.0/23"),
    ]


@pytest.mark.parametrize(
    ("cidr", "allowed"),
    [
        ("10.20.0.0/21", "/16 to /20"),
        ("10.0.0.0/15", "/16 to /20"),
        ("10.20.0.1/16", "an IPv4 range such as 10.20.0.0/16"),
        ("ten", "an IPv4 range such as 10.20.0.0/16"),
        ("8.8.0.0/16", "10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10"),
        ("fd00::/16", "an IPv4 range such as 10.20.0.0/16"),
        ("172.20.16.0/20", KUBERNETES_SERVICE_CIDR),
    ],
)
def test_an_impossible_range_is_refused_and_the_allowed_ones_are_named(cidr: str, allowed: str) -> None:
    with pytest.raises(NetworkPlanError) as refused:
        plan_network(cidr, ["eu-west-1a"])
    assert cidr in str(refused.value)
    assert allowed in str(refused.value)


@pytest.mark.parametrize(
    ("zones", "message"),
    [
        ([], "0 zones .* 1 to 6"),
        ([f"us-east-1{letter}" for letter in "abcdefg"], "7 zones .* 1 to 6"),
        (["us-east-1a", "us-east-1a"], "a zone stands twice"),
    ],
)
def test_zones_that_cannot_be_laid_out_are_refused(zones: list[str], message: str) -> None:
    with pytest.raises(NetworkPlanError, match=message):
        plan_network("10.20.0.0/16", zones)


@pytest.mark.parametrize("zone", ["eu-west-2a", "eu-west-1", "eu-west-1-lon-1a", "eu-west-11a"])
def test_a_zone_of_another_region_or_kind_is_refused(zone: str) -> None:
    with pytest.raises(NetworkPlanError, match=rf"no availability zone of eu-west-1: {zone}; .* such as eu-west-1a"):
        check_zones("eu-west-1", ["eu-west-1a", zone])


def test_zones_of_the_region_are_accepted() -> None:
    check_zones("eu-west-1", ["eu-west-1a", "eu-west-1f"])
