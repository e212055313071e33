"""Settings and arguments of a database on Azure as production has it."""

from __future__ import annotations

from typing import Any

from components.azure import AzureLocation
from components.database.flexible_server.arguments import FlexiblePostgresArgs
from components.database.flexible_server.model import DatabaseSettings

ADMINISTRATORS = "00000000-0000-4000-8000-00000000000a"
LOCATION = AzureLocation(
    subscription_id="00000000-0000-4000-8000-000000000001",
    tenant_id="00000000-0000-4000-8000-000000000002",
    location="westeurope",
    resource_group="plinth-azure-production",
    tags={"environment": "production"},
)


def database_settings(**changes: Any) -> DatabaseSettings:
    """The settings, but for what is given in the keys of the stack files."""
    return DatabaseSettings.model_validate(
        {
            "name": "platform",
            "engineVersion": "17",
            "sku": "Standard_D2ds_v5",
            "storage": "256Gi",
            "multiAz": True,
            "geoRedundantBackup": True,
            "backupRetention": "30d",
            "recovery": {"rpo": "5m", "rto": "10m"},
            "maintenanceWindow": "sun:04:30-sun:05:30",
            "administrators": [{"name": "platform-admins", "objectId": ADMINISTRATORS}],
            **changes,
        }
    )


def database_args(settings: DatabaseSettings) -> FlexiblePostgresArgs:
    """The arguments of a component with these settings."""
    return FlexiblePostgresArgs(
        settings=settings,
        location=LOCATION,
        server_name="plinth-azure-production-abc123",
        subnet_id="subnet-databases",
        private_dns_zone_id="zone-databases",
        workspace_id="workspace",
        clients=2,
        retain=True,
    )
