"""The subnets of a VPC, from a plan of addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.errors import ComponentError
from components.network.aws.model import NetworkSettings
from facts.aws import ZONES_WITHOUT_CONTROL_PLANES

Subnets = Mapping[str, aws.ec2.Subnet]
"""One subnet in each zone, by the zone's name."""


class ControlPlaneZoneError(ComponentError):
    """EKS has no control plane in the zone that an account knows by the name that was given."""


@dataclass(frozen=True, kw_only=True)
class NetworkSubnets:
    """Subnets by what they hold; there are ``transit`` ones only with a transit gateway."""

    public: Subnets
    private: Subnets
    isolated: Subnets
    control_plane: Subnets
    transit: Subnets

    @property
    def control_plane_ids(self) -> dict[str, pulumi.Output[str]]:
        """The ids of the control plane's subnets by zone, once AWS has said that EKS is there."""
        return {
            zone: pulumi.Output.all(subnet.id, subnet.availability_zone_id).apply(partial(require_control_planes, zone))
            for zone, subnet in self.control_plane.items()
        }


def create_subnets(network: Component, settings: NetworkSettings, *, vpc_id: pulumi.Input[str], cluster_name: str) -> NetworkSubnets:
    """Create all subnets; load balancer controllers find theirs by the tags."""
    zones = settings.plan.zones
    shared = {f"kubernetes.io/cluster/{cluster_name}": "shared"}

    def create(kind: str, ranges: Mapping[str, IPv4Network], tags: Mapping[str, str]) -> Subnets:
        return {zone: _create_subnet(network, f"{kind}-{zone}", zone, cidr, vpc_id=vpc_id, tags=tags) for zone, cidr in ranges.items()}

    return NetworkSubnets(
        public=create("public", {zone.zone: zone.public for zone in zones}, {**shared, "kubernetes.io/role/elb": "1"}),
        private=create("private", {zone.zone: zone.private for zone in zones}, {**shared, "kubernetes.io/role/internal-elb": "1"}),
        isolated=create("isolated", {zone.zone: zone.isolated for zone in zones}, {}),
        control_plane=create("control-plane", {zone.zone: zone.control_plane for zone in zones[: settings.control_plane_zones]}, {}),
        transit=create("transit", {zone.zone: zone.transit for zone in zones} if settings.access.transit_gateway else {}, {}),
    )


def _create_subnet(
    network: Component, role: str, zone: str, cidr: IPv4Network, *, vpc_id: pulumi.Input[str], tags: Mapping[str, str]
) -> aws.ec2.Subnet:
    return aws.ec2.Subnet(
        network.child_name(role),
        aws.ec2.SubnetArgs(
            vpc_id=vpc_id,
            availability_zone=zone,
            cidr_block=str(cidr),
            map_public_ip_on_launch=False,
            tags={"Name": network.child_name(role), **tags},
        ),
        network.child_options(),
    )


def require_control_planes(zone: str, known: Sequence[str]) -> str:
    """The subnet's id, where EKS has control planes in its zone.

    Args:
        zone: its name, which is the account's own.
        known: the ids of the subnet and of the zone, which is the same in every account.

    Raises:
        ControlPlaneZoneError: EKS has none there.
    """
    subnet_id, zone_id = known
    if zone_id in ZONES_WITHOUT_CONTROL_PLANES:
        raise ControlPlaneZoneError(
            f"{zone} is {zone_id} in this account, where EKS has no control plane; "
            "put another zone of the region in its place in plinth:network.zones, or move it behind the control plane's zones"
        )
    return subnet_id
