"""Peering: what joins a virtual network with another one."""

from __future__ import annotations

from typing import Final

import pulumi
from pulumi_azure_native import network

from components.azure import AzureLocation
from components.base import Component

# Azure changes neither the other network nor either name of a peering that is there.
_FIXED: Final = ["remoteVirtualNetwork"]


def create_peering(
    component: Component,
    other: str,
    *,
    role: str = "peering",
    name: str = "peer",
    use_gateway: bool = False,
    location: AzureLocation,
    virtual_network: network.VirtualNetwork,
    after: pulumi.Resource,
) -> tuple[network.VirtualNetworkPeering, list[pulumi.Resource]]:
    """Join the network with the ``other`` one, behind ``after``: Azure changes one thing of a network at a time.

    Returns this side of the peering, which leads nowhere until the other one is there, and all that has
    been created. The other side comes first, as its gateway cannot be used before it allows that.
    """
    parts: list[pulumi.Resource] = [after]
    _, _, subscription, _, group, *_, other_name = other.split("/")
    if subscription == location.subscription_id:
        parts.append(
            network.VirtualNetworkPeering(
                component.child_name(f"{role}-remote"),
                network.VirtualNetworkPeeringInitArgs(
                    virtual_network_peering_name=location.resource_group,
                    virtual_network_name=other_name,
                    resource_group_name=group,
                    remote_virtual_network=network.SubResourceArgs(id=virtual_network.id),
                    allow_virtual_network_access=True,
                    allow_gateway_transit=use_gateway,
                ),
                component.child_options(depends_on=parts, replace_on_changes=_FIXED, delete_before_replace=True),
            )
        )
    peering = network.VirtualNetworkPeering(
        component.child_name(role),
        network.VirtualNetworkPeeringInitArgs(
            virtual_network_peering_name=name,
            virtual_network_name=virtual_network.name,
            resource_group_name=location.resource_group,
            remote_virtual_network=network.SubResourceArgs(id=other),
            allow_virtual_network_access=True,
            # What a VPN, or an appliance of the other network, passes on.
            allow_forwarded_traffic=True,
            use_remote_gateways=use_gateway,
        ),
        component.child_options(depends_on=parts, replace_on_changes=_FIXED, delete_before_replace=True),
    )
    return peering, [*parts, peering]
