"""Renews the schemas of a release: ``python -m facts.schemas.extract SWAGGER RELEASE``.

SWAGGER is ``api/openapi-spec/swagger.json`` of the Kubernetes repository at a tag of the release,
which the Go module ``k8s.io/kubernetes`` holds too; RELEASE is such as ``1.36``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from facts.schemas.table import file_of

KINDS: Final = (
    *("core/v1:ConfigMap", "core/v1:Endpoints", "core/v1:LimitRange", "core/v1:Namespace", "core/v1:Node", "core/v1:PersistentVolume"),
    *("core/v1:PersistentVolumeClaim", "core/v1:Pod", "core/v1:ResourceQuota", "core/v1:Secret", "core/v1:Service"),
    *("core/v1:ServiceAccount", "apps/v1:DaemonSet", "apps/v1:Deployment", "apps/v1:StatefulSet", "batch/v1:CronJob", "batch/v1:Job"),
    *("autoscaling/v2:HorizontalPodAutoscaler", "policy/v1:PodDisruptionBudget", "networking.k8s.io/v1:Ingress"),
    *("networking.k8s.io/v1:IngressClass", "networking.k8s.io/v1:NetworkPolicy", "rbac.authorization.k8s.io/v1:ClusterRole"),
    *("rbac.authorization.k8s.io/v1:ClusterRoleBinding", "rbac.authorization.k8s.io/v1:Role", "rbac.authorization.k8s.io/v1:RoleBinding"),
    *("scheduling.k8s.io/v1:PriorityClass", "storage.k8s.io/v1:CSIDriver", "storage.k8s.io/v1:StorageClass", "node.k8s.io/v1:RuntimeClass"),
    *("admissionregistration.k8s.io/v1:MutatingWebhookConfiguration", "admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy"),
    *("admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding", "admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration"),
    *("apiextensions.k8s.io/v1:CustomResourceDefinition", "apiregistration.k8s.io/v1:APIService"),
)
"""What programs and charts declare, by the tokens of Pulumi's SDK."""

_KEPT: Final = frozenset({"$ref", "type", "format", "properties", "required", "items", "additionalProperties", "enum"})
_OPEN: Final = "x-kubernetes-preserve-unknown-fields"
_GROUP_VERSION_KIND: Final = "x-kubernetes-group-version-kind"
_POINTER: Final = "#/definitions/"


def extract(definitions: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """``{kinds, definitions}`` of a release: :data:`KINDS` and what they refer to.

    Args:
        definitions: the ``definitions`` of its ``swagger.json``.
    """
    names = {_token(each): name for name, schema in definitions.items() for each in schema.get(_GROUP_VERSION_KIND, ())}
    kinds = {token: names[token] for token in KINDS}
    found: dict[str, Any] = {}
    waiting = list(kinds.values())
    while waiting:
        name = waiting.pop()
        if name not in found:
            schema = definitions[name]
            if name in kinds.values() and "status" in schema["properties"]:
                # The cluster's to write; a program's is ignored.
                schema = {**schema, "properties": {**schema["properties"], "status": {"type": "object"}}}
            found[name] = _reduce(schema)
            waiting += _references(found[name])
    return {"kinds": kinds, "definitions": dict(sorted(found.items()))}


def render(extracted: Mapping[str, Any]) -> str:
    """The content of a file: a definition a line, so that a change can be read."""
    sections = (
        f"{json.dumps(section)}: {{\n" + ",\n".join(f"{json.dumps(key)}: {_compact(value)}" for key, value in content.items()) + "\n}"
        for section, content in extracted.items()
    )
    return "{\n" + ",\n".join(sections) + "\n}\n"


def _token(kind: Mapping[str, str]) -> str:
    return f"{kind['group'] or 'core'}/{kind['version']}:{kind['kind']}"


def _reduce(schema: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {key: value for key, value in schema.items() if key in _KEPT}
    if "$ref" in kept:
        kept["$ref"] = kept["$ref"].removeprefix(_POINTER)
    if "properties" in kept:
        kept["properties"] = {name: _reduce(below) for name, below in kept["properties"].items()}
    for key in ("items", "additionalProperties"):
        if key in kept:
            kept[key] = _reduce(kept[key])
    if kept.get("type") == "object" and kept.keys().isdisjoint({"properties", "additionalProperties"}):
        # The document says nothing of what is in there; a definition of custom resources would say it so.
        kept[_OPEN] = True
    return kept


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, Mapping):
        for key, below in schema.items():
            if key == "$ref" and isinstance(below, str):
                yield below
            else:
                yield from _references(below)


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


if __name__ == "__main__":
    swagger, release = sys.argv[1:]
    content = json.loads(Path(swagger).read_text(encoding="utf-8"))
    file_of(release).write_text(render(extract(content["definitions"])), encoding="utf-8")
