from __future__ import annotations

from ipaddress import IPv4Network
from itertools import pairwise
from string import ascii_lowercase

from hypothesis import given
from hypothesis import strategies as st

from components.network.plan import MOST_ZONES, NetworkPlan, plan_network

CIDRS = st.builds(
    lambda block, prefix, index: list(IPv4Network(block).subnets(new_prefix=prefix))[index],
    st.sampled_from(["10.64.0.0/12", "172.24.0.0/13", "192.168.0.0/16", "100.96.0.0/12"]),
    st.integers(16, 20),
    st.just(0) | st.just(-1),
)
ZONES = st.integers(1, MOST_ZONES).map(lambda count: [f"eu-west-1{letter}" for letter in ascii_lowercase[:count]])


def subnets_of(plan: NetworkPlan) -> list[IPv4Network]:
    return [subnet for zone in plan.zones for subnet in (zone.private, zone.public, zone.isolated, zone.control_plane, zone.transit)]


@given(CIDRS, ZONES)
def test_no_two_subnets_overlap(cidr: IPv4Network, zones: list[str]) -> None:
    assert not any(one.overlaps(other) for one, other in pairwise(sorted(subnets_of(plan_network(cidr, zones)))))


@given(CIDRS, ZONES)
def test_every_subnet_is_inside_the_network(cidr: IPv4Network, zones: list[str]) -> None:
    plan = plan_network(cidr, zones)
    assert plan.cidr == cidr
    assert all(subnet.subnet_of(cidr) for subnet in subnets_of(plan))


@given(CIDRS, ZONES)
def test_each_zone_has_subnets_that_aws_accepts_and_most_addresses_are_for_pods(cidr: IPv4Network, zones: list[str]) -> None:
    plan = plan_network(cidr, zones)
    assert [zone.zone for zone in plan.zones] == zones
    for zone in plan.zones:
        assert all(16 <= subnet.prefixlen <= 27 for subnet in (zone.public, zone.isolated, zone.control_plane))
        assert zone.transit.prefixlen <= 28
        others = sum(subnet.num_addresses for subnet in (zone.public, zone.isolated, zone.control_plane))
        assert zone.private.num_addresses >= 4 * others


@given(CIDRS, ZONES)
def test_a_zone_added_at_the_end_moves_nothing(cidr: IPv4Network, zones: list[str]) -> None:
    assert plan_network(cidr, zones).zones[:-1] == plan_network(cidr, zones[:-1]).zones


def test_a_sixteen_over_three_zones_is_laid_out_as_documented() -> None:
    plan = plan_network(IPv4Network("10.20.0.0/16"), ["eu-west-1a", "eu-west-1b", "eu-west-1c"])
    rows = [tuple(map(str, (zone.private, zone.isolated, zone.public, zone.control_plane, zone.transit))) for zone in plan.zones]
    assert rows == [
        ("10.20.0.0/19", "10.20.192.0/22", "10.20.224.0/23", "10.20.240.0/23", "10.20.236.0/24"),
        ("10.20.32.0/19", "10.20.196.0/22", "10.20.226.0/23", "10.20.242.0/23", "10.20.237.0/24"),
        ("10.20.64.0/19", "10.20.200.0/22", "10.20.228.0/23", "10.20.244.0/23", "10.20.238.0/24"),
    ]
