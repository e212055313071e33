"""The law of unknown values: where changing a value makes a rule speak, the rule is undecided while that value is unknown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import pytest

from policies.model import Resource, Rule
from policies.values import UNKNOWN, Secret, Value
from tests.policies.rules.cases import Case, changed, judge, noted, steps_of, traced
from tests.policies.rules.collecting import CASES

GOOD = [case for case in CASES if case.kind == "accepts"]
BAD_OF_TYPE: Mapping[str, list[Case]] = defaultdict(list)
BAD_OF_RULE: Mapping[str, list[Case]] = defaultdict(list)
for bad in CASES:
    if bad.kind == "refuses" and bad.rule is not None:
        BAD_OF_TYPE[bad.resources[0].type].append(bad)
        BAD_OF_RULE[bad.rule.name].append(bad)
TEXTS = ("other", "0.0.0.0/0", "0", "1", "latest", "gp2")
NUMBERS = (0.0, 1.0, 2.0, 70000.0)


@pytest.mark.parametrize("case", GOOD, ids=str)
def test_what_a_rule_would_refuse_is_undecided_while_it_is_unknown(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Places that the rule peeked at are left out: there it says why the answer lies elsewhere."""
    assert case.rule is not None
    peeked: set[str] = set()
    peek = Value.peek

    def recording_peek(self: Value, reason: str) -> Any:
        content = peek(self, reason)
        if content is UNKNOWN or isinstance(content, dict | list):
            peeked.add(self.path)
        return content

    monkeypatch.setattr(Value, "peek", recording_peek)
    missed = []
    for index, path, content in places(case.resources):
        others = list(islice((each for each in alternatives(case.rule, path, content) if speaks(case, index, path, each)), 1))
        if others:
            peeked.clear()
            resources = with_value(case.resources, index, path, UNKNOWN)
            found = list(judge([case.rule], resources, case.tier, case.config))
            if (found or not noted(resources)) and not is_below(path, peeked):
                missed.append((path, others[0]))
    assert missed == []


def is_below(path: str, tops: set[str]) -> bool:
    return any(path == top or path.startswith((f"{top}.", f"{top}[")) for top in tops)


def speaks(case: Case, index: int, path: str, value: Any) -> bool:
    assert case.rule is not None
    return any(True for _ in judge([case.rule], with_value(case.resources, index, path, value), case.tier, case.config))


def with_value(resources: Sequence[Resource], index: int, path: str, value: Any) -> list[Resource]:
    return [changed(each, {path: value}) if position == index else each for position, each in enumerate(traced(resources))]


def places(resources: Sequence[Resource]) -> Iterator[tuple[int, str, Any]]:
    """Every leaf that a good resource has, and every place that a case of its rules changes."""
    for index, resource in enumerate(resources):
        paths = dict(leaves(Value(resource.properties, "", resource.trace)))
        for case in BAD_OF_TYPE[resource.type]:
            for path, value in case.changes.items():
                if path not in paths and content_at(resource.properties, steps_of(path)[:-1]) is not None:
                    paths[path] = value
        yield from ((index, path, content) for path, content in paths.items() if content is not UNKNOWN)


def content_at(content: Any, steps: Sequence[str | int]) -> Any:
    for step in steps:
        try:
            content = content[step]
        except (KeyError, IndexError, TypeError):
            return None
    return content


def leaves(value: Value) -> Iterator[tuple[str, Any]]:
    content = value.peek("a walk through a fixture")
    if isinstance(content, dict | list):
        for key in content if isinstance(content, dict) else range(len(content)):
            yield from leaves(value[key])
    else:
        yield value.path, content


def alternatives(rule: Rule, path: str, content: Any) -> Iterator[Any]:
    """Other values of the same kind, and those that cases of the rule refuse at the same place; nothing is not a value."""
    plain = content.value if isinstance(content, Secret) else content
    match plain:
        case bool():
            yield not plain
        case int() | float():
            yield from (number for number in NUMBERS if number != plain)
        case str():
            yield from (text for text in TEXTS if text != plain)
    for case in BAD_OF_RULE[rule.name]:
        if case.changes.get(path) not in (None, ""):
            yield case.changes[path]
