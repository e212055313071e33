"""What a subscription of Azure holds before the first stack: registrations, state, key, and the identity that deploys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from accounts.azure.deployer import IDENTITY_API, federated_credentials, grants, role_assignments
from accounts.azure.registrations import encryption_at_host, registered_providers
from accounts.azure.resources import Resource
from accounts.azure.session import AzureSubscription
from accounts.errors import AccountError
from accounts.github import Workflows
from accounts.project import check_project
from accounts.steps import Thing
from facts.azure import LOCATIONS, worldwide_name

CONTAINER: Final = "state"
KEY: Final = "secrets"
OLD_VERSION_DAYS: Final = 90
"""How long an overwritten state can be taken back."""
_DELETED_DAYS: Final = 90
"""How long what was deleted can be: the longest that vaults allow."""
_NAME_LENGTH: Final = 24
_GROUPS_API: Final = "2021-04-01"
_STORAGE_API: Final = "2023-05-01"
_VAULT_API: Final = "2023-07-01"
_LOCKS_API: Final = "2020-05-01"


def check_location(location: str) -> None:
    """Refuse a region that the platform cannot be in.

    Raises:
        AccountError: says what is allowed.
    """
    if location not in LOCATIONS:
        raise AccountError(f"--location is {location!r}; allowed are {', '.join(LOCATIONS)}")


@dataclass(frozen=True, kw_only=True)
class AzureBootstrap:
    """The names of everything, and how it hangs together."""

    subscription: AzureSubscription
    location: str
    project: str
    workflows: Workflows

    def __post_init__(self) -> None:
        """Refuse names that Azure cannot have.

        Raises:
            AccountError: says what is allowed.
        """
        check_project(self.project)
        check_location(self.location)

    @property
    def group_id(self) -> str:
        """The resource group of everything."""
        return f"{self.subscription.scope}/resourceGroups/{self.project}-state"

    @property
    def account(self) -> str:
        """The storage account's name, which no other customer has."""
        return worldwide_name(f"{self.project}-state", subscription=self.subscription.subscription_id, longest=_NAME_LENGTH)

    @property
    def vault(self) -> str:
        """The vault's name, which no other customer has."""
        return worldwide_name(f"{self.project}-state", subscription=self.subscription.subscription_id, longest=_NAME_LENGTH, separator="-")

    @property
    def things(self) -> Sequence[Thing]:
        """Everything, in the order in which one needs another."""
        account_id = self._id("Microsoft.Storage/storageAccounts", self.account)
        vault_id = self._id("Microsoft.KeyVault/vaults", self.vault)
        resources = (
            Resource(kind="resource group", id=self.group_id, api_version=_GROUPS_API, body=lambda: self._located({})),
            *self._state(account_id),
            *self._key(vault_id),
            Resource(kind="identity", id=self._identity_id, api_version=IDENTITY_API, body=lambda: self._located({})),
        )
        container_id = f"{account_id}/blobServices/default/containers/{CONTAINER}"
        return (
            registered_providers(self.subscription),
            encryption_at_host(self.subscription),
            *(resource.as_thing(self.subscription) for resource in resources),
            federated_credentials(self.subscription, self._identity_id, self.workflows),
            role_assignments(
                self.subscription,
                f"{self.project}-deployer",
                lambda: self._of_identity("principalId"),
                grants(self.subscription, container_id=container_id, vault_id=vault_id),
            ),
        )

    @property
    def next_steps(self) -> Sequence[tuple[str, Sequence[str]]]:
        """What to do with it: a heading, and lines to copy."""
        key = self.subscription.read(self._key_id, _VAULT_API) or {}
        # With its version: what one version encrypted no other decrypts, and without it the newest is asked.
        address = str(key.get("properties", {}).get("keyUriWithVersion", "")).removeprefix("https://")
        account_id, vault_id = (
            self._id("Microsoft.Storage/storageAccounts", self.account),
            self._id("Microsoft.KeyVault/vaults", self.vault),
        )
        assign = "az role assignment create --assignee-object-id OBJECT_ID --assignee-principal-type Group"
        return (
            (
                "Let people who deploy by hand, a group of Entra, reach state and key (owners cannot by that alone):",
                (
                    f"{assign} --role 'Storage Blob Data Contributor' --scope {account_id}",
                    f"{assign} --role 'Key Vault Crypto User' --scope {vault_id}",
                ),
            ),
            (
                "Log in to the state, and create a stack whose secrets the key encrypts:",
                (
                    f"pulumi login 'azblob://{CONTAINER}?storage_account={self.account}'",
                    f"pulumi stack init STACK --secrets-provider='azurekeyvault://{address}'",
                ),
            ),
            (
                "Name the place in each stack's file:",
                (
                    "plinth:azure:",
                    f"  subscription: {self.subscription.subscription_id}",
                    f"  tenant: {self.subscription.tenant_id}",
                    f"  location: {self.location}",
                ),
            ),
            (
                "Sign in with it in a workflow of GitHub Actions, in a job with `permissions: {id-token: write}`:",
                (
                    "uses: azure/login",
                    "with:",
                    f"  client-id: {self._of_identity('clientId')}",
                    f"  tenant-id: {self.subscription.tenant_id}",
                    f"  subscription-id: {self.subscription.subscription_id}",
                ),
            ),
            (
                "Let Pulumi's provider ask for tokens of its own there: what the step before gives it cannot renew in a long update:",
                (
                    "env:",
                    '  ARM_USE_OIDC: "true"',
                    f"  ARM_CLIENT_ID: {self._of_identity('clientId')}",
                    f"  ARM_TENANT_ID: {self.subscription.tenant_id}",
                    f"  ARM_SUBSCRIPTION_ID: {self.subscription.subscription_id}",
                ),
            ),
        )

    def _state(self, account_id: str) -> Sequence[Resource]:
        """An account without keys that could be stolen, in three zones where there are some; what is overwritten or deleted stays."""
        copies = "Standard_ZRS" if LOCATIONS[self.location].zones else "Standard_LRS"
        kept = {"enabled": True, "days": _DELETED_DAYS}
        old_versions = {
            "name": "old-versions",
            "enabled": True,
            "type": "Lifecycle",
            "definition": {
                "actions": {"version": {"delete": {"daysAfterCreationGreaterThan": OLD_VERSION_DAYS}}},
                "filters": {"blobTypes": ["blockBlob"]},
            },
        }
        properties = {
            "minimumTlsVersion": "TLS1_2",
            "supportsHttpsTrafficOnly": True,
            "allowBlobPublicAccess": False,
            "allowSharedKeyAccess": False,
            "allowCrossTenantReplication": False,
            "defaultToOAuthAuthentication": True,
        }
        account = {"kind": "StorageV2", "sku": {"name": copies}, "properties": properties}
        service = {"isVersioningEnabled": True, "deleteRetentionPolicy": kept, "containerDeleteRetentionPolicy": kept}
        return (
            Resource(kind="storage account", id=account_id, api_version=_STORAGE_API, body=lambda: self._located(account)),
            self._lock(account_id),
            Resource(
                kind="blob service",
                id=f"{account_id}/blobServices/default",
                api_version=_STORAGE_API,
                body=lambda: {"properties": service},
            ),
            Resource(
                kind="container",
                id=f"{account_id}/blobServices/default/containers/{CONTAINER}",
                api_version=_STORAGE_API,
                body=lambda: {"properties": {"publicAccess": "None"}},
            ),
            Resource(
                kind="lifecycle",
                id=f"{account_id}/managementPolicies/default",
                api_version=_STORAGE_API,
                body=lambda: {"properties": {"policy": {"rules": [old_versions]}}},
            ),
        )

    def _key(self, vault_id: str) -> Sequence[Resource]:
        """A vault from which nothing is purged, and a key that nobody rotates by itself: its old version would be needed on."""
        vault = {
            "tenantId": self.subscription.tenant_id,
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": True,
            "enableSoftDelete": True,
            "enablePurgeProtection": True,
            "softDeleteRetentionInDays": _DELETED_DAYS,
            "accessPolicies": [],
        }
        key = {"kty": "RSA", "keySize": 3072, "keyOps": ["encrypt", "decrypt", "wrapKey", "unwrapKey"]}
        return (
            Resource(kind="key vault", id=vault_id, api_version=_VAULT_API, body=lambda: self._located({"properties": vault})),
            self._lock(vault_id),
            Resource(kind="key", id=self._key_id, api_version=_VAULT_API, body=lambda: {"properties": key}, fixed=True),
        )

    def _lock(self, resource_id: str) -> Resource:
        """A lock on one resource, not on the group: a credential of the identity has to be removable."""
        body = {"properties": {"level": "CanNotDelete", "notes": "The state of Pulumi and its key: without them no stack can be changed."}}
        name = f"{resource_id}/providers/Microsoft.Authorization/locks/{resource_id.rpartition('/')[2]}"
        return Resource(kind="lock", id=name, api_version=_LOCKS_API, body=lambda: body)

    def _located(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**body, "location": self.location, "tags": {"project": self.project, "managed-by": "plinth-bootstrap"}}

    def _id(self, kind: str, name: str) -> str:
        return f"{self.group_id}/providers/{kind}/{name}"

    @property
    def _identity_id(self) -> str:
        return self._id("Microsoft.ManagedIdentity/userAssignedIdentities", f"{self.project}-deployer")

    @property
    def _key_id(self) -> str:
        return f"{self._id('Microsoft.KeyVault/vaults', self.vault)}/keys/{KEY}"

    def _of_identity(self, key: str) -> str | None:
        found = self.subscription.read(self._identity_id, IDENTITY_API)
        return str(found["properties"][key]) if found else None
