"""Properties in the engine's wire format: marks, references and output values are rewritten as the engine does between its parties."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from google.protobuf.struct_pb2 import Struct, Value
from pulumi.runtime import rpc

from policies.deserialize import OUTPUT, RESOURCE, SECRET, SIGNATURE

UNKNOWN_TEXT: Final[str] = rpc.UNKNOWN
"""What stands for an unknown value on the wire, and for the id of a provider that is not created yet."""


def is_known(struct: Struct) -> bool:
    """Whether nothing in the properties is unknown."""
    return not rpc.struct_contains_unknowns(struct)


def mark_secret(fields: Any, key: str) -> None:
    """Mark ``fields[key]`` secret on the wire; unknown where it is missing."""
    held = Value()
    if key in fields:
        held.CopyFrom(fields[key])
    else:
        held.string_value = UNKNOWN_TEXT
    if _signature(held) == SECRET:
        return
    marked = fields[key].struct_value
    marked.Clear()
    marked.fields[SIGNATURE].string_value = SECRET
    marked.fields["value"].CopyFrom(held)


def without_references(struct: Struct) -> Struct:
    """The properties as analyzers get them: the id of a resource in place of a reference to it, the URN of a component."""
    return _replaced(struct, RESOURCE, _identity)


def with_urns(struct: Struct) -> Struct:
    """The properties as people get them: the URN of a resource in place of a reference to it."""
    return _replaced(struct, RESOURCE, lambda fields: Value(string_value=fields["urn"].string_value))


def with_dependencies(struct: Struct, dependencies: Mapping[str, Sequence[str]]) -> Struct:
    """The properties as transforms get them: unknowns, secrets and what depends on resources are output values.

    ``dependencies`` holds the URNs that each property depends on.
    """
    upgraded = Struct()
    for key, value in struct.fields.items():
        _upgrade(value, upgraded.fields[key])
        urns = dependencies.get(key)
        if urns:
            _depend(upgraded.fields[key], urns)
    return upgraded


def with_plain_secrets(struct: Struct) -> Struct:
    """The properties as the engine reads them back: what was added to the mark of a secret, instead of its value, is lost."""
    return _replaced(struct, SECRET, _bare_secret)


def without_outputs(struct: Struct) -> Struct:
    """The properties as the engine keeps them: output values become unknowns, secrets or plain values again."""
    return _replaced(struct, OUTPUT, _downgraded)


def dependencies_in(value: Value) -> set[str]:
    """The URNs that output values in ``value`` depend on."""
    if value.WhichOneof("kind") == "list_value":
        return {urn for below in value.list_value.values for urn in dependencies_in(below)}
    if value.WhichOneof("kind") != "struct_value":
        return set()
    fields = value.struct_value.fields
    found = {urn for key, below in fields.items() if key != "dependencies" for urn in dependencies_in(below)}
    if _signature(value) == OUTPUT:
        return found | {urn.string_value for urn in fields["dependencies"].list_value.values}
    return found


def _signature(value: Value) -> str:
    if value.WhichOneof("kind") != "struct_value" or SIGNATURE not in value.struct_value.fields:
        return ""
    return value.struct_value.fields[SIGNATURE].string_value


def _replaced(struct: Struct, signature: str, replacement: Callable[[Any], Value]) -> Struct:
    """The properties with every value of ``signature`` replaced; most have none, and are not copied."""
    return _rewritten(struct, signature, replacement) if signature.encode() in struct.SerializeToString() else struct


def _rewritten(struct: Struct, signature: str, replacement: Callable[[Any], Value]) -> Struct:
    """A copy in which every value of ``signature`` is replaced, the innermost first."""
    copy = Struct()
    for key, value in struct.fields.items():
        copy.fields[key].CopyFrom(_rewritten_value(value, signature, replacement))
    return copy


def _rewritten_value(value: Value, signature: str, replacement: Callable[[Any], Value]) -> Value:
    kind = value.WhichOneof("kind")
    if kind == "list_value":
        copy = Value()
        copy.list_value.SetInParent()
        copy.list_value.values.extend(_rewritten_value(below, signature, replacement) for below in value.list_value.values)
        return copy
    if kind != "struct_value":
        return value
    copy = Value(struct_value=_rewritten(value.struct_value, signature, replacement))
    return replacement(copy.struct_value.fields) if _signature(copy) == signature else copy


def _identity(fields: Any) -> Value:
    if "id" not in fields:
        return Value(string_value=fields["urn"].string_value)
    return Value(string_value=fields["id"].string_value or UNKNOWN_TEXT)


def _bare_secret(fields: Any) -> Value:
    result = Value()
    result.struct_value.fields["value"].CopyFrom(fields["value"])
    result.struct_value.fields[SIGNATURE].string_value = SECRET
    return result


def _downgraded(fields: Any) -> Value:
    result = Value(struct_value=Struct())
    held = result.struct_value.fields
    held["v"].CopyFrom(fields["value"] if "value" in fields else Value(string_value=UNKNOWN_TEXT))
    if "secret" in fields and fields["secret"].bool_value:
        mark_secret(held, "v")
    return Value.FromString(held["v"].SerializeToString())


def _upgrade(value: Value, target: Value) -> None:
    kind = value.WhichOneof("kind")
    if kind == "string_value" and value.string_value == UNKNOWN_TEXT:
        target.struct_value.fields[SIGNATURE].string_value = OUTPUT
    elif kind == "list_value":
        target.list_value.SetInParent()
        for below in value.list_value.values:
            _upgrade(below, target.list_value.values.add())
    elif kind == "struct_value" and _signature(value) == SECRET:
        _upgrade(value.struct_value.fields["value"], target)
        if _signature(target) != OUTPUT:
            held = Value.FromString(target.SerializeToString())
            target.struct_value.Clear()
            target.struct_value.fields[SIGNATURE].string_value = OUTPUT
            target.struct_value.fields["value"].CopyFrom(held)
        target.struct_value.fields["secret"].bool_value = True
    elif kind == "struct_value":
        target.struct_value.SetInParent()
        for key, below in value.struct_value.fields.items():
            _upgrade(below, target.struct_value.fields[key])
    else:
        target.CopyFrom(value)


def _depend(value: Value, urns: Sequence[str]) -> None:
    if not dependencies_in(value).issuperset(urns):
        if _signature(value) != OUTPUT:
            held = Value.FromString(value.SerializeToString())
            value.struct_value.Clear()
            value.struct_value.fields[SIGNATURE].string_value = OUTPUT
            value.struct_value.fields["value"].CopyFrom(held)
        known = {urn.string_value for urn in value.struct_value.fields["dependencies"].list_value.values}
        named = value.struct_value.fields["dependencies"].list_value
        named.values.extend(Value(string_value=urn) for urn in sorted(set(urns) - known))
