"""Kubernetes namespaces as rules see them: which one a resource lives in, and those of the platform itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from policies.model import Resource
from policies.urns import type_of
from policies.values import Secret

NAMESPACE_TYPE: Final = "kubernetes:core/v1:Namespace"

PLATFORM_NAMESPACES: Final[Mapping[str, str]] = {
    "kube-system": "the cluster's own agents (CNI, CSI, kube-proxy) use host namespaces",
    "kube-public": "owned by the cluster itself",
    "kube-node-lease": "owned by the cluster itself",
    "velero": "the node agent reads the volumes of other pods through the host",
    "falco": "watches system calls of the host",
    "monitoring": "agents that read metrics and logs of the host",
    "node-agents": "exporters and log collectors that read the host",
}
"""Namespaces that POD-001 and POD-002 leave alone, each with the reason."""


def declared_namespace(resource: Resource) -> str | None:
    """The namespace that a Kubernetes object or a Helm release names: ``default`` where it names none, None where it is unknown."""
    metadata = _plain(resource.properties.get("metadata"))
    holder = resource.properties if metadata is None else metadata
    namespace = _plain(holder.get("namespace", "default")) if isinstance(holder, Mapping) else None
    return namespace if isinstance(namespace, str) else None


def in_platform_namespace(resource: Resource) -> bool:
    """Whether a resource lives in one of :data:`PLATFORM_NAMESPACES`.

    A namespace that is unknown at preview is the one that the resource depends on; where that says nothing, it is an application's.
    """
    name = declared_namespace(resource)
    names = {name} if name is not None else {logical_name(urn) for urn in resource.dependencies if is_namespace(urn)}
    return bool(names) and names <= PLATFORM_NAMESPACES.keys()


def is_namespace(urn: str) -> bool:
    """Whether a URN is that of a Kubernetes namespace."""
    return type_of(urn) == NAMESPACE_TYPE


def logical_name(urn: str) -> str:
    """The logical name that a URN ends with."""
    return urn.rpartition("::")[2]


def _plain(content: Any) -> Any:
    return content.value if isinstance(content, Secret) else content
