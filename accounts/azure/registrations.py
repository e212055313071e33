"""What a subscription has to know before it takes the platform's resources: resource providers, and a feature of one."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final

from accounts.azure.session import AzureSubscription
from accounts.errors import CloudError
from accounts.steps import Thing, Trait

PROVIDERS: Final = (
    "Microsoft.AlertsManagement",
    "Microsoft.Authorization",
    "Microsoft.Compute",
    "Microsoft.ContainerService",
    "Microsoft.DBforPostgreSQL",
    "Microsoft.Insights",
    "Microsoft.KeyVault",
    "Microsoft.ManagedIdentity",
    "Microsoft.Monitor",
    "Microsoft.Network",
    "Microsoft.OperationalInsights",
    "Microsoft.OperationsManagement",
    "Microsoft.PolicyInsights",
    "Microsoft.Resources",
    "Microsoft.Security",
    "Microsoft.Storage",
)
"""Whose resources the stacks consist of, and those that AKS's add-ons for policy, logs and Defender need."""

ENCRYPTION_AT_HOST: Final = "EncryptionAtHost"
_COMPUTE: Final = "Microsoft.Compute"
_FEATURES_API: Final = "2021-07-01"
_REGISTERED: Final = "Registered"
_EVERY_SECONDS: Final = 10
_LONGEST_SECONDS: Final = 30 * 60
"""Azure speaks of minutes; a feature has been seen to take a quarter of an hour."""


def registered_providers(subscription: AzureSubscription) -> Thing:
    """The resource providers that the platform needs; Azure registers a new subscription for few of them."""

    def states() -> Mapping[str, str]:
        there = {each.namespace: str(each.registration_state) for each in subscription.client.providers.list()}
        return {name: there.get(name, "unknown") for name in PROVIDERS}

    def register() -> None:
        for name, state in states().items():
            if state != _REGISTERED:
                subscription.client.providers.register(name)
        _wait(lambda: set(states().values()) == {_REGISTERED}, "the resource providers")

    return Thing(
        kind="resource providers",
        name=f"{len(PROVIDERS)} of Microsoft",
        exists=lambda: True,
        create=register,
        traits=[Trait(name="registration", read=states, wanted=lambda: dict.fromkeys(PROVIDERS, _REGISTERED), write=register)],
    )


def encryption_at_host(subscription: AzureSubscription) -> Thing:
    """The feature without which no node's temporary disks and caches are encrypted."""
    place = f"{subscription.scope}/providers/Microsoft.Features/featureProviders/{_COMPUTE}/subscriptionFeatureRegistrations"
    resource_id = f"{place}/{ENCRYPTION_AT_HOST}"

    def state() -> str:
        found = subscription.read(resource_id, _FEATURES_API)
        return str(found["properties"].get("state")) if found else "NotRegistered"

    def register() -> None:
        subscription.write(resource_id, _FEATURES_API, {"properties": {}})
        _wait(lambda: state() == _REGISTERED, f"the feature {_COMPUTE}/{ENCRYPTION_AT_HOST}")
        # The provider learns of its features when it is registered.
        subscription.client.providers.register(_COMPUTE)

    return Thing(
        kind="feature",
        name=f"{_COMPUTE}/{ENCRYPTION_AT_HOST}",
        exists=lambda: True,
        create=register,
        traits=[Trait(name="registration", read=state, wanted=lambda: _REGISTERED, write=register)],
    )


def _wait(is_done: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + _LONGEST_SECONDS
    while not is_done():
        if time.monotonic() > end:
            raise CloudError(f"{what} are not registered after half an hour; run it again later")
        time.sleep(_EVERY_SECONDS)
