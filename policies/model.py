"""What a rule is and what it says: plain data that the pack's engine reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from facts.tiers import Tier
from policies.values import Trace, Value


class Level(StrEnum):
    """How a violation counts: a mandatory one stops the update."""

    ADVISORY = "advisory"
    MANDATORY = "mandatory"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the pack knows of the stack that it judges."""

    stack: str
    project: str
    tier: Tier
    config: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The configuration of the pack itself: by rule name, the properties that its user set."""

    @property
    def is_production(self) -> bool:
        """Whether the stack counts as production."""
        return self.tier is Tier.PRODUCTION


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options of a resource that rules ask for."""

    protect: bool = False
    parent: str = ""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource as the engine shows it. ``type`` has no API version in azure-native tokens: those count as the same type."""

    urn: str
    type: str
    name: str
    properties: Mapping[str, Any]
    options: Options = field(default_factory=Options)
    dependencies: Sequence[str] = ()
    trace: Trace = field(default_factory=Trace)

    def __getitem__(self, key: str) -> Value:
        """The input ``key``; a first step on a path."""
        return self.inputs[key]

    @property
    def inputs(self) -> Value:
        """All inputs, as the root of every path."""
        return Value(self.properties, "", self.trace)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that a rule holds against a resource.

    ``problem`` says what is wrong and why it matters, ``cure`` what to write instead; ``where`` is the dotted path and value
    (``spec.replicas = 1``) that :func:`violation` fills in. ``level`` lowers the rule's level for this finding (where the requirement
    calls a part of it advisory); ``urn`` names the resource where a stack rule found it.
    """

    problem: str
    cure: str
    where: str = ""
    level: Level | None = None
    urn: str | None = None


def violation(place: Value, problem: str, cure: str, *, level: Level | None = None, urn: str | None = None) -> Finding:
    """A finding about the value at ``place``; a stack rule names the ``urn`` of the resource that holds it."""
    return Finding(problem=problem, cure=cure, where=f"{place.path} = {place.shown}", level=level, urn=urn)


@dataclass(frozen=True, kw_only=True)
class ResourceRule:
    """A rule about one resource of any of ``types``; it may enforce several requirements, which it then all names.

    ``name`` is the policy's name: a readable slug, unique in the pack. ``check`` is a plain function: no engine, no server.
    """

    name: str
    requirements: tuple[str, ...]
    types: tuple[str, ...]
    check: Callable[[Resource, Facts], Iterable[Finding]]


@dataclass(frozen=True, kw_only=True)
class StackRule:
    """A rule about the whole stack, run once at the end. ``types`` are those that ``check`` is handed, in the order of registration.

    Each finding names the ``urn`` of the resource that it is about. Unknown values that the check touches are reported per resource.
    """

    name: str
    requirements: tuple[str, ...]
    types: tuple[str, ...]
    check: Callable[[Sequence[Resource], Facts], Iterable[Finding]]


Rule = ResourceRule | StackRule
