"""Kubernetes namespaces as rules see them: which one a resource lives in, and those of the platform itself."""

from __future__ import annotations

from typing import Any, Final

from facts.namespaces import PRIVILEGED
from policies.model import Resource
from policies.urns import type_of
from policies.values import Secret

_LATER: Final = "a namespace that is unknown is told by the dependency on it, or taken to be the same"
NAMESPACE_TYPE: Final = "kubernetes:core/v1:Namespace"


def declared_namespace(resource: Resource) -> str | None:
    """The namespace that a Kubernetes object or a Helm release names: ``default`` where it names none, None where it is unknown."""
    held = resource.at("metadata.namespace") if resource["metadata"].peek(_LATER) is not None else resource["namespace"]
    namespace = held.peek(_LATER)
    return "default" if namespace is None else namespace if isinstance(namespace, str) else None


def in_platform_namespace(resource: Resource) -> bool:
    """Whether a resource lives in one of :data:`facts.namespaces.PRIVILEGED`.

    A namespace that is unknown at preview is the one that the resource depends on; where that says nothing, it is an application's.
    """
    name = declared_namespace(resource)
    names = {name} if name is not None else {logical_name(urn) for urn in resource.dependencies if is_namespace(urn)}
    return bool(names) and names <= PRIVILEGED.keys()


def is_namespace(urn: str) -> bool:
    """Whether a URN is that of a Kubernetes namespace."""
    return type_of(urn) == NAMESPACE_TYPE


def logical_name(urn: str) -> str:
    """The logical name that a URN ends with."""
    return urn.rpartition("::")[2]


def _plain(content: Any) -> Any:
    return content.value if isinstance(content, Secret) else content
