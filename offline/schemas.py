"""Holds objects against the schemas of their kinds.

As strictly as the API server does for ``kubectl apply``: an unknown field is a mistake.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from facts.display import HIDDEN, show
from facts.releases import DEFAULT_KUBERNETES_RELEASE, KUBERNETES_RELEASES
from facts.schemas.table import schemas_of
from facts.spelling import nearest
from offline.manifests import is_object, manifest_of
from offline.recording import RecordedResource
from policies.values import UNKNOWN, Secret

_CLUSTER: Final = "plinth:cluster"
_OPEN: Final = "x-kubernetes-preserve-unknown-fields"
_EITHER: Final = "x-kubernetes-int-or-string"
_NUMBERS: Final = (int, float)
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "number": _NUMBERS,
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
_NAMES: Final = {
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}
_QUANTITY: Final = "io.k8s.apimachinery.pkg.api.resource.Quantity"
_INT_OR_STRING: Final = "int-or-string"

Schema = Mapping[str, Any]
Resolve = Callable[[Schema], Schema]


def release_of(config: Mapping[str, str]) -> str:
    """The Kubernetes release of a stack by its configuration; the default one where it names none that is supported."""
    try:
        cluster = json.loads(config.get(_CLUSTER) or "{}")
    except ValueError:
        # What a program may do with it is its own affair.
        cluster = None
    written = cluster.get("version") if isinstance(cluster, Mapping) else None
    return written if written in KUBERNETES_RELEASES else DEFAULT_KUBERNETES_RELEASE


def refused_fields(resource: RecordedResource, release: str) -> Iterator[str]:
    """What of a built-in object the API server of ``release`` refuses to read; other kinds are left to their definitions."""
    schemas = schemas_of(release)
    schema = schemas.of(resource.type)
    if schema is not None and is_object(resource):
        for problem in find_misfits(schema, manifest_of(resource), resolve=schemas.resolve):
            yield f"{resource.type} {resource.name}: {problem} (Kubernetes {release})"


def find_misfits(schema: Schema, content: Any, path: str = "", *, resolve: Resolve = lambda schema: schema) -> Iterator[str]:
    """Where ``content`` has fields that its schema does not, lacks one that is required, or has a value of another type.

    Args:
        schema: OpenAPI as Kubernetes writes it; an object without fields takes none unless it says that it keeps unknown ones.
        content: a manifest or a part of it; what is unknown fits everywhere.
        path: where ``content`` is.
        resolve: turns a reference into what it refers to.
    """
    plain = content.value if isinstance(content, Secret) else content
    if plain is UNKNOWN or plain is None:
        return
    whole = resolve(schema)
    shown = HIDDEN if isinstance(content, Secret) else show(plain)
    if not _has_type(schema, whole, plain):
        yield f"{path} = {shown}; allowed is {_NAMES.get(whole.get('type', ''), 'a number or a string')}"
    elif "enum" in whole and plain not in whole["enum"]:
        yield f"{path} = {shown}; allowed are {', '.join(map(str, whole['enum']))}"
    elif isinstance(plain, dict):
        yield from _misfits_of_object(whole, plain, path, resolve)
    elif isinstance(plain, list):
        for index, element in enumerate(plain):
            yield from find_misfits(whole.get("items", {}), element, f"{path}[{index}]", resolve=resolve)


def _misfits_of_object(schema: Schema, content: Mapping[str, Any], path: str, resolve: Resolve) -> Iterator[str]:
    fields: Schema = schema.get("properties", {})
    for key, below in content.items():
        place = f"{path}.{key}" if path else key
        if key in fields:
            yield from find_misfits(fields[key], below, place, resolve=resolve)
        elif isinstance(schema.get("additionalProperties"), Mapping):
            yield from find_misfits(schema["additionalProperties"], below, place, resolve=resolve)
        elif "type" in schema and not schema.get(_OPEN) and not schema.get("additionalProperties"):
            meant = nearest(key, sorted(fields))
            yield f"{place} is not a field there" + (f" (did you mean {meant!r}?)" if meant else "")
    for key in schema.get("required", ()):
        if content.get(key) is None:
            yield f"{f'{path}.{key}' if path else key} is missing; it is required"


def _has_type(schema: Schema, whole: Schema, value: Any) -> bool:
    wanted = whole.get("type")
    if _accepts_either(schema, whole):
        return isinstance(value, (str, *_NUMBERS)) and not isinstance(value, bool)
    if wanted is None:
        return True
    # True is an int to Python.
    return isinstance(value, _TYPES[wanted]) and (wanted == "boolean" or not isinstance(value, bool))


def _accepts_either(schema: Schema, whole: Schema) -> bool:
    """Whether numbers and texts are both right; a quantity is read from both, though its schema says text."""
    return bool(whole.get(_EITHER)) or whole.get("format") == _INT_OR_STRING or schema.get("$ref") == _QUANTITY
