"""IPv4 ranges: which ones a network of the platform may have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPV4LENGTH, IPV6LENGTH, IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Any, Final

# A VPC is at most a /16 (AWS). Below a /20 a private subnet would hold fewer than 507 pods and a
# public one would be smaller than the /27 that an Application Load Balancer asks for.
LARGEST_PREFIX: Final = 16
SMALLEST_PREFIX: Final = 20
# RFC 1918, and RFC 6598, which EKS supports for pods where the former are used up.
PRIVATE_RANGES: Final = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")))
# What no host on the internet has: the above, and this network, loopback, link-local, multicast
# and reserved (RFC 6890).
INTERNAL_RANGES: Final = (
    *PRIVATE_RANGES,
    *map(IPv4Network, ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4")),
)
# Kubernetes Services get their addresses here: the range is the cluster's own and must not be
# reachable as anything else.
KUBERNETES_SERVICE_CIDR: Final = "172.20.0.0/16"
KUBERNETES_DNS_ADDRESS: Final = "172.20.0.10"
"""Of the cluster's DNS, where a cloud wants it told; EKS takes the same by itself."""


def parse_cidr(text: str) -> IPv4Network:
    """An IPv4 range in CIDR notation.

    Raises:
        ValueError: no IPv4 range, or an address within one.
    """
    try:
        network = ip_network(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a network: {error}; give an IPv4 range such as 10.20.0.0/16") from error
    if not isinstance(network, IPv4Network):
        raise ValueError(f"{text} is an IPv6 network; give an IPv4 range such as 10.20.0.0/16")  # noqa: TRY004 # the text is wrong
    return network


def parse_network_cidr(text: str) -> IPv4Network:
    """The range of a whole network: private, of /16 to /20 and apart from the Kubernetes Services.

    Raises:
        ValueError: it is none of these; the message says what is allowed.
    """
    network = parse_cidr(text)
    if not any(network.subnet_of(private) for private in PRIVATE_RANGES):
        raise ValueError(f"{text} is not private; allowed are ranges within {', '.join(map(str, PRIVATE_RANGES))}")
    if not LARGEST_PREFIX <= network.prefixlen <= SMALLEST_PREFIX:
        size = "large" if network.prefixlen < LARGEST_PREFIX else "small"
        raise ValueError(f"{text} is too {size} for a network; allowed are /{LARGEST_PREFIX} to /{SMALLEST_PREFIX}")
    if network.overlaps(IPv4Network(KUBERNETES_SERVICE_CIDR)):
        raise ValueError(f"{text} is in the way of the Kubernetes Services in {KUBERNETES_SERVICE_CIDR}; take a range outside of it")
    return network


def is_internal(network: IPv4Network) -> bool:
    """Whether no host on the internet has an address in a range."""
    return any(network.subnet_of(internal) for internal in INTERNAL_RANGES)


def count_addresses(networks: Iterable[IPv4Network]) -> int:
    """How many addresses are in the ranges, each counted once: two halves of the internet have 2 ** 32."""
    return sum(network.num_addresses for network in collapse_addresses(networks))


def is_worldwide(ranges: Iterable[object]) -> bool:
    """Whether CIDRs are, together, half of the internet or more, in IPv4 or IPv6; what is not a range counts for nothing.

    Two halves are the internet, and so are four quarters: what a range is called restricted for must be narrower.
    """
    return any(
        sum(network.num_addresses for network in collapse_addresses(networks)) * 2 >= 2**bits for networks, bits in _by_family(ranges)
    )


def _by_family(ranges: Iterable[object]) -> Iterator[tuple[list[Any], int]]:
    found: list[IPv4Network | IPv6Network] = []
    for each in ranges:
        try:
            found.append(ip_network(str(each), strict=False))
        except ValueError:
            continue
    yield [network for network in found if network.version == 4], IPV4LENGTH  # noqa: PLR2004 # the number of the protocol
    yield [network for network in found if network.version == 6], IPV6LENGTH  # noqa: PLR2004 # likewise
