"""Pods as rules see them: every Kubernetes kind that holds a pod, its pod spec and its containers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from policies.model import Resource
from policies.values import Value

_GROUP_VERSIONS: Final = {
    "Deployment": ("apps/v1", "apps/v1beta1", "apps/v1beta2", "extensions/v1beta1"),
    "StatefulSet": ("apps/v1", "apps/v1beta1", "apps/v1beta2"),
    "DaemonSet": ("apps/v1", "apps/v1beta2", "extensions/v1beta1"),
    "ReplicaSet": ("apps/v1", "apps/v1beta2", "extensions/v1beta1"),
    "ReplicationController": ("core/v1",),
    "Rollout": ("argoproj.io/v1alpha1",),
    "Job": ("batch/v1",),
    "CronJob": ("batch/v1", "batch/v1beta1", "batch/v2alpha1"),
    "Pod": ("core/v1",),
    "PodTemplate": ("core/v1",),
}
_SPEC_PATHS: Final = {"Pod": "spec", "PodTemplate": "template.spec", "CronJob": "spec.jobTemplate.spec.template.spec"}


def tokens_of(*kinds: str) -> tuple[str, ...]:
    """The type tokens of Kubernetes kinds, in every API version that has served them."""
    return tuple(f"kubernetes:{version}:{kind}" for kind in kinds for version in _GROUP_VERSIONS[kind])


WORKLOAD_TYPES: Final = tokens_of(*_GROUP_VERSIONS)
"""Every type whose objects hold a pod spec."""
PATCH_TYPES: Final = tuple(f"{token}Patch" for token in WORKLOAD_TYPES)
"""Every type that changes a part of such an object."""


class ContainerKind(StrEnum):
    """How a container runs in its pod."""

    MAIN = "container"
    INIT = "init container"
    SIDECAR = "sidecar"
    EPHEMERAL = "ephemeral container"


@dataclass(frozen=True, kw_only=True)
class Container:
    """One container of a pod; ``spec`` is its place in the inputs."""

    kind: ContainerKind
    spec: Value

    @property
    def title(self) -> str:
        """The container as a message calls it: ``init container 'migrate'``."""
        return f"{self.kind} {self.spec['name'].shown}"


def kind_of(resource: Resource) -> str:
    """The Kubernetes kind of a resource: ``Deployment`` of ``kubernetes:apps/v1:Deployment``."""
    return resource.type.rpartition(":")[2]


def pod_spec(resource: Resource) -> Value:
    """The pod spec of any of :data:`WORKLOAD_TYPES`; absent where the object refers to another's (a Rollout's ``workloadRef``)."""
    return resource.inputs.at(_SPEC_PATHS.get(kind_of(resource), "spec.template.spec"))


def containers(spec: Value) -> Iterator[Container]:
    """Every container of a pod spec; an init container that restarts always is a sidecar."""
    for place in spec["containers"].each():
        yield Container(kind=ContainerKind.MAIN, spec=place)
    for place in spec["initContainers"].each():
        kind = ContainerKind.INIT if place["restartPolicy"].is_not("Always") else ContainerKind.SIDECAR
        yield Container(kind=kind, spec=place)
    for place in spec["ephemeralContainers"].each():
        yield Container(kind=ContainerKind.EPHEMERAL, spec=place)
