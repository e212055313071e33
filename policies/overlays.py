"""What is laid over pods that others define, a chart's values or a patch, as something to search through, whatever its shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from facts.namespaces import PRIVILEGED
from policies.helm import RELEASE_TYPES, chart_values
from policies.model import Resource
from policies.search import is_switched_off
from policies.values import Value
from policies.workloads import PATCH_TYPES

OVERLAY_TYPES: Final = (*RELEASE_TYPES, *PATCH_TYPES)
"""Types whose inputs change pods that are defined elsewhere."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One value somewhere in an overlay: its key (that of its list, for an element), what holds it, and the key of that."""

    key: str
    value: Value
    holder: Value
    around: str


def overlay(resource: Resource) -> Value:
    """What a resource of :data:`OVERLAY_TYPES` lays over pods."""
    return chart_values(resource) if resource.type in RELEASE_TYPES else resource.inputs


def entries(values: Value, leave_out: Callable[[Value], bool] | None = None, *, key: str = "") -> Iterator[Entry]:
    """Every value below ``values``, depth first, in order, without the parts that ``leave_out`` takes.

    ``key`` is that under which ``values`` stands. A security context is never left out: switching it off makes its pod worse. Where
    ``values`` is unknown as a whole, that is noted: nobody can tell what is in it. Single values below are the caller's to ask.
    """
    if not values.is_unknown:
        yield from _below(values, leave_out, key)


def _below(values: Value, leave_out: Callable[[Value], bool] | None, key: str) -> Iterator[Entry]:
    for step, value in values.below():
        own_key = step if isinstance(step, str) else key
        if leave_out is None or is_security_context(own_key) or not leave_out(value):
            yield Entry(key=own_key, value=value, holder=values, around=key)
            yield from _below(value, leave_out, own_key)


def is_left_alone(part: Value) -> bool:
    """Whether a part shapes no pods that POD-001 and POD-002 judge: it is switched off or lives in a platform namespace."""
    return is_switched_off(part) or any(key == "namespaceOverride" and value.known in PRIVILEGED for key, value in part.below())


def is_security_context(key: str) -> bool:
    """Whether a chart calls a pod's or container's security context so: ``securityContext``, ``podSecurityContext``, …."""
    return key.lower().endswith("securitycontext")
