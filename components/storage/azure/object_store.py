"""Object stores on Azure: versioned, immutable for a while, reached by the platform's network alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import pulumi
from pulumi_azure_native import storage

from components.azure import AzureLocation, lock_against_deletion, send_diagnostics
from components.base import Component
from components.network.azure.private_endpoint import PrivateAccess, open_privately
from components.storage.azure.account import StorageAccountSpec, create_storage_account
from components.storage.azure.object_store_model import ObjectStoreSettings
from components.storage.object_store import BlobStore
from components.tenancy.traffic import azure_apis
from facts.azure import worldwide_name

_LONGEST_NAME: Final = 24
_PART: Final = "blob"


@dataclass(frozen=True, kw_only=True)
class ObjectStoresArgs:
    """What stores there are, and where.

    Attributes:
        stores: by name, which their container has too.
        name: of the platform.
        location: of the resource group that holds them.
        access: how the network reaches them.
        zone_redundant: whether there is a copy in each of three zones: where the region has zones.
        read_elsewhere: whether copies in the paired region can be read there while Azure has not failed over.
        workspace_id: of the Log Analytics workspace that is told who reads, writes and deletes.
        keep_data: the stores stay when the stack is taken down.
        retain: protects them.
    """

    stores: Mapping[str, ObjectStoreSettings]
    name: str
    location: AzureLocation
    access: PrivateAccess
    zone_redundant: bool
    read_elsewhere: bool
    workspace_id: pulumi.Input[str]
    keep_data: bool
    retain: bool


class ObjectStores(Component):
    """A storage account for each store, with one container, which nobody opens but identities that were given a role.

    What was overwritten or deleted becomes a former version, is kept as long as it is immutable, and is then
    deleted softly. What is current is never deleted by age: backups that share objects would lose them.

    Attributes:
        stores: for whoever writes into them, by name.
        container_ids: of their containers, likewise: the scope of a role.
        containers: the URLs of the containers, likewise.
    """

    def __init__(self, name: str, args: ObjectStoresArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._last: list[pulumi.Resource] = []
        self.stores: dict[str, BlobStore] = {}
        self.container_ids: dict[str, str] = {}
        self.containers: dict[str, pulumi.Output[str]] = {}
        for store, settings in args.stores.items():
            self._create_store(args, store, settings)
        self.register_outputs({})

    def _create_store(self, args: ObjectStoresArgs, store: str, settings: ObjectStoreSettings) -> None:
        spec = StorageAccountSpec(
            role=store,
            name=worldwide_name(f"{store}-{args.name}", subscription=args.location.subscription_id, longest=_LONGEST_NAME),
            sku=redundancy(zones=args.zone_redundant, pair=settings.geo_redundant, readable=args.read_elsewhere),
            immutable_for=settings.immutable_for.days if settings.immutable_for else 0,
        )
        declared = settings.recovery.tags if settings.recovery else {}
        location = replace(args.location, tags={**args.location.tags, **declared})
        account = create_storage_account(self, spec, location=location, retain=args.retain, keep=args.keep_data)
        # Without the account none of them is there. Deleted before it, versions would be turned off, which Azure may refuse.
        within = self.child_options(retain_on_delete=args.keep_data, deleted_with=account)
        versions = storage.BlobServiceProperties(
            self.child_name(f"{store}-versions"), _versions(args.location, account, settings), opts=within
        )
        container = storage.BlobContainer(
            self.child_name(f"{store}-container"),
            storage.BlobContainerArgs(
                account_name=account.name,
                resource_group_name=args.location.resource_group,
                container_name=store,
                public_access=storage.PublicAccess.NONE,
            ),
            pulumi.ResourceOptions.merge(within, pulumi.ResourceOptions(protect=args.retain, depends_on=[versions])),
        )
        lifecycle = storage.ManagementPolicy(
            self.child_name(f"{store}-lifecycle"),
            _lifecycle(args.location, account, immutable_for=max(1, spec.immutable_for)),
            # Azure knows former versions only where there are any.
            pulumi.ResourceOptions.merge(within, pulumi.ResourceOptions(depends_on=[versions])),
        )
        send_diagnostics(
            self,
            f"{store}-diagnostics",
            resource_id=pulumi.Output.concat(account.id, "/blobServices/default"),
            workspace_id=args.workspace_id,
            logs=["StorageRead", "StorageWrite", "StorageDelete"],
            metrics=False,
        )
        before = [container, lifecycle, *self._last]
        endpoint = open_privately(self, f"{store}-endpoint", service_id=account.id, part=_PART, access=args.access, after=before)
        self._last = [endpoint]
        if args.retain:
            lock_against_deletion(self, f"{store}-lock", scope=account.id, reason=f"Holds the {store} of {args.name}")
        self.stores[store] = BlobStore(
            account=spec.name,
            container=store,
            resource_group=args.location.resource_group,
            subscription_id=args.location.subscription_id,
            immutable_for=settings.immutable_for,
            traffic=(azure_apis(),),
            ready=endpoint,
        )
        account_id = args.location.resource_id("Microsoft.Storage/storageAccounts", spec.name)
        self.container_ids[store] = f"{account_id}/blobServices/default/containers/{store}"
        self.containers[store] = pulumi.Output.concat(account.primary_endpoints.blob, store)


def redundancy(*, zones: bool, pair: bool, readable: bool) -> storage.SkuName:
    """How many copies there are: three, in as many ``zones`` where the region has them, and as many in the ``pair``.

    Those can be read there at any time where they are ``readable``, otherwise only once Azure has failed over.
    """
    if pair and readable:
        return storage.SkuName.STANDARD_RAGZRS if zones else storage.SkuName.STANDARD_RAGRS
    if pair:
        return storage.SkuName.STANDARD_GZRS if zones else storage.SkuName.STANDARD_GRS
    return storage.SkuName.STANDARD_ZRS if zones else storage.SkuName.STANDARD_LRS


def _versions(location: AzureLocation, account: storage.StorageAccount, settings: ObjectStoreSettings) -> storage.BlobServicePropertiesArgs:
    deleted = storage.DeleteRetentionPolicyArgs(enabled=True, days=settings.keep_for.days)
    return storage.BlobServicePropertiesArgs(
        account_name=account.name,
        resource_group_name=location.resource_group,
        blob_services_name="default",
        is_versioning_enabled=True,
        delete_retention_policy=deleted,
        container_delete_retention_policy=deleted,
    )


def _lifecycle(location: AzureLocation, account: storage.StorageAccount, *, immutable_for: int) -> storage.ManagementPolicyArgs:
    """Former versions that can be deleted are: from then on they are deleted softly, for as long as they are to be kept."""
    former = storage.ManagementPolicyVersionArgs(delete=storage.DateAfterCreationArgs(days_after_creation_greater_than=immutable_for))
    rule = storage.ManagementPolicyRuleArgs(
        name="former-versions",
        type=storage.RuleType.LIFECYCLE,
        enabled=True,
        definition=storage.ManagementPolicyDefinitionArgs(
            actions=storage.ManagementPolicyActionArgs(version=former),
            filters=storage.ManagementPolicyFilterArgs(blob_types=["blockBlob"]),
        ),
    )
    return storage.ManagementPolicyArgs(
        account_name=account.name,
        resource_group_name=location.resource_group,
        management_policy_name="default",
        policy=storage.ManagementPolicySchemaArgs(rules=[rule]),
    )
