"""How the network of the platform reaches a service of Azure: by an address of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import network

from components.azure import AzureLocation
from components.base import Component


@dataclass(frozen=True, kw_only=True)
class PrivateAccess:
    """Where the private endpoints of one kind of service are, and who knows their addresses.

    Attributes:
        location: of the network.
        subnet_id: where their addresses are.
        zone_id: the private DNS zone of the kind, such as ``privatelink.blob.core.windows.net``.
        after: what changes the network before.
    """

    location: AzureLocation
    subnet_id: pulumi.Input[str]
    zone_id: pulumi.Input[str]
    after: Sequence[pulumi.Resource] = ()


def open_privately(
    component: Component,
    role: str,
    *,
    service_id: pulumi.Input[str],
    part: str,
    access: PrivateAccess,
    after: Sequence[pulumi.Resource] = (),
) -> network.PrivateDnsZoneGroup:
    """Let the network reach ``part`` of a service, such as ``blob`` of a storage account, under its usual name.

    ``after`` is what changes the service before: Azure changes one thing of a network or an account at a
    time, and an endpoint that meets another change fails (``StorageAccountOperationInProgress``, ``RetryableError``).
    Returns what to wait for: from then on the name leads to the endpoint.
    """
    name = f"{access.location.resource_group}-{component.child_name(role)}"
    endpoint = network.PrivateEndpoint(
        component.child_name(role),
        network.PrivateEndpointArgs(
            private_endpoint_name=name,
            custom_network_interface_name=f"{name}-nic",
            resource_group_name=access.location.resource_group,
            location=access.location.location,
            subnet=network.SubnetArgs(id=access.subnet_id),
            private_link_service_connections=[
                network.PrivateLinkServiceConnectionArgs(name=part, private_link_service_id=service_id, group_ids=[part])
            ],
            tags=access.location.tags,
        ),
        # A successor would have the name of the one that it replaces.
        component.child_options(depends_on=[*access.after, *after], delete_before_replace=True),
    )
    return network.PrivateDnsZoneGroup(
        component.child_name(f"{role}-names"),
        network.PrivateDnsZoneGroupArgs(
            private_dns_zone_group_name="default",
            private_endpoint_name=endpoint.name,
            resource_group_name=access.location.resource_group,
            private_dns_zone_configs=[network.PrivateDnsZoneConfigArgs(name=part, private_dns_zone_id=access.zone_id)],
        ),
        component.child_options(delete_before_replace=True),
    )
