"""Settings of a network that each test changes in one place."""

from __future__ import annotations

from typing import Any, Final

from components.network.aws.model import NetworkSettings

WRITTEN: Final[dict[str, Any]] = {
    "cidr": "10.20.0.0/16",
    "zones": ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
    "controlPlaneZones": 3,
    "natGateways": "perZone",
    "flowLogRetention": "90d",
    "interfaceEndpoints": False,
}


def network_settings(**changes: object) -> NetworkSettings:
    """The settings with ``changes``, in the keys of the stack files."""
    return NetworkSettings.model_validate({**WRITTEN, **changes})
