"""What a rule is and what it is handed: plain data that the pack's engine reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel

from facts.tiers import Tier
from policies.findings import Findings
from policies.values import Trace, Value

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class Stack:
    """What the pack knows of the stack that it judges."""

    name: str
    project: str
    tier: Tier
    config: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[type[BaseModel], BaseModel] = field(default_factory=dict)
    """The settings of rules that somebody gave, by their model."""

    @property
    def is_production(self) -> bool:
        """Whether the stack counts as production."""
        return self.tier is Tier.PRODUCTION

    def settings_of(self, model: type[M]) -> M:
        """The settings of a rule that takes ``model``: those that somebody gave, else the defaults."""
        given = self.settings.get(model)
        return given if isinstance(given, model) else model()


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options of a resource that rules ask for."""

    protect: bool = False
    parent: str = ""


@dataclass(frozen=True, kw_only=True)
class Provider:
    """The provider of a resource; of its inputs, objects and lists come as JSON."""

    urn: str
    type: str
    properties: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource as the engine shows it. ``type`` has no API version in azure-native tokens: those count as the same type."""

    urn: str
    type: str
    name: str
    properties: Mapping[str, Any]
    options: Options = field(default_factory=Options)
    dependencies: Sequence[str] = ()
    provider: Provider | None = None
    trace: Trace = field(default_factory=Trace)

    def __post_init__(self) -> None:
        self.trace.urn = self.urn

    def __getitem__(self, key: str) -> Value:
        """The input ``key``; a first step on a path."""
        return self.inputs[key]

    def at(self, dotted: str) -> Value:
        """The input at ``a.b.c``."""
        return self.inputs.at(dotted)

    @property
    def inputs(self) -> Value:
        """All inputs, as the root of every path."""
        return Value(self.properties, "", self.trace)


Check = Callable[[Resource, Stack], Findings]
StackCheck = Callable[[Sequence[Resource], Stack], Findings]


@dataclass(frozen=True, kw_only=True)
class ResourceRule:
    """A rule about one resource of any of ``types``; it may enforce several requirements, which it then all names.

    ``name`` is the policy's name: a readable slug, unique in the pack. ``check`` is a plain
    function: no engine, no server. ``settings`` is the model of what its user may set.
    """

    name: str
    requirements: tuple[str, ...]
    types: tuple[str, ...]
    check: Check
    settings: type[BaseModel] | None = None


@dataclass(frozen=True, kw_only=True)
class StackRule:
    """A rule about the whole stack, run once at the end. ``types`` are those that ``check`` is handed, in the order of registration.

    Unknown values that the check touches are reported per resource.
    """

    name: str
    requirements: tuple[str, ...]
    types: tuple[str, ...]
    check: StackCheck
    settings: type[BaseModel] | None = None


Rule = ResourceRule | StackRule


def rule(*requirements: str, on: str | tuple[str, ...]) -> Callable[[Check], ResourceRule]:
    """Make a function that judges one resource a rule; its name becomes the slug: ``stream_is_on_disk``, ``stream-is-on-disk``."""

    def declare(check: Check) -> ResourceRule:
        return ResourceRule(name=_slug(check), requirements=requirements, types=_types(on), check=check)

    return declare


def stack_rule(*requirements: str, on: str | tuple[str, ...], settings: type[BaseModel] | None = None) -> Callable[[StackCheck], StackRule]:
    """Make a function that judges all resources of some types together a rule; ``settings`` is the model of what its user may set."""

    def declare(check: StackCheck) -> StackRule:
        return StackRule(name=_slug(check), requirements=requirements, types=_types(on), check=check, settings=settings)

    return declare


def _slug(check: Callable[..., Any]) -> str:
    return check.__name__.replace("_", "-")


def _types(on: str | tuple[str, ...]) -> tuple[str, ...]:
    return (on,) if isinstance(on, str) else on
