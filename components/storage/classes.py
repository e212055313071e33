"""The classes of volumes and of their snapshots, whichever driver makes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component
from components.kubernetes import labels


class VolumeSnapshotClass(pulumi.CustomResource):
    """A VolumeSnapshotClass.

    Its content stands beside ``metadata``: the SDK's own custom resource could carry only a ``spec``.
    """

    def __init__(self, resource_name: str, content: dict[str, Any], opts: pulumi.ResourceOptions) -> None:
        api_version, kind = "snapshot.storage.k8s.io/v1", "VolumeSnapshotClass"
        super().__init__(f"kubernetes:{api_version}:{kind}", resource_name, {"apiVersion": api_version, "kind": kind, **content}, opts)


@dataclass(frozen=True, kw_only=True)
class DriverClass:
    """A class by its name, and what it tells the driver."""

    name: str
    parameters: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class DriverClasses:
    """The classes of one driver.

    Attributes:
        driver: its name.
        keep: whether volumes and snapshots outlive what claimed them; otherwise they go with it.
        general: the default class.
        brokers: the class of message brokers' volumes.
        snapshots: the default class of snapshots.
    """

    driver: str
    keep: bool
    general: DriverClass
    brokers: DriverClass
    snapshots: DriverClass

    @property
    def reclaim_policy(self) -> str:
        """What becomes of a volume or a snapshot that nothing claims any more."""
        return "Retain" if self.keep else "Delete"


def create_classes(component: Component, classes: DriverClasses, *, after: Sequence[pulumi.Resource]) -> kubernetes.storage.v1.StorageClass:
    """Create all of them one after the other, behind ``after``; what is behind the last is behind all."""
    snapshots = VolumeSnapshotClass(
        component.child_name("snapshots"),
        {
            "metadata": {
                "name": classes.snapshots.name,
                # Of several classes of a driver, Velero takes this one.
                "labels": {**labels(classes.snapshots.name, component="storage"), "velero.io/csi-volumesnapshot-class": "true"},
                "annotations": {"snapshot.storage.kubernetes.io/is-default-class": "true"},
            },
            "driver": classes.driver,
            "deletionPolicy": classes.reclaim_policy,
            **({"parameters": dict(classes.snapshots.parameters)} if classes.snapshots.parameters else {}),
        },
        component.child_options(depends_on=list(after)),
    )
    general = _create_class(component, "general", classes, classes.general, after=snapshots)
    return _create_class(component, "brokers", classes, classes.brokers, after=general)


def _create_class(
    component: Component, role: str, classes: DriverClasses, described: DriverClass, *, after: pulumi.Resource
) -> kubernetes.storage.v1.StorageClass:
    return kubernetes.storage.v1.StorageClass(
        component.child_name(role),
        metadata=kubernetes.meta.v1.ObjectMetaArgs(
            name=described.name,
            labels=labels(described.name, component="storage"),
            annotations={"storageclass.kubernetes.io/is-default-class": str(described is classes.general).lower()},
        ),
        provisioner=classes.driver,
        parameters={"csi.storage.k8s.io/fstype": "ext4", **described.parameters},
        allow_volume_expansion=True,
        reclaim_policy=classes.reclaim_policy,
        # A volume is made in the zone that its pod was scheduled to, not the other way round.
        volume_binding_mode="WaitForFirstConsumer",
        opts=component.child_options(depends_on=[after]),
    )
