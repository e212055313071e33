"""What is behind what in a run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from offline.engine import RecordedResource, Run


def behind(run: Run, resource: RecordedResource) -> set[str]:
    """The URNs of all that has to be there before ``resource``: what is recorded of it itself, and so on."""
    by_urn = {each.urn: each for each in run.resources}
    found: set[str] = set()
    waiting = [resource.urn]
    while waiting:
        each = by_urn[waiting.pop()]
        before = {*each.dependencies, each.provider.rpartition("::")[0]} - {""} - found
        found |= before
        waiting.extend(before)
    return found


def namespace_of(resource: RecordedResource) -> str | None:
    metadata: dict[str, Any] = resource.inputs.get("metadata", resource.inputs)
    namespace = metadata.get("namespace")
    return namespace if isinstance(namespace, str) else None


def in_cluster(run: Run) -> Iterator[RecordedResource]:
    return (each for each in run.resources if each.type.startswith("kubernetes:"))
