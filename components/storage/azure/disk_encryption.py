"""The key that volumes on Azure are encrypted with: the platform's own instead of Azure's."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import compute

from components.azure import AzureLocation
from components.base import Component
from components.security.azure.roles import Holder, assign_role
from facts.azure import BuiltInRole


@dataclass(frozen=True, kw_only=True)
class DiskEncryptionArgs:
    """Which key, and for how long.

    Attributes:
        location: of the resource group that holds the set.
        key_id: of the key in its vault.
        key_url: of one of its versions; Azure goes on to the next ones by itself.
        keep_data: the set stays when the stack is taken down: without it no disk that stays can be attached.
        retain: protects it.
    """

    location: AzureLocation
    key_id: pulumi.Input[str]
    key_url: pulumi.Input[str]
    keep_data: bool
    retain: bool


class DiskEncryption(Component):
    """A disk encryption set, which may use one key and nothing else of the vault.

    Attributes:
        disk_encryption_set_id: what storage classes and nodes name; known before it exists. Who creates
            disks with it needs the role Reader on it.
        ready: disks are created behind this.
    """

    def __init__(self, name: str, args: DiskEncryptionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        set_name = args.location.resource_group
        self.disk_encryption_set_id = args.location.resource_id("Microsoft.Compute/diskEncryptionSets", set_name)
        created = compute.DiskEncryptionSet(
            self.child_name("set"),
            compute.DiskEncryptionSetArgs(
                disk_encryption_set_name=set_name,
                resource_group_name=args.location.resource_group,
                location=args.location.location,
                # With Azure's key as well, Azure refuses Premium SSD v2 disks.
                encryption_type=compute.DiskEncryptionSetType.ENCRYPTION_AT_REST_WITH_CUSTOMER_KEY,
                identity=compute.EncryptionSetIdentityArgs(type=compute.DiskEncryptionSetIdentityType.SYSTEM_ASSIGNED),
                active_key=compute.KeyForDiskEncryptionSetArgs(key_url=args.key_url),
                rotation_to_latest_key_version_enabled=True,
                tags=args.location.tags,
            ),
            self.child_options(protect=args.retain, retain_on_delete=args.keep_data),
        )
        self.ready = assign_role(
            self,
            "key-user",
            BuiltInRole.KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER,
            scope=args.key_id,
            holder=Holder(name=self.disk_encryption_set_id, principal_id=created.identity.apply(_principal)),
            location=args.location,
            keep=args.keep_data,
        )
        self.register_outputs({})


def _principal(identity: compute.outputs.EncryptionSetIdentityResponse | None) -> str:
    # Azure gives one to every set that has an identity of its own.
    return identity.principal_id if identity else ""
