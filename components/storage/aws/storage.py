"""Volumes on AWS: encrypted, able to grow, kept when their claim goes (MSG-012), and how they are snapshotted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.aws import AwsLocation, KeySpec, encryption_key
from components.base import Component
from components.kubernetes import labels

RETAINED_CLASS: Final = "gp3-retain"
"""The cluster's default class."""
SNAPSHOT_CLASS: Final = "ebs-retain"
_DRIVER: Final = "ebs.csi.aws.com"


@dataclass(frozen=True, kw_only=True)
class AwsStorageArgs:
    """Where the volumes are. ``retain`` protects their key: without it every volume and snapshot is lost."""

    region: str
    account_id: str
    retain: bool

    @property
    def location(self) -> AwsLocation:
        """Where the volumes are."""
        return AwsLocation(region=self.region, account_id=self.account_id)


class VolumeSnapshotClass(pulumi.CustomResource):
    """A VolumeSnapshotClass. Its content stands beside ``metadata``: there is no ``spec`` that the SDK's custom resource could carry."""

    def __init__(self, resource_name: str, content: dict[str, Any], opts: pulumi.ResourceOptions) -> None:
        api_version, kind = "snapshot.storage.k8s.io/v1", "VolumeSnapshotClass"
        super().__init__(f"kubernetes:{api_version}:{kind}", resource_name, {"apiVersion": api_version, "kind": kind, **content}, opts)


class AwsStorage(Component):
    """The key of the volumes, the default StorageClass and the VolumeSnapshotClass.

    ``opts`` bring the providers of AWS and Kubernetes, and put the component behind the EBS CSI driver and the snapshot controller.

    Attributes:
        storage_class: name of the StorageClass, known before it exists.
        ready: what has volumes of the class goes behind this: the class itself.
        key_arn: of the key.
    """

    storage_class: str
    ready: kubernetes.storage.v1.StorageClass
    key_arn: pulumi.Output[str]

    def __init__(self, name: str, args: AwsStorageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        key = encryption_key(
            self,
            KeySpec(role="volumes-key", description="Encrypts the volumes of pods", statements=[_volumes_of_this_account(args.location)]),
            location=args.location,
            retain=args.retain,
        )
        self.ready = kubernetes.storage.v1.StorageClass(
            self.child_name(RETAINED_CLASS),
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=RETAINED_CLASS,
                labels=labels(RETAINED_CLASS, component="storage"),
                annotations={"storageclass.kubernetes.io/is-default-class": "true"},
            ),
            provisioner=_DRIVER,
            parameters={"type": "gp3", "encrypted": "true", "kmsKeyId": key.arn, "csi.storage.k8s.io/fstype": "ext4"},
            allow_volume_expansion=True,
            reclaim_policy="Retain",
            # A volume is made in the zone that its pod was scheduled to, not the other way round.
            volume_binding_mode="WaitForFirstConsumer",
            opts=self.child_options(),
        )
        VolumeSnapshotClass(
            self.child_name(SNAPSHOT_CLASS),
            {
                "metadata": {
                    "name": SNAPSHOT_CLASS,
                    "labels": labels(SNAPSHOT_CLASS, component="storage"),
                    "annotations": {"snapshot.storage.kubernetes.io/is-default-class": "true"},
                },
                "driver": _DRIVER,
                "deletionPolicy": "Retain",
            },
            self.child_options(),
        )
        self.storage_class = RETAINED_CLASS
        self.key_arn = key.arn
        self.register_outputs({"storage_class": self.storage_class, "key_arn": self.key_arn})


def _volumes_of_this_account(location: AwsLocation) -> dict[str, Any]:
    """Who may use EBS in this account may use the key for it, through EBS alone: as the key that AWS manages has it."""
    return {
        "Sid": "VolumesOfThisAccount",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey"],
        "Resource": "*",
        "Condition": {"StringEquals": {"kms:CallerAccount": location.account_id, "kms:ViaService": f"ec2.{location.region}.amazonaws.com"}},
    }
