"""What a rule must stand, whatever a program declares: JSON of any shape, texts of any size, nesting of any depth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pytest
from google.protobuf.struct_pb2 import Struct
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pulumi.runtime.proto import analyzer_pb2 as proto

from policies.analyzer import DEEPEST, Analyzer
from policies.model import Resource, Rule
from policies.registry import RULES
from policies.values import UNKNOWN, Secret
from tests.policies.requests import configure, request
from tests.policies.rules.cases import judge, urn_of
from tests.policies.rules.collecting import CASES

TEXTS: Final = st.sampled_from(
    [
        "",
        "0",
        "-1",
        "9" * 5_000,
        "1." + "0" * 5_000,
        "é\N{SNOWMAN}\x00\x1b[2J",
        "nats",
        "1e400",
        "nan",
        "inf",
        "10.0.0.0/8",
        "{{",
        "${",
        "$(",
    ]
)
SCALARS = st.none() | st.booleans() | st.floats() | st.integers(-(2**70), 2**70) | TEXTS | st.text(max_size=5) | st.just(UNKNOWN)


def keys_in(content: Any) -> set[str]:
    plain = content.value if isinstance(content, Secret) else content
    if isinstance(plain, Mapping):
        return {key for key in plain if isinstance(key, str)} | {key for below in plain.values() for key in keys_in(below)}
    return {key for below in plain for key in keys_in(below)} if isinstance(plain, list) else set()


KEYS = st.sampled_from(sorted({key for case in CASES for resource in case.resources for key in keys_in(resource.properties)})) | st.text(
    max_size=3
)
JSON = st.recursive(
    SCALARS,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(KEYS, below, max_size=4) | below.map(Secret),
    max_leaves=10,
)


def places(content: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in some inputs, the whole first."""
    plain = content.value if isinstance(content, Secret) else content
    below = plain.items() if isinstance(plain, Mapping) else enumerate(plain) if isinstance(plain, list) else ()
    return [path, *(place for key, value in below for place in places(value, (*path, key)))]


def put(content: Any, path: Sequence[str | int], new: Any) -> Any:
    if not path:
        return new
    plain = content.value if isinstance(content, Secret) else content
    step, *rest = path
    if isinstance(plain, list):
        return [put(below, rest, new) if index == step else below for index, below in enumerate(plain)]
    return {key: put(below, rest, new) if key == step else below for key, below in plain.items()}


@st.composite
def hostile_resources(draw: st.DrawFn, rule: Rule) -> list[Resource]:
    """A few resources of a rule's types: good ones with anything in some places, and ones that are anything at all."""
    made = []
    own = [resource for case in CASES if case.rule is rule for resource in case.resources if resource.type in rule.types]
    for index in range(draw(st.integers(1, 2))):
        alike = draw(st.booleans())
        if own and alike:
            model = draw(st.sampled_from(own))
            token, properties = model.type, dict(model.properties)
            for _ in range(draw(st.integers(1, 2))):
                path = draw(st.sampled_from(places(properties)[1:] or [()]))
                properties = dict(put(properties, path, draw(JSON))) if path else properties
        else:
            token = draw(st.sampled_from(rule.types))
            properties = draw(st.dictionaries(KEYS, JSON, max_size=4))
        made.append(Resource(urn=urn_of(token, f"it-{index}"), type=token, name=f"it-{index}", properties=properties))
    return made


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_no_rule_fails_whatever_it_is_handed(rule: Rule, data: st.DataObject) -> None:
    for _, finding in judge([rule], data.draw(hostile_resources(rule))):
        assert finding.problem


def nested(levels: int) -> Struct:
    outer = Struct()
    inner = outer
    for _ in range(levels - 1):
        inner = inner.fields["securityContext"].struct_value
    inner.fields["password"].string_value = "hunter2"
    return outer


@pytest.mark.parametrize("token", ["kubernetes:helm.sh/v3:Release", "kubernetes:core/v1:Namespace"])
@pytest.mark.parametrize("levels", [DEEPEST + 1, 3_000])
def test_inputs_that_are_nested_too_deeply_are_said_to_be_so(token: str, levels: int) -> None:
    analyzer = Analyzer()
    configure(analyzer, "production")
    asked = request(token, {})
    asked.properties.fields["values"].struct_value.CopyFrom(nested(levels - 1))
    (said,) = analyzer.Analyze(asked, None).diagnostics
    assert (said.policyName, said.enforcementLevel) == ("inputs", proto.MANDATORY)
    assert said.message == f"the inputs are nested more than {DEEPEST} levels deep, so no rule can judge them. Nest them less deeply."
    shown = proto.AnalyzerResource(type=token, urn=asked.urn, name=asked.name, properties=asked.properties)
    again = analyzer.AnalyzeStack(proto.AnalyzeStackRequest(resources=[shown]), None).diagnostics
    assert {each.policyName for each in again} <= {"inputs"}


def test_every_rule_takes_inputs_as_deep_as_they_may_be() -> None:
    analyzer = Analyzer()
    configure(analyzer, "production")
    asked = request("kubernetes:helm.sh/v3:Release", {"chart": "nats"})
    asked.properties.fields["values"].struct_value.CopyFrom(nested(DEEPEST - 1))
    messages = [each.message for each in analyzer.Analyze(asked, None).diagnostics]
    assert any("password = [hidden]" in message for message in messages)
    assert not any("failed" in message for message in messages)
