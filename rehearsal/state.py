"""What the simulated cluster looks like: its workloads, pods and claims at one moment."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rehearsal.api import Api
from rehearsal.report import Trouble

Manifest = Mapping[str, Any]

_QUIET: Final = 8.0
"""Seconds without a change after which nothing more is expected."""
_PATIENCE: Final = 240.0
_EVERY: Final = 1.0
QUORUM: Final = 3
"""From so many replicas on, a stateful set has a majority that outlives the loss of one."""


@dataclass(frozen=True, kw_only=True)
class Workload:
    """A controller of pods: how many it wants, and how many of them are ready."""

    kind: str
    namespace: str
    name: str
    wanted: int
    ready: int
    pods: Sequence[Manifest]

    @property
    def is_complete(self) -> bool:
        """Whether all its pods are ready."""
        return self.ready >= self.wanted

    @property
    def has_quorum(self) -> bool:
        """Whether a majority is ready, where there is one to keep."""
        return self.kind != "StatefulSet" or self.wanted < QUORUM or self.ready > self.wanted // 2

    def trouble(self, message: str) -> Trouble:
        """What is wrong with it."""
        return Trouble(kind=self.kind, namespace=self.namespace, name=self.name, message=message)


@dataclass(frozen=True, kw_only=True)
class State:
    """One moment of the cluster."""

    nodes: Sequence[Manifest]
    workloads: Sequence[Workload]
    claims: Sequence[Manifest]
    events: Sequence[Manifest]
    budgets: Sequence[Manifest]

    @property
    def incomplete(self) -> Sequence[Workload]:
        """The workloads that do not have all their pods."""
        return [each for each in self.workloads if not each.is_complete]

    @property
    def running(self) -> int:
        """How many pods are ready or done."""
        return sum(_is_ready(pod) for each in self.workloads for pod in each.pods)

    def signature(self) -> object:
        """What differs from that of another moment as long as something moves."""
        workloads = [(each.kind, each.namespace, each.name, each.ready, len(each.pods)) for each in self.workloads]
        placed = sorted(
            (pod["metadata"]["uid"], pod["spec"].get("nodeName", ""), pod["status"].get("phase"))
            for each in self.workloads
            for pod in each.pods
        )
        return workloads, placed, sorted((each["metadata"]["uid"], each["status"].get("phase")) for each in self.claims)

    def reason(self, workload: Workload) -> str:
        """Why a workload does not have its pods: what the scheduler says of them, or what was refused."""
        for pod in workload.pods:
            for condition in pod["status"].get("conditions", ()):
                if condition["type"] == "PodScheduled" and condition["status"] == "False":
                    return f"{pod['metadata']['name']} has no node: {condition.get('message', condition.get('reason', ''))}"
        said = [each for each in self.events if _concerns(each, workload) and each.get("reason") == "FailedCreate"]
        if said:
            return str(max(said, key=_moment).get("message", ""))
        return f"{workload.ready} of {workload.wanted} pods are ready"


def read_state(api: Api) -> State:
    """The state of the cluster now."""
    pods = [pod for pod in api.items("v1", "pods") if "deletionTimestamp" not in pod["metadata"]]
    owned: dict[str, list[Manifest]] = {}
    for pod in pods:
        for owner in pod["metadata"].get("ownerReferences", ()):
            owned.setdefault(owner["uid"], []).append(pod)
    # A Deployment's pods belong to its replica set.
    for replica_set in api.items("apps/v1", "replicasets"):
        for owner in replica_set["metadata"].get("ownerReferences", ()):
            owned.setdefault(owner["uid"], []).extend(owned.get(replica_set["metadata"]["uid"], ()))
    return State(
        nodes=api.items("v1", "nodes"),
        workloads=sorted(_workloads(api, owned), key=lambda each: (each.namespace, each.kind, each.name)),
        claims=api.items("v1", "persistentvolumeclaims"),
        events=api.items("v1", "events"),
        budgets=api.items("policy/v1", "poddisruptionbudgets"),
    )


def settle(api: Api, check: Callable[[], None]) -> State:
    """Wait until every workload has its pods, or nothing moves any more; the state then.

    Args:
        api: of the cluster.
        check: raises where the cluster itself has ended.
    """
    end = time.monotonic() + _PATIENCE
    quiet_since, last = time.monotonic(), None
    while True:
        state = read_state(api)
        if state.signature() != last:
            quiet_since, last = time.monotonic(), state.signature()
        now = time.monotonic()
        # A controller may not have seen its workload yet: also a complete state has to last a moment.
        calm = _QUIET if state.incomplete else _QUIET / 4
        if now - quiet_since >= calm or now >= end:
            return state
        check()
        time.sleep(_EVERY)


def _workloads(api: Api, owned: Mapping[str, Sequence[Manifest]]) -> Iterator[Workload]:
    for kind, plural, version in (
        ("Deployment", "deployments", "apps/v1"),
        ("StatefulSet", "statefulsets", "apps/v1"),
        ("DaemonSet", "daemonsets", "apps/v1"),
        ("Job", "jobs", "batch/v1"),
    ):
        for each in api.items(version, plural):
            metadata = each["metadata"]
            pods = owned.get(metadata["uid"], ())
            yield Workload(
                kind=kind,
                namespace=metadata["namespace"],
                name=metadata["name"],
                wanted=_wanted(kind, each),
                # What a job has done stays done, wherever it was.
                ready=int(each["status"].get("succeeded", 0)) if kind == "Job" else sum(map(_is_ready, pods)),
                pods=pods,
            )


def _wanted(kind: str, workload: Manifest) -> int:
    if kind == "DaemonSet":
        return int(workload["status"].get("desiredNumberScheduled", 0))
    if kind == "Job":
        return int(workload["spec"].get("completions", 1))
    return int(workload["spec"].get("replicas", 1))


def _is_ready(pod: Manifest) -> bool:
    status = pod["status"]
    if status.get("phase") == "Succeeded":
        return True
    return any(each["type"] == "Ready" and each["status"] == "True" for each in status.get("conditions", ()))


def _concerns(event: Manifest, workload: Workload) -> bool:
    about = event["involvedObject"]
    name = about.get("name", "")
    of_replica_set = workload.kind == "Deployment" and about.get("kind") == "ReplicaSet" and name.rpartition("-")[0] == workload.name
    return about.get("namespace") == workload.namespace and (of_replica_set or (about.get("kind"), name) == (workload.kind, workload.name))


def _moment(event: Manifest) -> str:
    return str(event.get("lastTimestamp") or event.get("eventTime") or "")
