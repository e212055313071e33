"""Volumes on AWS: encrypted, able to grow, and how they are snapshotted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.aws import AwsLocation, KeySpec, encryption_key
from components.base import Component
from components.kubernetes import labels
from components.storage.model import GENERAL, VolumeSettings
from components.storage.snapshots import VolumeSnapshotClass

_DRIVER: Final = "ebs.csi.aws.com"


@dataclass(frozen=True, kw_only=True)
class AwsStorageArgs:
    """Where the volumes are, how fast, and what becomes of them.

    Attributes:
        region: where they are.
        account_id: likewise.
        broker_volumes: how fast those of message brokers are.
        keep_volumes: whether volumes and snapshots outlive what claimed them (MSG-012); otherwise they go with it.
        retain: protects their key: without it every volume and snapshot is lost.
    """

    region: str
    account_id: str
    broker_volumes: VolumeSettings
    keep_volumes: bool
    retain: bool

    @property
    def location(self) -> AwsLocation:
        """Where the volumes are."""
        return AwsLocation(region=self.region, account_id=self.account_id)

    @property
    def storage_class(self) -> str:
        """The default class."""
        return "gp3-retain" if self.keep_volumes else "gp3"

    @property
    def broker_storage_class(self) -> str:
        """The class of the brokers' volumes."""
        return "gp3-brokers-retain" if self.keep_volumes else "gp3-brokers"

    @property
    def snapshot_class(self) -> str:
        """The default class of snapshots."""
        return "ebs-retain" if self.keep_volumes else "ebs"


class AwsStorage(Component):
    """The key of the volumes, the StorageClasses and the VolumeSnapshotClass.

    ``opts`` bring the providers of AWS and Kubernetes, and put the component behind the EBS CSI driver
    and the snapshot controller.

    Attributes:
        ready: what has volumes goes behind this: the last class, behind which are all.
        key_arn: of the key.
    """

    ready: kubernetes.storage.v1.StorageClass
    key_arn: pulumi.Output[str]

    def __init__(self, name: str, args: AwsStorageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._args = args
        key = encryption_key(
            self,
            KeySpec(
                role="volumes-key",
                description="Encrypts the volumes of pods",
                statements=[_volumes_of_this_account(args.location)],
                # Volumes that outlive their claims are nothing without it.
                outlives_stack=args.keep_volumes,
            ),
            location=args.location,
            retain=args.retain,
        )
        self.key_arn = key.arn
        snapshots = self._create_snapshot_class()
        general = self._create_class("general", args.storage_class, GENERAL, after=snapshots)
        self.ready = self._create_class("brokers", args.broker_storage_class, args.broker_volumes, after=general)
        self.register_outputs({"key_arn": self.key_arn})

    @property
    def _reclaim_policy(self) -> str:
        return "Retain" if self._args.keep_volumes else "Delete"

    def _create_class(self, role: str, name: str, speed: VolumeSettings, *, after: pulumi.Resource) -> kubernetes.storage.v1.StorageClass:
        is_default = name == self._args.storage_class
        return kubernetes.storage.v1.StorageClass(
            self.child_name(role),
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=name,
                labels=labels(name, component="storage"),
                annotations={"storageclass.kubernetes.io/is-default-class": str(is_default).lower()},
            ),
            provisioner=_DRIVER,
            parameters={
                "type": "gp3",
                "encrypted": "true",
                "kmsKeyId": self.key_arn,
                "csi.storage.k8s.io/fstype": "ext4",
                "iops": str(speed.iops),
                "throughput": str(speed.throughput),
            },
            allow_volume_expansion=True,
            reclaim_policy=self._reclaim_policy,
            # A volume is made in the zone that its pod was scheduled to, not the other way round.
            volume_binding_mode="WaitForFirstConsumer",
            opts=self.child_options(depends_on=[after]),
        )

    def _create_snapshot_class(self) -> pulumi.Resource:
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
            },
            self.child_options(),
        )


def _volumes_of_this_account(location: AwsLocation) -> dict[str, Any]:
    """Who may use EBS in this account may use the key for it, through EBS alone.

    The key that AWS manages has it so.
    """
    return {
        "Sid": "VolumesOfThisAccount",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey"],
        "Resource": "*",
        "Condition": {"StringEquals": {"kms:CallerAccount": location.account_id, "kms:ViaService": f"ec2.{location.region}.amazonaws.com"}},
    }
