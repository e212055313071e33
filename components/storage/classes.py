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
        moved_snapshots: the name of the class of snapshots whose data is moved away at once, and which
            always go with what asked for them; that of ``snapshots`` where those do, too.
    """

    driver: str
    keep: bool
    general: DriverClass
    brokers: DriverClass
    snapshots: DriverClass
    moved_snapshots: str

    @property
    def reclaim_policy(self) -> str:
        """What becomes of a volume or a snapshot that nothing claims any more."""
        return "Retain" if self.keep else "Delete"


def create_classes(component: Component, classes: DriverClasses, *, after: Sequence[pulumi.Resource]) -> kubernetes.storage.v1.StorageClass:
    """Create all of them one after the other, behind ``after``; what is behind the last is behind all."""
    snapshots = _create_snapshot_class(component, "snapshots", classes, classes.snapshots.name, after=after)
    if classes.moved_snapshots != classes.snapshots.name:
        snapshots = _create_snapshot_class(component, "moved-snapshots", classes, classes.moved_snapshots, after=[snapshots])
    general = _create_class(component, "general", classes, classes.general, after=snapshots)
    return _create_class(component, "brokers", classes, classes.brokers, after=general)


def _create_snapshot_class(
    component: Component, role: str, classes: DriverClasses, name: str, *, after: Sequence[pulumi.Resource]
) -> VolumeSnapshotClass:
    is_default, is_moved, parameters = name == classes.snapshots.name, name == classes.moved_snapshots, classes.snapshots.parameters
    # Of several classes of a driver, Velero takes this one. It deletes the snapshots of an upload that it
    # gives up through Kubernetes alone: of a class that retains, each would stay at the cloud, with no object left.
    chosen = {"velero.io/csi-volumesnapshot-class": "true"} if is_moved else {}
    return VolumeSnapshotClass(
        component.child_name(role),
        {
            "metadata": {
                "name": name,
                "labels": {**labels(name, component="storage"), **chosen},
                "annotations": {"snapshot.storage.kubernetes.io/is-default-class": str(is_default).lower()},
            },
            "driver": classes.driver,
            "deletionPolicy": "Delete" if is_moved else classes.reclaim_policy,
            **({"parameters": dict(parameters)} if parameters else {}),
        },
        component.child_options(depends_on=list(after)),
    )


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
