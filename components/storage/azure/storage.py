"""Volumes on Azure: encrypted, able to grow, apart from the nodes, and how they are snapshotted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_azure_native import resources

from components.azure import AzureLocation
from components.base import Component
from components.kubernetes import labels
from components.security.azure.roles import Holder, assign_role
from components.storage.model import GENERAL, VolumeSettings
from components.storage.snapshots import VolumeSnapshotClass
from facts.azure import BuiltInRole

_DRIVER: Final = "disk.csi.azure.com"


@dataclass(frozen=True, kw_only=True)
class AzureStorageArgs:
    """Where the volumes are, how fast, and what becomes of them.

    Attributes:
        location: of the platform.
        control_plane: who makes the volumes: the cluster's identity.
        broker_volumes: how fast those of message brokers are.
        zone_redundant: volumes are in all zones at once, as Premium SSD, whose speed follows from their size; otherwise
            in the zone of their pod, as Premium SSD v2.
        keep_volumes: whether volumes and snapshots outlive what claimed them (MSG-012); otherwise they go with it.
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
        self._args = args
        group = resources.ResourceGroup(
            self.child_name("volumes"),
            resources.ResourceGroupArgs(resource_group_name=args.resource_group, location=args.location.location, tags=args.location.tags),
            self.child_options(protect=args.retain, retain_on_delete=args.keep_volumes),
        )
        # The group holds disks and snapshots alone; Azure has no smaller built-in role that makes both.
        rights = assign_role(self, "driver", BuiltInRole.CONTRIBUTOR, scope=group.id, holder=args.control_plane, location=args.location)
        snapshots = self._create_snapshot_class(after=rights)
        general = self._create_class("general", args.storage_class, GENERAL, after=snapshots)
        self.ready = self._create_class("brokers", args.broker_storage_class, args.broker_volumes, after=general)
        self.register_outputs({})

    @property
    def _reclaim_policy(self) -> str:
        return "Retain" if self._args.keep_volumes else "Delete"

    @property
    def _tags(self) -> str:
        return ",".join(f"{key}={value}" for key, value in self._args.location.tags.items())

    def _create_class(self, role: str, name: str, speed: VolumeSettings, *, after: pulumi.Resource) -> kubernetes.storage.v1.StorageClass:
        return kubernetes.storage.v1.StorageClass(
            self.child_name(role),
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=name,
                labels=labels(name, component="storage"),
                annotations={"storageclass.kubernetes.io/is-default-class": str(name == self._args.storage_class).lower()},
            ),
            provisioner=_DRIVER,
            parameters={
                **disk_parameters(speed, zone_redundant=self._args.zone_redundant),
                "csi.storage.k8s.io/fstype": "ext4",
                "resourceGroup": self._args.resource_group,
                "tags": self._tags,
                **({"diskEncryptionSetID": self._args.disk_encryption_set_id} if self._args.disk_encryption_set_id else {}),
            },
            allow_volume_expansion=True,
            reclaim_policy=self._reclaim_policy,
            # A volume is made in the zone that its pod was scheduled to, not the other way round.
            volume_binding_mode="WaitForFirstConsumer",
            opts=self.child_options(depends_on=[after]),
        )

    def _create_snapshot_class(self, *, after: pulumi.Resource) -> pulumi.Resource:
        name = self._args.snapshot_class
        return VolumeSnapshotClass(
            self.child_name("snapshots"),
            {
                "metadata": {
                    "name": name,
                    "labels": labels(name, component="storage"),
                    "annotations": {"snapshot.storage.kubernetes.io/is-default-class": "true"},
                },
                "driver": _DRIVER,
                "deletionPolicy": self._reclaim_policy,
                # Premium SSD v2 has no other snapshots.
                "parameters": {"incremental": "true", "resourceGroup": self._args.resource_group, "tags": self._tags},
            },
            self.child_options(depends_on=[after]),
        )


def disk_parameters(speed: VolumeSettings, *, zone_redundant: bool) -> dict[str, str]:
    """The kind of disk, without a cache: Premium SSD v2 has none, and with one a disk could not grow to 4 TiB."""
    if zone_redundant:
        return {"skuName": "Premium_ZRS", "cachingMode": "None"}
    return {
        "skuName": "PremiumV2_LRS",
        "cachingMode": "None",
        "DiskIOPSReadWrite": str(speed.iops),
        "DiskMBpsReadWrite": str(speed.throughput),
    }
