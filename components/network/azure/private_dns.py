"""Private DNS zones: the names by which databases, storage accounts and vaults are found inside the network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import privatedns

from components.azure import AzureLocation
from components.base import Component

# Zones and links are in no region.
_EVERYWHERE: Final = "global"
# As private endpoints ask for them (Azure Private Link, "Private endpoint private DNS zone values").
_BLOB: Final = "privatelink.blob.core.windows.net"
_VAULT: Final = "privatelink.vaultcore.azure.net"


@dataclass(frozen=True, kw_only=True)
class PrivateZones:
    """The zones by what is found in them, and what has to be there before a name is asked for."""

    database: privatedns.PrivateZone
    blob: privatedns.PrivateZone
    vault: privatedns.PrivateZone
    links: Sequence[pulumi.Resource]


def create_private_zones(
    component: Component,
    *,
    location: AzureLocation,
    virtual_network_id: pulumi.Input[str],
    peer_id: str | None,
) -> PrivateZones:
    """The zones, linked to the network.

    The zone of the databases is linked to the peered network too: its name is the stack's own. Those of
    storage accounts and vaults have the same names everywhere, and a network can be linked to one of a
    name alone, which the peered one mostly is already.
    """
    names = {
        # Not the server's own name before the dot, which Azure refuses.
        "database": f"{location.resource_group}.private.postgres.database.azure.com",
        "blob": _BLOB,
        "vault": _VAULT,
    }
    zones = {
        role: privatedns.PrivateZone(
            component.child_name(f"{role}-zone"),
            privatedns.PrivateZoneArgs(
                private_zone_name=name, resource_group_name=location.resource_group, location=_EVERYWHERE, tags=location.tags
            ),
            component.child_options(),
        )
        for role, name in names.items()
    }
    linked: Mapping[str, tuple[str, pulumi.Input[str]]] = {role: (role, virtual_network_id) for role in zones}
    if peer_id:
        linked = {**linked, "database-peer": ("database", peer_id)}
    links: list[pulumi.Resource] = [
        privatedns.VirtualNetworkLink(
            component.child_name(f"{role}-link"),
            privatedns.VirtualNetworkLinkArgs(
                virtual_network_link_name="peer" if role.endswith("-peer") else "platform",
                private_zone_name=zones[zone].name,
                resource_group_name=location.resource_group,
                location=_EVERYWHERE,
                registration_enabled=False,
                virtual_network=privatedns.SubResourceArgs(id=target),
                tags=location.tags,
            ),
            # Azure changes the network of no link.
            component.child_options(replace_on_changes=["virtualNetwork"], delete_before_replace=True),
        )
        for role, (zone, target) in linked.items()
    ]
    return PrivateZones(**zones, links=links)
