"""No rule fails, whatever kind of value stands anywhere in the inputs of what it judges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from policies.model import Resource, Rule
from policies.registry import RULES
from policies.values import UNKNOWN, Secret
from tests.policies.rules.cases import Case, judge, traced
from tests.policies.rules.collecting import CASES

TIMES = 60
"""How often each rule is tried; the choices are the same in every run."""
STRANGE: tuple[Any, ...] = (
    *(None, UNKNOWN, Secret(UNKNOWN), Secret("x"), True, False, 0.0, -1.0, 1e308, float("nan")),
    *("", "x", "\n", "é" * 99, "9" * 5000, "1/0", "@every", "*/0 * * * *", "cron(", "R/", "arn:", "http://[", "0.0.0.0/99"),
    *([], [None], [UNKNOWN], [[]], [{}], ["a", 1.0, None, {}], [[[[{}]]]]),
    *({}, {"": None}, {"a": {}}, {"name": 1.0}, {"items": [UNKNOWN]}),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_no_rule_fails_on_a_value_of_another_kind(rule: Rule) -> None:
    own = [case for case in CASES if case.rule is rule]
    random = Random(rule.name)  # noqa: S311 # the same choices in every run
    for _ in range(TIMES):
        case: Case = random.choice(own)
        resources = [*case.resources]
        for _ in range(random.randint(1, 3)):
            index = random.randrange(len(resources))
            resources[index] = disturbed(resources[index], random)
        list(judge([rule], traced(resources), case.tier, case.config))


def disturbed(resource: Resource, random: Random) -> Resource:
    """A copy with something strange at some place."""
    steps = random.choice([*places(resource.properties)])
    return replace(resource, properties=put(resource.properties, steps, random.choice(STRANGE))) if steps else resource


def places(content: Any) -> Iterator[tuple[str | int, ...]]:
    yield ()
    if isinstance(content, dict | list):
        for key, below in content.items() if isinstance(content, dict) else enumerate(content):
            yield from ((key, *rest) for rest in places(below))


def put(content: Any, steps: tuple[Any, ...], value: Any) -> Any:
    if not steps:
        return value
    copy: Any = content.copy()
    copy[steps[0]] = put(copy[steps[0]], steps[1:], value)
    return copy
