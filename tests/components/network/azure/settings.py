"""A network that each test changes in one place, and what it registers: a run takes half a second, many tests ask about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from components.azure import AzureLocation
from components.network.azure.model import NetworkSettings
from components.network.azure.network import AzureNetwork, AzureNetworkArgs
from offline.engine import Run, run_program

SUBSCRIPTION: Final = "00000000-0000-4000-8000-000000000000"
LOCATION: Final = AzureLocation(
    subscription_id=SUBSCRIPTION,
    tenant_id="11111111-0000-4000-8000-000000000000",
    location="westeurope",
    resource_group="plinth-azure-production",
    tags={"team": "platform_team"},
)
WRITTEN: Final[dict[str, Any]] = {
    "cidr": "10.20.0.0/16",
    "zones": ["1", "2", "3"],
    "logRetention": "90d",
    "trafficAnalytics": True,
}


def network_settings(**changes: object) -> NetworkSettings:
    """The settings with ``changes``, in the keys of the stack files."""
    return NetworkSettings.model_validate({**WRITTEN, **changes})


def peered(*cidrs: str, subscription: str = SUBSCRIPTION, **changes: object) -> dict[str, Any]:
    """The way in by a hub's network, which ``cidrs`` come by."""
    hub = f"/subscriptions/{subscription}/resourceGroups/hub-network/providers/Microsoft.Network/virtualNetworks/hub"
    return {"peering": {"virtualNetwork": hub, "cidrs": list(cidrs), **changes}}


ARGS: Final = AzureNetworkArgs(settings=network_settings(), location=LOCATION, retain=True, database_ports=(5432, 6432))
_RUNS: Final[dict[str, Run]] = {}


def run_network(args: AzureNetworkArgs = ARGS, **changes: object) -> Run:
    """What a network registers with ``changes`` of its settings."""
    described = replace(args, settings=network_settings(**changes)) if changes else args

    def program() -> None:
        AzureNetwork("net", described)

    key = repr(described)
    if key not in _RUNS:
        _RUNS[key] = run_program(program, stack="production")
    return _RUNS[key]
