"""Where the Azure components of the tests are."""

from __future__ import annotations

from typing import Final

from components.azure import AzureLocation
from components.network.azure.private_endpoint import PrivateAccess

LOCATION: Final = AzureLocation(
    subscription_id="00000000-1111-2222-3333-444444444444",
    tenant_id="55555555-6666-7777-8888-999999999999",
    location="westeurope",
    resource_group="plinth-dev",
    tags={"team": "platform"},
)
WORKSPACE: Final = LOCATION.resource_id("Microsoft.OperationalInsights/workspaces", "plinth-dev")
ACCESS: Final = PrivateAccess(location=LOCATION, subnet_id="/subnets/endpoints", zone_id="/zones/private")
