"""Storage accounts: opened by Entra alone, encrypted twice, and closed to the internet."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi_azure_native import storage

from components.azure import AzureLocation
from components.base import Component


@dataclass(frozen=True, kw_only=True)
class StorageAccountSpec:
    """A storage account by the role that it plays in its component.

    Attributes:
        role: of the account in its component.
        name: 3 to 24 lower-case letters and digits, of which nobody else in the world may have the same.
        sku: how many copies there are, and where. Azure copies to other zones or another region while it is
            in use, but cannot go from one to the other in a single step.
        trusted_services: whether services of Azure, such as Network Watcher, may come in for those whom the
            account lets in; everything else comes by a private endpoint.
        immutable_for: days for which no version of a blob can be changed or deleted; 0 where it can be.
            An account that was created without it is replaced.
    """

    role: str
    name: str
    sku: storage.SkuName
    trusted_services: bool = False
    immutable_for: int = 0


def create_storage_account(
    component: Component, spec: StorageAccountSpec, *, location: AzureLocation, retain: bool, keep: bool = False
) -> storage.StorageAccount:
    """The account; it holds nothing yet. ``retain`` protects it, ``keep`` leaves it where the stack is taken down."""
    services = storage.EncryptionServiceArgs(enabled=True, key_type=storage.KeyType.ACCOUNT)
    return storage.StorageAccount(
        component.child_name(spec.role),
        storage.StorageAccountArgs(
            account_name=spec.name,
            resource_group_name=location.resource_group,
            location=location.location,
            kind=storage.Kind.STORAGE_V2,
            sku=storage.SkuArgs(name=spec.sku),
            access_tier=storage.AccessTier.HOT,
            allow_blob_public_access=False,
            allow_cross_tenant_replication=False,
            # Keys of the account open all of it to whoever has them, and nothing says who that was.
            allow_shared_key_access=False,
            default_to_o_auth_authentication=True,
            is_local_user_enabled=False,
            enable_https_traffic_only=True,
            minimum_tls_version=storage.MinimumTlsVersion.TLS1_2,
            public_network_access=storage.PublicNetworkAccess.DISABLED,
            network_rule_set=storage.NetworkRuleSetArgs(
                default_action=storage.DefaultAction.DENY,
                bypass=storage.Bypass.AZURE_SERVICES if spec.trusted_services else storage.Bypass.NONE,
            ),
            encryption=storage.EncryptionArgs(
                key_source=storage.KeySource.MICROSOFT_STORAGE,
                # Cannot be turned on later.
                require_infrastructure_encryption=True,
                services=storage.EncryptionServicesArgs(blob=services, file=services),
            ),
            immutable_storage_with_versioning=_immutability(spec.immutable_for) if spec.immutable_for else None,
            tags=location.tags,
        ),
        component.child_options(protect=retain, retain_on_delete=keep),
    )


def _immutability(days: int) -> storage.ImmutableStorageAccountArgs:
    return storage.ImmutableStorageAccountArgs(
        enabled=True,
        immutability_policy=storage.AccountImmutabilityPolicyPropertiesArgs(
            immutability_period_since_creation_in_days=days,
            # Not locked: that can never be undone, and would keep the account, and its bill, beyond a teardown.
            state=storage.AccountImmutabilityPolicyState.UNLOCKED,
            allow_protected_append_writes=False,
        ),
    )
