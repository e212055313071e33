"""What of a platform on Azure outlives it: the volumes' key, and object stores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi

from components.azure import AzureLocation
from components.network.azure.network import AzureNetwork
from components.network.azure.private_endpoint import PrivateAccess
from components.ordering import behind
from components.secrets.key_vault.vault import KeyVault, KeyVaultArgs
from components.storage.azure.data_group import DataGroup, DataGroupArgs
from components.storage.azure.disk_encryption import DiskEncryption, DiskEncryptionArgs
from components.storage.azure.object_store import ObjectStores, ObjectStoresArgs
from facts.azure import LOCATIONS
from stacks.settings.azure import AzureStack

_VOLUMES: Final = "volumes"


@dataclass(frozen=True, kw_only=True)
class StoredData:
    """Where it is.

    Attributes:
        disk_encryption_set_id: of the key of nodes' disks and volumes.
        ready: what creates disks goes behind this.
        stores: None where there are none.
    """

    disk_encryption_set_id: str
    ready: pulumi.Resource
    stores: ObjectStores | None


def store_data(settings: AzureStack, location: AzureLocation, network: AzureNetwork, on_azure: pulumi.ResourceOptions) -> StoredData:
    """Create the vault with the key of the disks, and the object stores."""
    kept, retain = settings.keeps_data, settings.retain
    group = DataGroup("data", DataGroupArgs(location=location, keep_data=kept, retain=retain), on_azure)
    # Only the ways to them wait for all of the network, which Azure changes one thing of at a time: keys need not.
    in_group = behind(on_azure, group.ready)
    subnet, workspace = network.private_endpoint_subnet_id, network.workspace_id
    vault = KeyVault(
        "keys",
        KeyVaultArgs(
            keys=[_VOLUMES],
            location=group.location,
            access=PrivateAccess(location=location, subnet_id=subnet, zone_id=network.vault_zone_id, after=[network.ready]),
            workspace_id=workspace,
            keep_data=kept,
            retain=retain,
        ),
        in_group,
    )
    encryption = DiskEncryption(
        "disk-encryption",
        DiskEncryptionArgs(
            location=group.location,
            key_id=vault.key_ids[_VOLUMES],
            key_url=vault.key_urls[_VOLUMES],
            keep_data=kept,
            retain=retain,
        ),
        in_group,
    )
    stores: ObjectStores | None = None
    if settings.azure.object_stores:
        args = ObjectStoresArgs(
            stores=settings.azure.object_stores,
            name=location.resource_group,
            location=group.location,
            access=PrivateAccess(location=location, subnet_id=subnet, zone_id=network.blob_zone_id, after=[vault.endpoint]),
            zone_redundant=bool(LOCATIONS[location.location].zones),
            read_elsewhere=settings.disaster_recovery is not None,
            workspace_id=workspace,
            keep_data=kept,
            retain=retain,
        )
        stores = ObjectStores("object-stores", args, in_group)
    return StoredData(disk_encryption_set_id=encryption.disk_encryption_set_id, ready=encryption.ready, stores=stores)
