"""Judges resources by rules as plain functions: no engine, no server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from facts.tiers import Tier
from policies.model import Facts, Finding, Level, Options, Resource, Rule, Stack, StackRule

PRODUCTION = Stack(name="production", project="plinth", tier=Tier.PRODUCTION)
STAGING = Stack(name="staging", project="plinth", tier=Tier.STAGING)


def urn_of(resource_type: str, name: str) -> str:
    return f"urn:pulumi:production::plinth::{resource_type}::{name}"


def resource(
    resource_type: str, properties: Mapping[str, Any], name: str = "it", *, depends_on: Sequence[str] = (), protect: bool = False
) -> Resource:
    return Resource(
        urn=urn_of(resource_type, name),
        type=resource_type,
        name=name,
        properties=properties,
        options=Options(protect=protect),
        dependencies=depends_on,
    )


def changed(properties: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy with one field changed; the steps of ``path`` are separated by ``/``, None removes the field."""
    return dict(_changed(properties, path.split("/"), value))


def _changed(content: Any, steps: Sequence[str], value: Any) -> Any:
    step, *rest = steps
    if isinstance(content, list):
        new = _changed(content[int(step)], rest, value) if rest else value
        return [new if index == int(step) else element for index, element in enumerate(content)]
    if not rest and value is None:
        return {key: below for key, below in content.items() if key != step}
    return {**content, step: _changed(content.get(step, {}), rest, value) if rest else value}


def judge(rules: Sequence[Rule], *resources: Resource, facts: Facts = PRODUCTION) -> list[tuple[str, Finding]]:
    """Every finding with its rule's name; the finding's URN is filled in."""
    found: list[tuple[str, Finding]] = []
    for rule in rules:
        concerned = [each for each in resources if each.type in rule.types]
        if isinstance(rule, StackRule):
            found.extend((rule.name, finding) for finding in rule.check(concerned, facts))
        else:
            found.extend((rule.name, finding) for each in concerned for finding in rule.check(each, facts))
    return found


def only(found: list[tuple[str, Finding]], rule: Rule, where: str, level: Level | None = None) -> Finding:
    """The one finding, which is of ``rule`` and about ``where`` (a part of the path and value shown)."""
    assert [name for name, _ in found] == [rule.name], found
    finding = found[0][1]
    assert where in finding.where, finding
    assert finding.level is level
    assert finding.problem
    assert finding.cure
    return finding


def undecided(*resources: Resource) -> list[str]:
    return [path for each in resources for path in each.trace.unknown]
