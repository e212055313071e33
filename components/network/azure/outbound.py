"""The way of the nodes to the internet: a NAT gateway and its public address."""

from __future__ import annotations

from typing import Final

import pulumi
from pulumi_azure_native import network

from components.azure import AzureLocation, send_diagnostics
from components.base import Component
from facts.azure import LOCATIONS, NatGateway

# The SDK's enumerations, of the API of 2024-05, name it not yet; that API knows it (Azure CLI, issue 31245:
# gateways from 2024-03-01 on, addresses from 2023-06-01 on).
_STANDARD_V2: Final = "StandardV2"
_ADDRESS_LOGS: Final = ("DDoSProtectionNotifications", "DDoSMitigationFlowLogs", "DDoSMitigationReports")


def create_nat_gateway(
    component: Component,
    kind: NatGateway,
    *,
    location: AzureLocation,
    workspace_id: pulumi.Input[str],
    retain: bool,
) -> tuple[network.NatGateway, network.PublicIPAddress]:
    """The gateway, and the address that the internet sees.

    ``retain`` protects the address, which others may have allow-listed. Azure turns no gateway into one
    of the other kind, so each has its own name: a successor is there before the first one goes. By
    itself the provider deletes first, which Azure refuses while the subnet holds the gateway.
    """
    zone_redundant = kind is NatGateway.ZONE_REDUNDANT
    name = f"{location.resource_group}-nat" if zone_redundant else f"{location.resource_group}-nat-zonal"
    address = network.PublicIPAddress(
        component.child_name("nat-address"),
        network.PublicIPAddressInitArgs(
            public_ip_address_name=name,
            resource_group_name=location.resource_group,
            location=location.location,
            sku=network.PublicIPAddressSkuArgs(name=_STANDARD_V2 if zone_redundant else network.PublicIPAddressSkuName.STANDARD),
            public_ip_allocation_method=network.IPAllocationMethod.STATIC,
            public_ip_address_version=network.IPVersion.I_PV4,
            # All of them, whatever the stack uses: Azure changes none later.
            zones=list(LOCATIONS[location.location].zones) or None,
            tags=location.tags,
        ),
        component.child_options(protect=retain, delete_before_replace=False),
    )
    gateway = network.NatGateway(
        component.child_name("nat"),
        network.NatGatewayInitArgs(
            nat_gateway_name=name,
            resource_group_name=location.resource_group,
            location=location.location,
            sku=network.NatGatewaySkuArgs(name=_STANDARD_V2 if zone_redundant else network.NatGatewaySkuName.STANDARD),
            public_ip_addresses=[network.SubResourceArgs(id=address.id)],
            tags=location.tags,
        ),
        component.child_options(delete_before_replace=False),
    )
    # The gateway's own metrics cannot be sent anywhere (Azure NAT Gateway, "Monitor"); its connections are in the flow logs.
    send_diagnostics(component, "nat-address-diagnostics", resource_id=address.id, workspace_id=workspace_id, logs=_ADDRESS_LOGS)
    return gateway, address
