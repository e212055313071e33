"""Volumes on AWS: encrypted, able to grow, and how they are snapshotted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.aws import AwsLocation, KeySpec, encryption_key
from components.base import Component
from components.storage.classes import DriverClass, DriverClasses, create_classes
from components.storage.model import GENERAL, VolumeSettings

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
        self.ready = create_classes(
            self,
            DriverClasses(
                driver=_DRIVER,
                keep=args.keep_volumes,
                general=DriverClass(name=args.storage_class, parameters=self._parameters(GENERAL)),
                brokers=DriverClass(name=args.broker_storage_class, parameters=self._parameters(args.broker_volumes)),
                snapshots=DriverClass(name=args.snapshot_class),
                moved_snapshots="ebs",
            ),
            after=(),
        )
        self.register_outputs({"key_arn": self.key_arn})

    def _parameters(self, speed: VolumeSettings) -> dict[str, pulumi.Input[str]]:
        return {
            "type": "gp3",
            "encrypted": "true",
            "kmsKeyId": self.key_arn,
            "iops": str(speed.iops),
            "throughput": str(speed.throughput),
        }


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
