"""Pods as rules see them: every Kubernetes kind that holds a pod, its pod spec and its containers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from policies.model import Resource
from policies.values import UNKNOWN, Value

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


PROBES: Final = ("livenessProbe", "readinessProbe")
"""How the cluster asks a container whether it lives and whether it may get traffic."""


class ContainerList(StrEnum):
    """Where a container stands in its pod's spec."""

    MAIN = "containers"
    INIT = "initContainers"
    EPHEMERAL = "ephemeralContainers"


_TITLES: Final = {
    ContainerList.MAIN: "container",
    ContainerList.INIT: "init container",
    ContainerList.EPHEMERAL: "ephemeral container",
}


@dataclass(frozen=True, kw_only=True)
class Container:
    """One container of a pod; ``spec`` is its place in the inputs."""

    stands_in: ContainerList
    spec: Value

    @property
    def title(self) -> str:
        """The container as a message calls it: ``init container 'migrate'``."""
        policy = self.spec["restartPolicy"].peek("it changes only the word")
        is_sidecar = self.stands_in is ContainerList.INIT and policy == "Always"
        return f"{'sidecar' if is_sidecar else _TITLES[self.stands_in]} {self.spec['name'].shown}"

    @property
    def where_long_running(self) -> Value | None:
        """Its place where it runs as long as its pod does: one of the main containers, or an init container that restarts always.

        None where it does not; where that is unknown, what stands there counts only once it is known.
        """
        if self.stands_in is ContainerList.EPHEMERAL:
            return None
        policy = self.spec["restartPolicy"]
        if self.stands_in is ContainerList.MAIN:
            return self.spec
        what = policy.peek("what stands beside it counts only once it is known")
        return self.spec.provided(policy) if what is UNKNOWN or what == "Always" else None


def kind_of(resource: Resource) -> str:
    """The Kubernetes kind of a resource: ``Deployment`` of ``kubernetes:apps/v1:Deployment``."""
    return resource.type.rpartition(":")[2]


def pod_spec(resource: Resource) -> Value:
    """The pod spec of any of :data:`WORKLOAD_TYPES`; absent where the object refers to another's (a Rollout's ``workloadRef``)."""
    return resource.inputs.at(_SPEC_PATHS.get(kind_of(resource), "spec.template.spec"))


def containers(spec: Value) -> Iterator[Container]:
    """Every container of a pod spec."""
    for name in ContainerList:
        for place in spec[name.value].each():
            yield Container(stands_in=name, spec=place)
