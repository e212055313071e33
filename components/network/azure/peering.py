"""Peering: what joins a virtual network with another one."""

from __future__ import annotations

from typing import Final

import pulumi
from pulumi_azure_native import network

from components.azure import AzureLocation
from components.base import Component
from components.network.azure.access import PeeringSettings

# Azure changes neither the other network nor either name of a peering that is there.
_FIXED: Final = ["remoteVirtualNetwork"]


def create_peering(
    component: Component,
    peer: PeeringSettings,
    *,
    location: AzureLocation,
    virtual_network: network.VirtualNetwork,
    after: pulumi.Resource,
) -> tuple[network.VirtualNetworkPeering, list[pulumi.Resource]]:
    """Join the networks, behind ``after``: Azure changes one thing of a virtual network at a time.

    Returns this side of the peering, which leads nowhere until the other one is there, and all that has
    been created. The other side comes first, as its gateway cannot be used before it allows that.
    """
    parts: list[pulumi.Resource] = [after]
    _, _, subscription, _, group, *_, name = peer.virtual_network.split("/")
    if subscription == location.subscription_id:
        parts.append(
            network.VirtualNetworkPeering(
                component.child_name("peering-remote"),
                network.VirtualNetworkPeeringInitArgs(
                    virtual_network_peering_name=location.resource_group,
                    virtual_network_name=name,
                    resource_group_name=group,
                    remote_virtual_network=network.SubResourceArgs(id=virtual_network.id),
                    allow_virtual_network_access=True,
                    allow_gateway_transit=peer.remote_gateway,
                ),
                component.child_options(depends_on=parts, replace_on_changes=_FIXED, delete_before_replace=True),
            )
        )
    peering = network.VirtualNetworkPeering(
        component.child_name("peering"),
        network.VirtualNetworkPeeringInitArgs(
            virtual_network_peering_name="peer",
            virtual_network_name=virtual_network.name,
            resource_group_name=location.resource_group,
            remote_virtual_network=network.SubResourceArgs(id=peer.virtual_network),
            allow_virtual_network_access=True,
            # What a VPN, or an appliance of the other network, passes on.
            allow_forwarded_traffic=True,
            use_remote_gateways=peer.remote_gateway,
        ),
        component.child_options(depends_on=parts, replace_on_changes=_FIXED, delete_before_replace=True),
    )
    return peering, [*parts, peering]
