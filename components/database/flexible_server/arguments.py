"""What a PostgreSQL database on Azure is made from, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi

from components.azure import AzureLocation
from components.database.flexible_server.model import DatabaseSettings
from components.database.limits import ConnectionLimits

SERVER_TYPE: Final = "Microsoft.DBforPostgreSQL/flexibleServers"


@dataclass(frozen=True, kw_only=True)
class FlexiblePostgresArgs:
    """What a PostgreSQL database needs to know beside its settings.

    Attributes:
        settings: what the user sets.
        location: the subscription, location and resource group.
        server_name: its physical name and the first part of its host name, which nobody else has.
        subnet_id: the subnet that is delegated to databases (PG-015).
        private_dns_zone_id: the zone, linked to the network, in which its host name is looked up.
        workspace_id: where its logs go.
        clients: how many users sign in, each with a pool of its own.
        retain: refuse deletion, in Pulumi and in Azure (PG-005).
    """

    settings: DatabaseSettings
    location: AzureLocation
    server_name: str
    subnet_id: pulumi.Input[str]
    private_dns_zone_id: pulumi.Input[str]
    workspace_id: pulumi.Input[str]
    clients: int
    retain: bool

    @property
    def server_id(self) -> str:
        """The id of the server, known before it exists."""
        return self.location.resource_id(SERVER_TYPE, self.server_name)

    @property
    def limits(self) -> ConnectionLimits:
        """The connections of the server."""
        return self.settings.connections
