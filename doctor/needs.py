"""What a stack needs of its cluster, read from what its program registers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from components.cluster.existing.model import ClusterSettings
from facts.quantity import parse_quantity
from facts.tiers import Tier
from offline.recording import RecordedResource, Run

_KUBERNETES: Final = "kubernetes:"
_QUOTA: Final = "kubernetes:core/v1:ResourceQuota"
_NAMESPACE: Final = "kubernetes:core/v1:Namespace"
_POLICY: Final = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
_PRIORITY: Final = "kubernetes:scheduling.k8s.io/v1:PriorityClass"
_STORAGE_CLASS: Final = "kubernetes:storage.k8s.io/v1:StorageClass"
_SNAPSHOT_CLASS: Final = "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass"
_RELEASE: Final = "kubernetes:helm.sh/v3:Release"
_ZONE: Final = "topology.kubernetes.io/zone"
_CLASS_KEYS: Final = frozenset({"storageClassName", "storageClass"})
_DEFINITION: Final = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"
BROUGHT: Final[Mapping[str, str]] = {
    "cert-manager": "cert-manager.io",
    "cloudnative-pg": "postgresql.cnpg.io",
    "plugin-barman-cloud": "barmancloud.cnpg.io",
    "prometheus-operator-crds": "monitoring.coreos.com",
    "velero": "velero.io",
}
"""By chart, the API group whose definitions it brings."""


@dataclass(frozen=True, kw_only=True)
class Room:
    """Cores, bytes of memory and of storage, and pods."""

    cpu: Decimal = Decimal(0)
    memory: Decimal = Decimal(0)
    storage: Decimal = Decimal(0)
    pods: Decimal = Decimal(0)

    def __add__(self, other: Room) -> Room:
        return Room(
            cpu=self.cpu + other.cpu,
            memory=self.memory + other.memory,
            storage=self.storage + other.storage,
            pods=self.pods + other.pods,
        )


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What a stack needs.

    Attributes:
        tier: of the stack.
        release: of Kubernetes, as the settings say it: ``1.36``.
        offer: what the settings of a cluster that exists say of it; None of a cluster that the stack makes.
        namespaces: that it creates.
        room: the sum of the quotas of its namespaces.
        largest: the most that one container asks for, as far as it is written.
        storage_classes: that it names and does not create.
        snapshot_class: of its volumes; None where it has none.
        creates_snapshot_class: whether it makes that class itself.
        priority_classes: that it creates.
        brought: API groups whose definitions it brings.
        asked: API groups whose definitions it needs and does not bring.
        releases: namespace and name of its Helm releases.
        kinds: API version, kind and namespace (None where the kind is cluster-wide) of all objects.
        cidrs: the ranges that its network policies name.
        needs_zones: whether its pods must be spread over zones.
    """

    tier: Tier
    release: str
    offer: ClusterSettings | None = None
    namespaces: frozenset[str] = frozenset()
    room: Room = field(default_factory=Room)
    largest: Room = field(default_factory=Room)
    storage_classes: frozenset[str] = frozenset()
    snapshot_class: str | None = None
    creates_snapshot_class: bool = False
    priority_classes: frozenset[str] = frozenset()
    brought: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    releases: frozenset[tuple[str, str]] = frozenset()
    kinds: frozenset[tuple[str, str, str | None]] = frozenset()
    cidrs: frozenset[str] = frozenset()
    needs_zones: bool = False


def needs_of(run: Run, *, tier: Tier, release: str, offer: ClusterSettings | None) -> Needs:
    """What the objects of a run need."""
    objects = [each for each in run.resources if each.custom and each.type.startswith(_KUBERNETES) and not each.read]
    entries = [entry for each in objects for entry in _entries(each.inputs)]
    brought = frozenset(_brought(objects))
    snapshot_class = run.outputs.get("snapshotClass")
    named = {value for key, value in entries if key in _CLASS_KEYS and isinstance(value, str) and value}
    return Needs(
        tier=tier,
        release=release,
        offer=offer,
        namespaces=frozenset(_names(objects, _NAMESPACE)),
        room=sum((_room(each.inputs["spec"]["hard"]) for each in objects if each.type == _QUOTA), start=Room()),
        largest=_largest(entries),
        storage_classes=frozenset(named - set(_names(objects, _STORAGE_CLASS))),
        snapshot_class=snapshot_class if isinstance(snapshot_class, str) else None,
        creates_snapshot_class=snapshot_class in set(_names(objects, _SNAPSHOT_CLASS)),
        priority_classes=frozenset(_names(objects, _PRIORITY)),
        brought=brought,
        asked=frozenset(group for each in objects if _is_custom(group := _group(each)) and group not in brought),
        releases=frozenset((str(each.inputs.get("namespace")), str(each.inputs.get("name"))) for each in objects if each.type == _RELEASE),
        kinds=frozenset(_kind(each) for each in objects if each.type != _RELEASE),
        cidrs=frozenset(
            block["cidr"] for each in objects if each.type == _POLICY for key, block in _entries(each.inputs) if key == "ipBlock"
        ),
        needs_zones=any(_ZONE in (key, value) for key, value in _hard_spreads(objects)),
    )


def _entries(content: Any) -> Iterator[tuple[str, Any]]:
    """Every key with its value, at any depth."""
    if isinstance(content, Mapping):
        for key, below in content.items():
            yield str(key), below
            yield from _entries(below)
    elif isinstance(content, list):
        for below in content:
            yield from _entries(below)


def _hard_spreads(objects: Sequence[RecordedResource]) -> Iterator[tuple[str, Any]]:
    """The keys of spread constraints that forbid what they do not spread, as lists have them and as the NATS chart does."""
    for each in objects:
        for key, value in _entries(each.inputs):
            if isinstance(value, Mapping) and value.get("whenUnsatisfiable") == "DoNotSchedule":
                yield key, value
            if isinstance(value, list):
                for element in value:
                    if isinstance(element, Mapping) and element.get("whenUnsatisfiable") == "DoNotSchedule":
                        yield from element.items()


def _names(objects: Sequence[RecordedResource], token: str) -> Iterator[str]:
    return (each.inputs["metadata"]["name"] for each in objects if each.type == token)


def _group(resource: RecordedResource) -> str:
    """The API group of an object: ``jetstream.nats.io`` of ``kubernetes:jetstream.nats.io/v1beta2:Stream``."""
    return resource.type.split(":")[1].partition("/")[0]


def _is_custom(group: str) -> bool:
    """Whether a group is a third party's; of those of Kubernetes itself, only snapshots are not in the API server."""
    return "." in group and (not group.endswith(".k8s.io") or group == "snapshot.storage.k8s.io") and group != "helm.sh"


def _brought(objects: Sequence[RecordedResource]) -> Iterator[str]:
    for each in objects:
        if each.type == _DEFINITION:
            yield each.inputs["spec"]["group"]
        elif each.type == _RELEASE and (chart := str(each.inputs.get("chart")).rpartition("/")[2]) in BROUGHT:
            yield BROUGHT[chart]


def _kind(resource: RecordedResource) -> tuple[str, str, str | None]:
    _, group_version, kind = resource.type.split(":")
    namespace = resource.inputs.get("metadata", {}).get("namespace")
    return group_version.removeprefix("core/"), kind, namespace if isinstance(namespace, str) else None


def _room(hard: Mapping[str, Any]) -> Room:
    return Room(
        cpu=_quantity(hard.get("requests.cpu")),
        memory=_quantity(hard.get("requests.memory")),
        storage=_quantity(hard.get("requests.storage")),
        pods=_quantity(hard.get("pods")),
    )


def _largest(entries: Sequence[tuple[str, Any]]) -> Room:
    requests = [value for key, value in entries if key == "requests" and isinstance(value, Mapping)]
    return Room(
        cpu=max((_quantity(each.get("cpu")) for each in requests), default=Decimal(0)),
        memory=max((_quantity(each.get("memory")) for each in requests), default=Decimal(0)),
    )


def _quantity(text: Any) -> Decimal:
    """An amount; nothing where none is written, or it is not known yet."""
    return parse_quantity(text) if isinstance(text, str | int | float) else Decimal(0)
