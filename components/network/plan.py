"""The address plan of a network: which subnet gets which range, decided without any cloud."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from components.base import ComponentError
from facts.addresses import parse_network_cidr

# No region has more general zones (us-east-1 has six).
MOST_ZONES = 6


class NetworkPlanError(ComponentError):
    """The network that was asked for cannot be laid out; the message names what is allowed."""


@dataclass(frozen=True, kw_only=True)
class ZonePlan:
    """The ranges of one zone.

    ``private`` holds nodes and pods, ``public`` load balancers and NAT gateways, ``isolated`` databases and ``control_plane`` the
    network interfaces of the Kubernetes API (CLUS-008 keeps them apart from the workloads).
    """

    zone: str
    private: IPv4Network
    public: IPv4Network
    isolated: IPv4Network
    control_plane: IPv4Network


@dataclass(frozen=True, kw_only=True)
class NetworkPlan:
    """The ranges of a network, zone by zone in the order that was given."""

    cidr: IPv4Network
    zones: tuple[ZonePlan, ...]


def plan_network(cidr: str, zones: Sequence[str]) -> NetworkPlan:
    """Lay out ``cidr`` over ``zones``.

    The range is cut into eighths. Zone *i* has the *i*-th eighth for its pods; the seventh eighth holds the isolated subnets, the
    last one the public subnets and those of the control plane. A place depends on the zone's position alone, so a zone that is
    added at the end moves nothing. In a /16: private /19, isolated /22, public and control plane /23.

    Raises:
        NetworkPlanError: no IPv4 range, not private, too large or too small, in the way of the Services; no zone, too many, one twice.
    """
    network = _parse(cidr)
    if not 1 <= len(zones) <= MOST_ZONES:
        raise NetworkPlanError(f"{len(zones)} zones cannot be laid out; allowed are 1 to {MOST_ZONES}")
    if len(set(zones)) != len(zones):
        raise NetworkPlanError(f"a zone stands twice in {', '.join(zones)}; name each one once")
    *private, isolated_block, shared_block = network.subnets(prefixlen_diff=3)
    public_block, control_plane_block = shared_block.subnets(prefixlen_diff=1)
    places = zip(*(block.subnets(prefixlen_diff=3) for block in (isolated_block, public_block, control_plane_block)), strict=True)
    return NetworkPlan(
        cidr=network,
        zones=tuple(
            ZonePlan(zone=zone, private=own, isolated=isolated, public=public, control_plane=control_plane)
            for zone, own, (isolated, public, control_plane) in zip(zones, private, places, strict=False)
        ),
    )


def check_zones(region: str, zones: Sequence[str]) -> None:
    """Refuse zones whose names are not those of availability zones of ``region`` (local and wavelength zones have neither EKS nor RDS).

    Raises:
        NetworkPlanError: a zone is of another region or kind.
    """
    foreign = [zone for zone in zones if not re.fullmatch(f"{re.escape(region)}[a-z]", zone)]
    if foreign:
        raise NetworkPlanError(
            f"no availability zone of {region}: {', '.join(foreign)}; allowed are the region's name and a letter, such as {region}a"
        )


def _parse(cidr: str) -> IPv4Network:
    try:
        return parse_network_cidr(cidr)
    except ValueError as error:
        raise NetworkPlanError(str(error)) from error
