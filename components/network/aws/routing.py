"""The route tables of a VPC: where each kind of subnet can go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.network.aws.subnets import NetworkSubnets, Subnets
from facts.aws import NatGateways

ANYWHERE: Final = "0.0.0.0/0"


@dataclass(frozen=True, kw_only=True)
class Routing:
    """What carries the traffic of a VPC.

    Attributes:
        private: the tables of nodes and pods, by role.
        inward: the tables of what only answers, by role: databases and the control plane.
        nat_public_ips: the addresses that the internet sees.
        parts: what must be there before anything runs in the VPC.
    """

    private: Mapping[str, aws.ec2.RouteTable]
    inward: Mapping[str, aws.ec2.RouteTable]
    nat_public_ips: Sequence[pulumi.Output[str]]
    parts: Sequence[pulumi.Resource]

    @property
    def answering(self) -> Mapping[str, aws.ec2.RouteTable]:
        """The tables that need a route back to whoever comes from outside of the VPC."""
        return {**self.private, **self.inward}


def create_routing(
    network: Component, subnets: NetworkSubnets, *, vpc_id: pulumi.Input[str], nat_gateways: NatGateways, retain: bool
) -> Routing:
    """Route public subnets to the internet, private ones through NAT gateways, and no others."""
    parts: list[pulumi.Resource] = []

    def table(role: str, members: Subnets, kind: str) -> aws.ec2.RouteTable:
        created = aws.ec2.RouteTable(
            network.child_name(role),
            aws.ec2.RouteTableArgs(vpc_id=vpc_id, tags={"Name": network.child_name(role)}),
            network.child_options(),
        )
        parts.extend(
            aws.ec2.RouteTableAssociation(
                network.child_name(f"{kind}-{zone}"),
                aws.ec2.RouteTableAssociationArgs(route_table_id=created.id, subnet_id=subnet.id),
                network.child_options(),
            )
            for zone, subnet in members.items()
        )
        return created

    gateway = aws.ec2.InternetGateway(
        network.child_name("internet-gateway"),
        aws.ec2.InternetGatewayArgs(vpc_id=vpc_id, tags={"Name": network.child_name("internet-gateway")}),
        network.child_options(),
    )
    internet = aws.ec2.Route(
        network.child_name("public-internet"),
        aws.ec2.RouteArgs(
            route_table_id=table("public", subnets.public, "public").id, destination_cidr_block=ANYWHERE, gateway_id=gateway.id
        ),
        network.child_options(),
    )
    zones = list(subnets.public)
    gateways = {
        zone: _create_nat_gateway(network, zone, subnets.public[zone], internet, retain=retain)
        for zone in (zones if nat_gateways is NatGateways.PER_ZONE else zones[:1])
    }
    private = {f"private-{zone}": table(f"private-{zone}", {zone: subnet}, "private") for zone, subnet in subnets.private.items()}
    parts.extend(
        aws.ec2.Route(
            network.child_name(f"private-{zone}-internet"),
            aws.ec2.RouteArgs(
                route_table_id=private[f"private-{zone}"].id,
                destination_cidr_block=ANYWHERE,
                nat_gateway_id=gateways.get(zone, gateways[zones[0]]).id,
            ),
            network.child_options(),
        )
        for zone in zones
    )
    inward = {
        "isolated": table("isolated", subnets.isolated, "isolated"),
        "control-plane": table("control-plane", subnets.control_plane, "control-plane"),
    }
    if subnets.transit:
        table("transit", subnets.transit, "transit")
    return Routing(
        private=private, inward=inward, nat_public_ips=[gateway.public_ip for gateway in gateways.values()], parts=[internet, *parts]
    )


def _create_nat_gateway(
    network: Component, zone: str, subnet: aws.ec2.Subnet, internet: aws.ec2.Route, *, retain: bool
) -> aws.ec2.NatGateway:
    address = aws.ec2.Eip(
        network.child_name(f"nat-{zone}"),
        aws.ec2.EipArgs(domain="vpc", tags={"Name": network.child_name(f"nat-{zone}")}),
        network.child_options(protect=retain),
    )
    return aws.ec2.NatGateway(
        network.child_name(f"nat-{zone}"),
        aws.ec2.NatGatewayArgs(allocation_id=address.allocation_id, subnet_id=subnet.id, tags={"Name": network.child_name(f"nat-{zone}")}),
        # A NAT gateway fails to start where its subnet has no way to the internet yet.
        network.child_options(depends_on=[internet]),
    )
