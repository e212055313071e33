"""The address plan of a network: which subnet gets which range, decided without any cloud."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

# No region has more general zones (us-east-1 has six).
MOST_ZONES: Final = 6


@dataclass(frozen=True, kw_only=True)
class ZonePlan:
    """The ranges of one zone.

    ``private`` holds nodes and pods, ``public`` load balancers and NAT gateways, ``isolated``
    databases, ``control_plane`` the network interfaces of the Kubernetes API (CLUS-008 keeps them
    apart from the workloads) and ``transit`` those of a transit gateway.
    """

    zone: str
    private: IPv4Network
    public: IPv4Network
    isolated: IPv4Network
    control_plane: IPv4Network
    transit: IPv4Network


@dataclass(frozen=True, kw_only=True)
class NetworkPlan:
    """The ranges of a network, zone by zone in the order that was given."""

    cidr: IPv4Network
    zones: tuple[ZonePlan, ...]


def plan_network(cidr: IPv4Network, zones: Sequence[str]) -> NetworkPlan:
    """Lay out ``cidr``, of /16 to /20, over one to six ``zones``.

    The range is cut into eighths. Zone *i* has the *i*-th eighth for its pods; the seventh eighth
    holds the isolated subnets, the last one the public subnets and those of the control plane, and
    in what those leave free the ones of a transit gateway. A place depends on the zone's position
    alone, so a zone that is added at the end moves nothing. In a /16: private /19, isolated /22,
    public and control plane /23, transit /24.
    """
    *private, isolated_block, shared_block = cidr.subnets(prefixlen_diff=3)
    public, control_plane = (list(block.subnets(prefixlen_diff=3)) for block in shared_block.subnets(prefixlen_diff=1))
    transit = [half for spare in (*public[MOST_ZONES:], *control_plane[MOST_ZONES:]) for half in spare.subnets(prefixlen_diff=1)]
    places = zip(zones, private, isolated_block.subnets(prefixlen_diff=3), public, control_plane, transit, strict=False)
    return NetworkPlan(
        cidr=cidr,
        zones=tuple(
            ZonePlan(zone=zone, private=own, isolated=databases, public=outward, control_plane=api, transit=gateway)
            for zone, own, databases, outward, api, gateway in places
        ),
    )
