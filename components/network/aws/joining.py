"""Joining a VPC with other networks: a transit gateway or another VPC, and the routes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.aws import AwsLocation
from components.base import Component
from components.network.aws.access import PeeringSettings, TransitGatewaySettings
from components.network.aws.subnets import Subnets

Tables = Mapping[str, aws.ec2.RouteTable]
# How long the provider tries to create a route to a gateway whose attachment nobody has accepted
# yet: people do that.
ACCEPTANCE: Final = "30m"


def attach_transit_gateway(
    network: Component, gateway: TransitGatewaySettings, *, vpc_id: pulumi.Input[str], subnets: Subnets, tables: Tables
) -> tuple[aws.ec2transitgateway.VpcAttachment, list[pulumi.Resource]]:
    """Attach the VPC in every zone: the gateway reaches nothing in a zone where it has no subnet.

    Returns the attachment and its routes, which wait for whoever accepts it in the gateway's
    account.
    """
    attachment = aws.ec2transitgateway.VpcAttachment(
        network.child_name("transit-gateway"),
        aws.ec2transitgateway.VpcAttachmentArgs(
            transit_gateway_id=gateway.id,
            vpc_id=vpc_id,
            subnet_ids=[subnet.id for subnet in subnets.values()],
            dns_support="enable",
            tags={"Name": network.child_name("transit-gateway")},
        ),
        network.child_options(),
    )
    target = {"transit_gateway_id": attachment.transit_gateway_id}
    return attachment, _create_routes(network, tables, gateway.cidrs, target, after=[attachment])


def create_peering(
    network: Component, peer: PeeringSettings, *, location: AwsLocation, vpc_id: pulumi.Input[str], tables: Tables
) -> tuple[aws.ec2.VpcPeeringConnection, list[pulumi.Resource]]:
    """Ask for a connection with another VPC, and accept it where that is in the same account.

    Returns the connection and its routes, which lead nowhere until another account has accepted it.
    """
    region = peer.region or location.region
    same_account = peer.account in {None, location.account_id}
    same_region = region == location.region
    connection = aws.ec2.VpcPeeringConnection(
        network.child_name("peering"),
        aws.ec2.VpcPeeringConnectionArgs(
            vpc_id=vpc_id,
            peer_vpc_id=peer.vpc_id,
            peer_owner_id=None if same_account else peer.account,
            peer_region=None if same_region else region,
            # AWS accepts by itself only within one account and one region.
            auto_accept=True if same_account and same_region else None,
            tags={"Name": network.child_name("peering")},
        ),
        network.child_options(),
    )
    after: list[pulumi.Resource] = [connection]
    if same_account and not same_region:
        after.append(
            aws.ec2.VpcPeeringConnectionAccepter(
                network.child_name("peering-accepter"),
                aws.ec2.VpcPeeringConnectionAccepterInitArgs(
                    vpc_peering_connection_id=connection.id,
                    region=region,
                    auto_accept=True,
                    tags={"Name": network.child_name("peering")},
                ),
                network.child_options(),
            )
        )
    return connection, _create_routes(network, tables, peer.cidrs, {"vpc_peering_connection_id": connection.id}, after=after)


def _create_routes(
    network: Component, tables: Tables, cidrs: Sequence[object], target: Mapping[str, Any], *, after: Sequence[pulumi.Resource]
) -> list[pulumi.Resource]:
    return [
        aws.ec2.Route(
            network.child_name(f"{role}-to-{str(cidr).replace('/', '-')}"),
            aws.ec2.RouteArgs(route_table_id=table.id, destination_cidr_block=str(cidr), **target),
            network.child_options(depends_on=after, custom_timeouts=pulumi.CustomTimeouts(create=ACCEPTANCE)),
        )
        for role, table in tables.items()
        for cidr in cidrs
    ]
