"""A cluster in memory that answers a rehearsal's calls, for what needs no real one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rehearsal.api import Answer, Api, Endpoint
from rehearsal.nodes import ZONE

Manifest = dict[str, Any]


class MemoryApi(Api):
    """Objects by kind; ``refuse`` may answer a call in the place of the server."""

    def __init__(self, refuse: Callable[[str, str, Any], Answer | None] = lambda *_: None, **objects: Sequence[Manifest]) -> None:
        super().__init__(0, "", Path())
        self.objects = {kind: list(found) for kind, found in objects.items()}
        self.calls: list[tuple[str, str]] = []
        self.kinds = {("v1", "Service"): "services", ("v1", "Namespace"): "namespaces"}
        self._refuse = refuse

    def call(self, method: str, path: str, body: Any = None, **_: str) -> Answer:
        self.calls.append((method, path))
        return self._refuse(method, path, body) or Answer(status=200, body=body or {})

    def endpoint(self, api_version: str, kind: str) -> Endpoint | None:
        plural = self.kinds.get((api_version, kind))
        return Endpoint("/api/v1", plural, kind != "Namespace") if plural else None

    def items(self, api_version: str, plural: str) -> Sequence[Mapping[str, Any]]:  # noqa: ARG002 # the API's
        return self.objects.get(plural, [])


def node(name: str, zone: str) -> Manifest:
    return {"metadata": {"name": name, "labels": {ZONE: zone}}}


def controller(name: str, replicas: int, **status: Any) -> Manifest:
    return {"metadata": {"name": name, "namespace": "shop", "uid": f"uid-{name}"}, "spec": {"replicas": replicas}, "status": status}


def pod(name: str, owner: str, *, node_name: str | None = None, unscheduled: str | None = None) -> Manifest:
    """A pod that is ready where it has a node; ``unscheduled`` is what the scheduler says."""
    conditions = [{"type": "Ready", "status": "True" if node_name else "False"}]
    if unscheduled:
        conditions.append({"type": "PodScheduled", "status": "False", "message": unscheduled})
    return {
        "metadata": {"name": name, "namespace": "shop", "uid": f"uid-{name}", "ownerReferences": [{"uid": f"uid-{owner}"}]},
        "spec": {"nodeName": node_name} if node_name else {},
        "status": {"phase": "Running" if node_name else "Pending", "conditions": conditions},
    }
