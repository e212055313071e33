"""Volumes on Azure: encrypted, able to grow, apart from the nodes, and how they are snapshotted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_azure_native import resources

from components.azure import AzureLocation
from components.base import Component
from components.security.azure.roles import Holder, assign_role
from components.storage.classes import DriverClass, DriverClasses, create_classes
from components.storage.model import GENERAL, VolumeSettings
from facts.azure import BuiltInRole

_DRIVER: Final = "disk.csi.azure.com"


@dataclass(frozen=True, kw_only=True)
class AzureStorageArgs:
    """Where the volumes are, how fast, and what becomes of them.

    Attributes:
        location: of the platform.
        control_plane: who makes the volumes: the cluster's identity.
        broker_volumes: how fast those of message brokers are.
        zone_redundant: volumes are in all zones at once, as Premium SSD, whose speed follows from
            their size; otherwise in the zone of their pod, as Premium SSD v2.
        keep_volumes: whether volumes and snapshots outlive what claimed them (MSG-012); otherwise
            they go with it.
        retain: protects their resource group.
        disk_encryption_set_id: of the key that they are encrypted with; None for Azure's own.
    """

    location: AzureLocation
    control_plane: Holder
    broker_volumes: VolumeSettings
    zone_redundant: bool
    keep_volumes: bool
    retain: bool
    disk_encryption_set_id: str | None = None

    @property
    def storage_class(self) -> str:
        """The default class."""
        return "managed-premium-retain" if self.keep_volumes else "managed-premium"

    @property
    def broker_storage_class(self) -> str:
        """The class of the brokers' volumes."""
        return "managed-premium-brokers-retain" if self.keep_volumes else "managed-premium-brokers"

    @property
    def snapshot_class(self) -> str:
        """The class of snapshots."""
        return "managed-retain" if self.keep_volumes else "managed"

    @property
    def resource_group(self) -> str:
        """Where disks and snapshots are."""
        return f"{self.location.resource_group}-volumes"


class AzureStorage(Component):
    """The volumes' resource group, the StorageClasses and the VolumeSnapshotClass.

    By itself AKS puts disks among the nodes' resources, which go with the cluster, whatever a class says
    about keeping them. AKS brings a default class of its own, named ``default``, and brings it back
    whenever it is changed; of several default classes Kubernetes takes the newest, which is the one here.

    ``opts`` bring the providers of Azure and Kubernetes, and put the component behind the cluster's nodes.

    Attributes:
        ready: what has volumes goes behind this: the last class, behind which are all.
    """

    ready: kubernetes.storage.v1.StorageClass

    def __init__(self, name: str, args: AzureStorageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        group = resources.ResourceGroup(
            self.child_name("volumes"),
            resources.ResourceGroupArgs(resource_group_name=args.resource_group, location=args.location.location, tags=args.location.tags),
            self.child_options(protect=args.retain, retain_on_delete=args.keep_volumes),
        )
        # The group holds disks and snapshots alone; Azure has no smaller built-in role that makes both.
        rights = assign_role(self, "driver", BuiltInRole.CONTRIBUTOR, scope=group.id, holder=args.control_plane, location=args.location)
        self.ready = create_classes(
            self,
            DriverClasses(
                driver=_DRIVER,
                keep=args.keep_volumes,
                general=DriverClass(name=args.storage_class, parameters=_parameters(args, GENERAL)),
                brokers=DriverClass(name=args.broker_storage_class, parameters=_parameters(args, args.broker_volumes)),
                # Premium SSD v2 has no other snapshots.
                snapshots=DriverClass(name=args.snapshot_class, parameters={"incremental": "true", **_place(args)}),
                moved_snapshots="managed",
            ),
            after=[rights],
        )
        self.register_outputs({})


def _parameters(args: AzureStorageArgs, speed: VolumeSettings) -> dict[str, str]:
    key = {"diskEncryptionSetID": args.disk_encryption_set_id} if args.disk_encryption_set_id else {}
    return {**disk_parameters(speed, zone_redundant=args.zone_redundant), **_place(args), **key}


def _place(args: AzureStorageArgs) -> dict[str, str]:
    return {"resourceGroup": args.resource_group, "tags": ",".join(f"{key}={value}" for key, value in args.location.tags.items())}


def disk_parameters(speed: VolumeSettings, *, zone_redundant: bool) -> dict[str, str]:
    """The kind of disk, without a cache: Premium SSD v2 has none, and with one no disk grows to 4 TiB."""
    if zone_redundant:
        return {"skuName": "Premium_ZRS", "cachingMode": "None"}
    return {
        "skuName": "PremiumV2_LRS",
        "cachingMode": "None",
        "DiskIOPSReadWrite": str(speed.iops),
        "DiskMBpsReadWrite": str(speed.throughput),
    }
