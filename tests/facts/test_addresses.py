from __future__ import annotations

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.addresses import KUBERNETES_SERVICE_CIDR, PRIVATE_RANGES, count_addresses, is_internal, parse_cidr, parse_network_cidr

NETWORKS = st.builds(
    lambda address, prefix: IPv4Network((address, prefix), strict=False), st.integers(0, 2**32 - 1), st.integers(min_value=0, max_value=32)
)


@given(NETWORKS)
def test_every_ipv4_range_is_read_as_itself(network: IPv4Network) -> None:
    assert parse_cidr(str(network)) == network


@given(st.sampled_from(PRIVATE_RANGES).flatmap(lambda private: st.tuples(st.just(private), st.integers(16, 20), st.integers(0, 2**16))))
def test_a_network_is_private_of_a_size_to_plan_with_and_apart_from_services(drawn: tuple[IPv4Network, int, int]) -> None:
    private, prefix, place = drawn
    network = IPv4Network((int(private.network_address) + place % 2 ** (prefix - private.prefixlen) * 2 ** (32 - prefix), prefix))
    if network.overlaps(IPv4Network(KUBERNETES_SERVICE_CIDR)):
        with pytest.raises(ValueError, match="in the way of the Kubernetes Services"):
            parse_network_cidr(str(network))
    else:
        assert parse_network_cidr(str(network)) == network


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ten", "is not a network"),
        ("10.0.0.0/33", "is not a network"),
        ("10.20.0.1/16", "host bits"),
        ("fd00::/64", "is an IPv6 network"),
        ("10.0.0.0/15", "too large for a network; allowed are /16 to /20"),
        ("10.0.0.0/21", "too small for a network; allowed are /16 to /20"),
        ("11.0.0.0/16", "is not private"),
    ],
)
def test_an_impossible_network_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_network_cidr(text)


def test_two_halves_of_the_internet_are_all_of_it_and_no_address_counts_twice() -> None:
    assert count_addresses(map(IPv4Network, ("0.0.0.0/1", "128.0.0.0/1"))) == 2**32
    assert count_addresses(map(IPv4Network, ("192.0.2.0/24", "192.0.2.128/25"))) == 2**8


@pytest.mark.parametrize("text", ["10.1.0.0/16", "172.31.0.0/16", "192.168.0.0/24", "100.64.0.0/10", "169.254.169.254/32", "127.0.0.1/32"])
def test_what_no_host_on_the_internet_has_is_internal(text: str) -> None:
    assert is_internal(IPv4Network(text))


@pytest.mark.parametrize("text", ["198.51.100.0/24", "11.0.0.0/8", "0.0.0.0/0"])
def test_what_hosts_on_the_internet_have_is_not_internal(text: str) -> None:
    assert not is_internal(IPv4Network(text))
