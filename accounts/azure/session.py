"""Signing in to a subscription of Azure."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.core.pipeline import PipelineResponse
from azure.identity import DefaultAzureCredential
from azure.mgmt.core.exceptions import ARMErrorFormat
from azure.mgmt.resource.resources import ResourceManagementClient

from accounts.azure.failures import failures
from accounts.errors import AccountError

_SUBSCRIPTION: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NOT_REGISTERED: Final = "MissingSubscriptionRegistration"
_POLL_SECONDS: Final = 3
_SUBSCRIPTIONS_API: Final = "2022-12-01"

Body = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class AzureSubscription:
    """A subscription, and the resource manager through which all of it is read and written."""

    client: ResourceManagementClient
    subscription_id: str
    tenant_id: str

    @property
    def scope(self) -> str:
        """The subscription's id as a resource."""
        return f"/subscriptions/{self.subscription_id}"

    def read(self, resource_id: str, api_version: str, **parameters: str) -> Body | None:
        """A resource, or a collection below ``value``, in the words of its REST API; None where there is none."""
        try:
            return self.client.resources.get_by_id(
                resource_id, api_version=api_version, params=parameters, raw_response_hook=_raise_conflict
            )
        except ResourceNotFoundError:
            return None
        except ResourceExistsError as error:
            # What nobody may have yet, nobody has.
            if error.error and error.error.code == _NOT_REGISTERED:
                return None
            raise

    def write(self, resource_id: str, api_version: str, body: Body) -> None:
        """Create a resource or make it so, and wait until it is."""
        self.client.resources.begin_create_or_update_by_id(resource_id, dict(body), api_version=api_version).result()

    def delete(self, resource_id: str, api_version: str) -> None:
        """Delete a resource, and wait until it is gone."""
        self.client.resources.begin_delete_by_id(resource_id, api_version=api_version).result()


def check_subscription(subscription_id: str) -> None:
    """Refuse what is not the id of a subscription.

    Raises:
        AccountError: says what is allowed.
    """
    if not _SUBSCRIPTION.fullmatch(subscription_id):
        raise AccountError(f"{subscription_id!r} is not a subscription; allowed is its id, as `az account list` shows it")


def sign_in(subscription_id: str, connect: Callable[[str], ResourceManagementClient] | None = None) -> AzureSubscription:
    """The subscription, once it has answered.

    Raises:
        AccountError: there are no credentials, they have expired, or do not reach the subscription.
        CloudError: Azure cannot be reached.
    """
    check_subscription(subscription_id)
    with failures():
        client = (connect or _connect)(subscription_id)
        found = AzureSubscription(client=client, subscription_id=subscription_id, tenant_id="").read(
            f"/subscriptions/{subscription_id}", _SUBSCRIPTIONS_API
        )
    if found is None:
        raise AccountError(f"the credentials do not reach the subscription {subscription_id}; sign in to its tenant")
    return AzureSubscription(client=client, subscription_id=subscription_id, tenant_id=str(found["tenantId"]))


def _raise_conflict(response: PipelineResponse[Any, Any]) -> None:
    """The SDK would register a provider that is not registered, and ask again: a plan changes nothing."""
    if response.http_response.status_code == HTTPStatus.CONFLICT:
        raise ResourceExistsError(response=response.http_response, error_format=ARMErrorFormat)


def _connect(subscription_id: str) -> ResourceManagementClient:
    # What each kind of credentials lacks would be logged, a page, beside the error that says how to sign in.
    logging.getLogger("azure.identity").setLevel(logging.ERROR)
    return ResourceManagementClient(DefaultAzureCredential(), subscription_id, polling_interval=_POLL_SECONDS)
