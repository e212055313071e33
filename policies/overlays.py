"""What is laid over pods that others define, a chart's values or a patch, as something to search through, whatever its shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from facts.namespaces import PRIVILEGED
from policies import cloudnative_pg
from policies.helm import RELEASE_TYPES, chart_values
from policies.model import Resource
from policies.search import child, where_on
from policies.values import Value
from policies.workloads import PATCH_TYPES, PROBES

OVERLAY_TYPES: Final = (*RELEASE_TYPES, *PATCH_TYPES, cloudnative_pg.CLUSTER, cloudnative_pg.POOLER)
"""Types whose inputs change pods that are defined elsewhere."""

Where = Callable[[Value], Value | None]
"""Says of a part of the values whether it counts: the part, perhaps on a condition, or None."""


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


def entries(values: Value, where: Where | None = None, *, key: str = "") -> Iterator[Entry]:
    """Every value below ``values``, depth first, in order, without the parts that ``where`` leaves out.

    ``key`` is that under which ``values`` stands. A security context or a probe is never left out: switching it off makes its pod
    worse. Where ``values`` is unknown as a whole, that is noted: nobody can tell what is in it. Single values below are the caller's
    to ask.
    """
    if not values.is_unknown:
        yield from _below(values, where, key)


def _below(values: Value, where: Where | None, key: str) -> Iterator[Entry]:
    for step, part in values.children():
        own_key = step if isinstance(step, str) else key
        value = part if where is None or own_key in PROBES or is_security_context(own_key) else where(part)
        if value is not None:
            yield Entry(key=own_key, value=value, holder=values, around=key)
            yield from _below(value, where, own_key)


def where_judged(part: Value) -> Value | None:
    """A part that shapes pods which POD-001 and POD-002 judge: one that is switched on and does not live in a platform namespace."""
    place, namespace = where_on(part), child(part, "namespaceOverride")
    if place is None or namespace is None:
        return place
    name = namespace.peek("what stands beside it counts only once it is known")
    return None if isinstance(name, str) and name in PRIVILEGED else place.provided(namespace)


def is_security_context(key: str) -> bool:
    """Whether a chart calls a pod's or container's security context so: ``securityContext``, ``podSecurityContext``, …."""
    return key.lower().endswith("securitycontext")
