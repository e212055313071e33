"""Storage and snapshot classes that the stack names and somebody else made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from doctor.cluster import Cluster, Object
from doctor.findings import Finding, advice, fine, missing
from doctor.needs import Needs
from facts.tiers import Tier

_CLASSES: Final = "/apis/storage.k8s.io/v1/storageclasses"
_SNAPSHOT_CLASSES: Final = "/apis/snapshot.storage.k8s.io/v1/volumesnapshotclasses"
_DEFAULT: Final = "storageclass.kubernetes.io/is-default-class"


@dataclass(frozen=True, kw_only=True)
class Provisioner:
    """What is known of a provisioner.

    ``encrypted_by`` is the parameter that encrypts its volumes, with its value; empty where they always
    are, None where they cannot be. ``is_everywhere`` says that every node reaches a volume, whichever
    it was made for; ``weakness`` is what databases suffer from.
    """

    encrypted_by: tuple[str, str] | tuple[()] | None
    is_everywhere: bool = False
    weakness: str = ""


_NODE_BOUND: Final = "its volumes are folders of one node: a pod waits until that node is back, and what is lost with it is lost"
_NETWORK_FILES: Final = "NATS and PostgreSQL lose data on network file systems, which acknowledge what is not on disk"
PROVISIONERS: Final[Mapping[str, Provisioner]] = {
    "ebs.csi.aws.com": Provisioner(encrypted_by=("encrypted", "true")),
    "disk.csi.azure.com": Provisioner(encrypted_by=()),
    "driver.longhorn.io": Provisioner(encrypted_by=("encrypted", "true"), is_everywhere=True),
    "rook-ceph.rbd.csi.ceph.com": Provisioner(encrypted_by=("encrypted", "true"), is_everywhere=True),
    "rbd.csi.ceph.com": Provisioner(encrypted_by=("encrypted", "true"), is_everywhere=True),
    "rancher.io/local-path": Provisioner(encrypted_by=None, weakness=_NODE_BOUND),
    "openebs.io/local": Provisioner(encrypted_by=None, weakness=_NODE_BOUND),
    "kubernetes.io/no-provisioner": Provisioner(encrypted_by=None, weakness=_NODE_BOUND),
    "nfs.csi.k8s.io": Provisioner(encrypted_by=None, is_everywhere=True, weakness=_NETWORK_FILES),
    "cluster.local/nfs-subdir-external-provisioner": Provisioner(encrypted_by=None, is_everywhere=True, weakness=_NETWORK_FILES),
}


def check_storage_classes(needs: Needs, cluster: Cluster) -> Iterator[Finding]:
    """Each class that is named is there, grows, retains and encrypts; one class at the most is the default."""
    classes = {each["metadata"]["name"]: each for each in cluster.objects(_CLASSES)}
    defaults = [name for name, each in classes.items() if each["metadata"].get("annotations", {}).get(_DEFAULT) == "true"]
    if len(defaults) > 1:
        problem = f"{' and '.join(sorted(defaults))} are all the default class: the newest wins"
        yield advice("storage classes", problem, f"Leave the annotation {_DEFAULT} on one")
    for name in sorted(needs.storage_classes):
        found = classes.get(name)
        if found is None:
            there = ", ".join(sorted(classes)) or "none"
            yield missing(f"storage class {name}", f"there is no such class; there are: {there}", "Create it, or name one of these")
        else:
            yield from _check_class(name, found, needs, cluster)


def _check_class(name: str, found: Object, needs: Needs, cluster: Cluster) -> Iterator[Finding]:
    subject, provisioner = f"storage class {name}", str(found["provisioner"])
    known, problems = PROVISIONERS.get(provisioner), []
    if not found.get("allowVolumeExpansion"):
        problems.append(missing(subject, "its volumes cannot grow", "Set allowVolumeExpansion, if its provisioner can", "MSG-012"))
    if found.get("reclaimPolicy", "Delete") != "Retain" and needs.tier is Tier.PRODUCTION:
        problems.append(missing(subject, "deleting a claim deletes its data", "Make a class with reclaimPolicy Retain", "MSG-012"))
    if found.get("volumeBindingMode") != "WaitForFirstConsumer" and not (known and known.is_everywhere):
        problem = "volumes are made before their pods are placed, perhaps in a zone where these cannot run"
        problems.append(advice(subject, problem, "Make a class with volumeBindingMode WaitForFirstConsumer"))
    if known is None:
        cure = "Make sure that its volumes are encrypted, survive the loss of a node and acknowledge what is on disk"
        problems.append(advice(subject, f"nothing is known of its provisioner {provisioner}", cure))
    else:
        problems += _check_provisioner(subject, found, known)
    # Drivers are called like hosts; what has a slash makes volumes itself.
    if "/" not in provisioner and provisioner not in _drivers(cluster):
        cure = "Install the driver, or name another class"
        problems.append(missing(subject, f"its driver {provisioner} is not installed", cure))
    yield from problems or [fine(subject, f"{provisioner}, grows, retains")]


def _check_provisioner(subject: str, found: Object, known: Provisioner) -> Iterator[Finding]:
    if known.encrypted_by is None:
        cure = "Encrypt the disks of the nodes, or take a provisioner that encrypts volumes"
        yield advice(subject, f"{found['provisioner']} does not encrypt its volumes", cure, "MSG-012")
    elif known.encrypted_by:
        parameter, value = known.encrypted_by
        if (found.get("parameters") or {}).get(parameter) != value:
            yield missing(subject, "its volumes are not encrypted", f'Make a class with parameters.{parameter} "{value}"', "MSG-012")
    if known.weakness:
        yield advice(subject, known.weakness, "Take replicated block storage where the data matters")


def check_snapshots(needs: Needs, cluster: Cluster) -> Iterator[Finding]:
    """The snapshot class that is named is there, and of the driver whose volumes it is to snapshot."""
    if needs.creates_snapshot_class:
        return
    if needs.snapshot_class is None:
        cure = "Name the class of a driver that takes snapshots"
        yield missing("snapshots", "the stack names no snapshot class, so its volumes have no snapshots", cure, "BAK-007")
        return
    subject = f"snapshot class {needs.snapshot_class}"
    if not cluster.serves(_SNAPSHOT_CLASSES):
        yield missing(subject, "the cluster knows no VolumeSnapshotClass", "Install the snapshot controller and its definitions")
        return
    classes = {each["metadata"]["name"]: each for each in cluster.objects(_SNAPSHOT_CLASSES)}
    found = classes.get(needs.snapshot_class)
    if found is None:
        there = ", ".join(sorted(classes)) or "none"
        yield missing(subject, f"there is no such class; there are: {there}", "Create it, or name one of these")
        return
    drivers = {str(each["provisioner"]) for each in cluster.objects(_CLASSES) if each["metadata"]["name"] in needs.storage_classes}
    if drivers and found["driver"] not in drivers:
        problem = f"it is of the driver {found['driver']}, and the volumes are of {', '.join(sorted(drivers))}"
        yield missing(subject, problem, "Name a snapshot class of the volumes' own driver")
    else:
        yield fine(subject, str(found["driver"]))


def _drivers(cluster: Cluster) -> set[str]:
    return {each["metadata"]["name"] for each in cluster.objects("/apis/storage.k8s.io/v1/csidrivers")}
