"""Cases of rules as data: what a rule refuses, accepts and leaves undecided, as changes of good resources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from facts.tiers import Tier
from policies.findings import Finding, Level
from policies.model import Options, Resource, ResourceRule, Rule, Stack
from policies.registry import RULES
from policies.values import UNKNOWN, Secret, Trace

Changes = Mapping[str, Any]
"""New values by path, in the notation of messages: ``spec.containers[0].image``, ``labels["a/b"]``; None removes."""

_STEP = re.compile(r'\["(?P<quoted>[^"]+)"\]|\[(?P<index>\d+)\]|\.?(?P<key>[^.\[]+)')


@dataclass(frozen=True, kw_only=True)
class Case:
    """One thing that a rule must say; the first resource is what it is about. ``at`` are the paths that it must name.

    ``others`` are the rules of the domain that cannot but speak of it as well.
    """

    kind: str
    resources: tuple[Resource, ...]
    changes: Changes
    at: tuple[str, ...]
    tier: Tier
    level: Level | None
    others: tuple[Rule, ...] = ()
    config: Mapping[str, str] = field(default_factory=dict)
    rule: Rule | None = None

    def __str__(self) -> str:
        changes = ", ".join(f"{path}={value!r}" for path, value in self.changes.items())
        return f"{self.rule.name if self.rule else ''} {self.kind} {self.resources[0].type.rpartition(':')[2]} {changes}"


def good(token: str, properties: Mapping[str, Any], name: str = "it", *, after: Sequence[str] = (), protect: bool = False) -> Resource:
    """A resource with nothing wrong; ``after`` are the URNs that it depends on."""
    return Resource(
        urn=urn_of(token, name), type=token, name=name, properties=properties, options=Options(protect=protect), dependencies=after
    )


def urn_of(token: str, name: str = "it") -> str:
    return f"urn:pulumi:production::plinth::{token}::{name}"


def changed(resource: Resource, changes: Changes) -> Resource:
    """A copy with other values at some paths."""
    properties: Any = resource.properties
    for path, value in changes.items():
        properties = _changed(properties, steps_of(path), value)
    return replace(resource, properties=properties, trace=Trace())


def steps_of(path: str) -> list[str | int]:
    return [int(step["index"]) if step["index"] else step["quoted"] or step["key"] for step in _STEP.finditer(path)]


def _changed(content: Any, steps: Sequence[str | int], value: Any) -> Any:
    if not steps:
        return value
    if isinstance(content, Secret):
        return Secret(_changed(content.value, steps, value))
    step, *rest = steps
    if isinstance(step, int):
        elements = [*(content or [])]
        new = _changed(elements[step] if step < len(elements) else None, rest, value)
        return [*elements[:step], new, *elements[step + 1 :]]
    if not rest and value is None:
        return {key: below for key, below in content.items() if key != step}
    return {**(content or {}), step: _changed((content or {}).get(step), rest, value)}


def refuses(
    resource: Resource,
    changes: Changes | None = None,
    *,
    beside: Sequence[Resource] = (),
    at: str | Sequence[str] | None = None,
    tier: Tier = Tier.PRODUCTION,
    level: Level | None = None,
    others: Sequence[Rule] = (),
) -> Case:
    """The changed resource is the one violation, at the path that was changed unless ``at`` names another."""
    changes = changes or {}
    case = _case("refuses", resource, changes, beside, _paths(at, list(changes)[-1:]), tier, level)
    return replace(case, others=tuple(others))


def accepts(
    resource: Resource,
    changes: Changes | None = None,
    *,
    beside: Sequence[Resource] = (),
    tier: Tier = Tier.PRODUCTION,
    others: Sequence[Rule] = (),
) -> Case:
    """No rule of the domain but ``others`` has anything to say, and this one has met nothing unknown that counts."""
    return replace(_case("accepts", resource, changes or {}, beside, (), tier, None), others=tuple(others))


def undecided(
    resource: Resource,
    path: str,
    changes: Changes | None = None,
    *,
    beside: Sequence[Resource] = (),
    at: str | Sequence[str] | None = None,
    tier: Tier = Tier.PRODUCTION,
) -> Case:
    """With the value at ``path`` unknown the rule is silent and undecided there, or at the paths ``at``."""
    return _case("undecided", resource, {**(changes or {}), path: UNKNOWN}, beside, _paths(at, [path]), tier, None)


def _case(
    kind: str, resource: Resource, changes: Changes, beside: Sequence[Resource], at: Sequence[str], tier: Tier, level: Level | None
) -> Case:
    resources = (changed(resource, changes), *beside)
    return Case(kind=kind, resources=resources, changes=changes, at=tuple(at), tier=tier, level=level)


def _paths(at: str | Sequence[str] | None, otherwise: Sequence[str]) -> Sequence[str]:
    return otherwise if at is None else [at] if isinstance(at, str) else at


def cases(rule: Rule, *of_rule: Case) -> tuple[Case, ...]:
    """What is expected of one rule."""
    return tuple(replace(case, rule=rule) for case in of_rule)


def domain_of(rule: Rule) -> str:
    return rule.check.__module__.split(".")[2]


def configured(config: Mapping[str, str], *of_rule: Case) -> tuple[Case, ...]:
    """The cases in a stack of that configuration."""
    return tuple(replace(case, config=config) for case in of_rule)


def judge(
    rules: Sequence[Rule], resources: Sequence[Resource], tier: Tier = Tier.PRODUCTION, config: Mapping[str, str] | None = None
) -> Iterator[tuple[Rule, Finding]]:
    """Every finding with its rule."""
    stack = Stack(name="production", project="plinth", tier=tier, config=config or {})
    for rule in rules:
        concerned = [resource for resource in resources if resource.type in rule.types]
        if isinstance(rule, ResourceRule):
            yield from ((rule, finding) for resource in concerned for finding in rule.check(resource, stack))
        else:
            yield from ((rule, finding) for finding in rule.check(concerned, stack))


def traced(resources: Sequence[Resource]) -> list[Resource]:
    """The same resources, each with nothing noted."""
    return [replace(resource, trace=Trace()) for resource in resources]


def noted(resources: Sequence[Resource]) -> list[str]:
    return [path for resource in resources for path in resource.trace.unknown]


def check(case: Case, partners: Mapping[str, Sequence[Resource]]) -> None:
    """Hold a case against its rule alone, and against all rules of its domain.

    ``partners`` are, by domain, what rules that look for another resource find beside any case.
    """
    assert case.rule is not None
    resources = traced(case.resources)
    found = list(judge([case.rule], resources, case.tier, case.config))
    if case.kind == "refuses":
        (finding,) = (each for _, each in found)
        assert (finding.path,) == case.at
        assert finding.urn == resources[0].urn
        assert finding.level is case.level
        assert finding.problem
        assert re.match("[A-Z]", finding.cure)
    else:
        assert not found
        assert noted(resources) == list(case.at)
    own = domain_of(case.rule)
    domain = [rule for rule in RULES if domain_of(rule) == own and rule is not case.rule]
    others = judge(domain, traced([*resources, *partners.get(own, ())]), case.tier, case.config)
    assert {rule.name for rule, _ in others} == {rule.name for rule in case.others}
