"""A Key Vault for the keys of the platform: who may use them is said by roles alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import keyvault

from components.azure import AzureLocation, lock_against_deletion, send_diagnostics
from components.base import Component
from components.network.azure.private_endpoint import PrivateAccess, open_privately

_SOFT_DELETE_DAYS: Final = 90
"""The most that there is; cannot be changed later."""
_ROTATION: Final = "P1Y"
_PART: Final = "vault"


@dataclass(frozen=True, kw_only=True)
class KeyVaultArgs:
    """Which keys there are, and where.

    Attributes:
        keys: their names.
        location: of the resource group that holds the vault.
        access: how the network reaches it.
        workspace_id: of the Log Analytics workspace that is told of every use of a key (SEC-009).
        keep_data: the vault stays when the stack is taken down: without its keys nothing that stays can be read.
        retain: protects it.
    """

    keys: Sequence[str]
    location: AzureLocation
    access: PrivateAccess
    workspace_id: pulumi.Input[str]
    keep_data: bool
    retain: bool


class KeyVault(Component):
    """A vault that nobody can empty for 90 days, however many rights they have, and its keys.

    Azure Resource Manager makes a key once and never writes it again: what is changed here of an
    existing key has no effect.

    Attributes:
        vault_id: of the vault.
        key_ids: of the keys by name: scopes of roles.
        key_urls: of the keys' first versions, by name.
        endpoint: the network's way to it; the next one is made behind this.
    """

    def __init__(self, name: str, args: KeyVaultArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        vault = self._create_vault(args)
        keys = {key: self._create_key(args, vault, key) for key in args.keys}
        send_diagnostics(
            self, "diagnostics", resource_id=vault.id, workspace_id=args.workspace_id, logs=["AuditEvent", "AzurePolicyEvaluationDetails"]
        )
        self.endpoint = open_privately(self, "endpoint", service_id=vault.id, part=_PART, access=args.access)
        if args.retain:
            lock_against_deletion(self, "lock", scope=vault.id, reason="Volumes and snapshots cannot be read without its keys")
        self.vault_id = vault.id
        self.key_ids = {name: key.id for name, key in keys.items()}
        self.key_urls = {name: key.key_uri_with_version for name, key in keys.items()}
        self.register_outputs({})

    def _create_vault(self, args: KeyVaultArgs) -> keyvault.Vault:
        return keyvault.Vault(
            self.child_name("vault"),
            # Pulumi makes its name: one that was deleted keeps it for 90 days, and the next deployment would be refused.
            keyvault.VaultArgs(
                resource_group_name=args.location.resource_group,
                location=args.location.location,
                properties=keyvault.VaultPropertiesArgs(
                    tenant_id=args.location.tenant_id,
                    sku=keyvault.SkuArgs(family=keyvault.SkuFamily.A, name=keyvault.SkuName.STANDARD),
                    enable_rbac_authorization=True,
                    enable_soft_delete=True,
                    soft_delete_retention_in_days=_SOFT_DELETE_DAYS,
                    enable_purge_protection=True,
                    public_network_access="Disabled",
                    network_acls=keyvault.NetworkRuleSetArgs(
                        default_action=keyvault.NetworkRuleAction.DENY,
                        # Managed disks are encrypted by a service of Azure, which has no address to let in.
                        bypass=keyvault.NetworkRuleBypassOptions.AZURE_SERVICES,
                    ),
                ),
                tags=args.location.tags,
            ),
            self.child_options(protect=args.retain, retain_on_delete=args.keep_data),
        )

    def _create_key(self, args: KeyVaultArgs, vault: keyvault.Vault, name: str) -> keyvault.Key:
        rotation = keyvault.RotationPolicyArgs(
            lifetime_actions=[
                keyvault.LifetimeActionArgs(
                    action=keyvault.ActionArgs(type=keyvault.KeyRotationPolicyActionType.ROTATE),
                    trigger=keyvault.TriggerArgs(time_after_create=_ROTATION),
                )
            ]
        )
        return keyvault.Key(
            self.child_name(f"{name}-key"),
            keyvault.KeyArgs(
                key_name=name,
                vault_name=vault.name,
                resource_group_name=args.location.resource_group,
                # RSA is the only kind that disks take.
                properties=keyvault.KeyPropertiesArgs(kty=keyvault.JsonWebKeyType.RSA, key_size=4096, rotation_policy=rotation),
                tags=args.location.tags,
            ),
            # It goes with its vault: Pulumi would delete it through the vault itself, which lets in its own network alone.
            self.child_options(protect=args.retain, retain_on_delete=args.keep_data, deleted_with=vault),
        )
