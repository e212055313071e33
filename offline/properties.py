"""Properties as plain Python, read from the wire format; unknowns and secrets keep their mark."""

from __future__ import annotations

from typing import Any, Final

from google.protobuf.struct_pb2 import Struct, Value

from offline.wire import with_urns
from policies.deserialize import deserialize
from policies.values import UNKNOWN, Secret

_EXACT: Final = 2**53


def plain_struct(struct: Struct) -> dict[str, Any]:
    """The properties as dict, list, str, int, float, bool, None, :data:`UNKNOWN` and :class:`Secret`.

    Whole numbers are ints, as far as a float holds them exactly; references to resources are URNs, as the CLI shows them.
    """
    return {key: _whole(value) for key, value in deserialize(with_urns(struct)).items()}


def plain_value(value: Value) -> Any:
    """One value, as in :func:`plain_struct`."""
    return plain_struct(Struct(fields={"value": value}))["value"]


def _whole(value: Any) -> Any:
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) <= _EXACT else value
    if isinstance(value, dict):
        return {key: _whole(below) for key, below in value.items()}
    if isinstance(value, list):
        return [_whole(below) for below in value]
    return Secret(_whole(value.value)) if isinstance(value, Secret) else value


def revealed(value: Any) -> Any:
    """``value`` without its secret marks, for a provider function: what it answers never reaches an output unmarked."""
    if isinstance(value, Secret):
        return revealed(value.value)
    if isinstance(value, dict):
        return {key: revealed(below) for key, below in value.items()}
    return [revealed(below) for below in value] if isinstance(value, list) else value


def mask(value: Any) -> Any:
    """``value`` for people and machines to read: ``{"$unknown": true}`` for what is unknown, ``{"$secret": true}`` for what is secret.

    Keys are sorted, as the wire format has no order, and null is left out of mappings, as the CLI does.
    """
    if value is UNKNOWN:
        return {"$unknown": True}
    if isinstance(value, Secret):
        return {"$secret": True}
    if isinstance(value, dict):
        return {key: mask(value[key]) for key in sorted(value) if value[key] is not None}
    return [mask(below) for below in value] if isinstance(value, list) else value
