"""Kubernetes objects as the API gets them from Pulumi's provider."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from offline.recording import RecordedResource
from policies.values import UNKNOWN, Secret

KUBERNETES: Final = "kubernetes:"
RELEASE: Final = "kubernetes:helm.sh/v3:Release"
# Nothing that the API knows: charts and folders of files that the provider renders.
_RENDERED: Final = ("kubernetes:helm.sh/", "kubernetes:yaml", "kubernetes:kustomize")
_EXTENSION: Final = re.compile(r"x_kubernetes_\w+")
_REFERENCES: Final = {"_ref": "$ref", "_schema": "$schema"}


def is_object(resource: RecordedResource) -> bool:
    """Whether a resource is one object of the Kubernetes API that the program declares."""
    token = resource.type
    return resource.custom and not resource.read and token.startswith(KUBERNETES) and not token.startswith(_RENDERED)


def manifest_of(resource: RecordedResource) -> dict[str, Any]:
    """The object, in the words of the API; unknowns and secrets keep their mark, what is null is left out."""
    api = _in_words_of_api(resource.inputs) if resource.type.endswith(":CustomResourceDefinition") else _without_nulls(resource.inputs)
    group_version, _, kind = resource.type.removeprefix(KUBERNETES).rpartition(":")
    return {"apiVersion": group_version.removeprefix("core/"), "kind": kind, **api}


def _without_nulls(value: Any) -> Any:
    if isinstance(value, Secret):
        return Secret(_without_nulls(value.value))
    if isinstance(value, Mapping):
        return {key: _without_nulls(below) for key, below in value.items() if below is not None}
    return [_without_nulls(below) for below in value] if isinstance(value, list) else value


def _in_words_of_api(value: Any) -> Any:
    """The SDK writes the extensions of a schema with underscores, since its names have to be Python's."""
    if isinstance(value, Mapping):
        return {_api_key(key): _in_words_of_api(below) for key, below in value.items() if below is not None}
    return [_in_words_of_api(below) for below in value] if isinstance(value, list) else value


def _api_key(key: str) -> str:
    return key.replace("_", "-") if _EXTENSION.fullmatch(key) else _REFERENCES.get(key, key)


def is_undecided(value: Any) -> bool:
    """Whether a part of a manifest is unknown until the update."""
    if isinstance(value, Secret):
        return is_undecided(value.value)
    if isinstance(value, Mapping):
        return any(map(is_undecided, value.values()))
    return any(map(is_undecided, value)) if isinstance(value, list) else value is UNKNOWN
