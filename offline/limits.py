"""Holds the inputs of a resource against the published limits of its kind: what fails in the cloud fails here, all of it at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from google.protobuf.struct_pb2 import Value

from facts.display import show
from facts.limits.limit import PhysicalName
from facts.limits.table import limits_of, physical_name_of
from offline.properties import plain_value
from offline.recording import RecordedResource
from policies.deserialize import SIGNATURE
from policies.values import UNKNOWN, Secret

_EACH: Final = "*"
_KEYS: Final = "<keys>"
_GENERATED: Final = "generateName"
_LONGEST: Final = 60
Place = tuple[str, Any]
"""A dotted path and the value there."""


def exceeded_limits(resource: RecordedResource) -> Iterator[str]:
    """What of a resource its cloud or Kubernetes would refuse: where, what is given and what is allowed."""
    subject = f"{resource.type} {resource.name}"
    for path, limit in limits_of(resource.type).items():
        for where, value in _given(resource, path.split(".")):
            if not limit.admits(value):
                length = f" ({len(value)} characters)" if isinstance(value, str) and len(value) > _LONGEST else ""
                yield f"{subject}: {where} = {show(value)}{length}; allowed is {limit.allowed} ({limit.source})"
    name = physical_name_of(resource.type)
    made = name and _made_name(resource, name)
    if name and made and not (limit := limits_of(resource.type)[name.path]).admits(made):
        yield (
            f"{subject}: {name.path} is not given, and the provider adds {name.added} characters to the resource's own name, which makes"
            f" {len(made)}; allowed is {limit.allowed} ({limit.source})"
        )


def _given(resource: RecordedResource, steps: Sequence[str]) -> Iterator[Place]:
    first, *rest = steps
    if first in resource.properties.fields:
        yield from _below(first, resource.properties.fields[first], rest)


def _below(where: str, value: Value, steps: Sequence[str]) -> Iterator[Place]:
    """The values at ``steps`` below a value on the wire; what is unknown or secret is passed over."""
    if not steps:
        plain = plain_value(value)
        if plain is not UNKNOWN and not isinstance(plain, Secret):
            yield where, plain
        return
    step, *rest = steps
    fields = value.struct_value.fields
    if SIGNATURE in fields:
        return
    if step == _KEYS:
        yield from ((f"a key of {where}", key) for key in fields)
    elif step == _EACH:
        for index, each in enumerate(value.list_value.values):
            yield from _below(f"{where}[{index}]", each, rest)
        for key in fields:
            yield from _below(f"{where}.{key}", fields[key], rest)
    elif step in fields:
        yield from _below(f"{where}.{step}", fields[step], rest)


def _made_name(resource: RecordedResource, name: PhysicalName) -> str | None:
    """The name that the provider makes; None where one is given, begun by a prefix, unknown, or where the resource exists already."""
    top, *steps = name.path.split(".")
    given = resource.properties.fields
    if f"{top}Prefix" in given or resource.read or "import" in resource.options:
        return None
    value = given.get(top)
    for step in steps:
        # An unknown mapping may hold one.
        if value is not None and (value.HasField("string_value") or _GENERATED in value.struct_value.fields):
            return None
        value = value.struct_value.fields.get(step) if value is not None else None
    return None if value is not None else f"{resource.name}-{'0' * (name.added - 1)}"
