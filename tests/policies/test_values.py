from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.findings import Finding, Level
from policies.values import UNKNOWN, Secret, Trace, Value

LEAVES = st.one_of(st.none(), st.booleans(), st.floats(allow_nan=False), st.text(max_size=5), st.just(UNKNOWN), st.just(Secret("x")))
TREES = st.recursive(LEAVES, lambda below: st.one_of(st.lists(below, max_size=3), st.dictionaries(st.text(max_size=5), below, max_size=3)))
STEPS = st.lists(st.one_of(st.text(max_size=5), st.integers(-4, 4)), max_size=5)
QUESTIONS: tuple[Callable[[Value], Any], ...] = (
    lambda value: value.is_unknown,
    lambda value: value.is_absent,
    lambda value: value.is_given,
    lambda value: value.is_true(),
    lambda value: value.equals("x"),
    lambda value: value.may_equal("x"),
    lambda value: value.satisfies(lambda content: content > 3),
    lambda value: value.may_satisfy(lambda content: content > 3),
    lambda value: value.may_contain("x"),
    lambda value: value.get("default"),
    lambda value: value.text(),
    lambda value: list(value.each()),
    lambda value: list(value.items()),
)
DEMANDS: tuple[Callable[[Value], Sequence[Finding]], ...] = (
    lambda value: value.must_equal("x", "p"),
    lambda value: value.must_be_true("p"),
    lambda value: value.must_be_false("p", default=True),
    lambda value: value.must_be_one_of(("x", 3), "p"),
    lambda value: value.must_be_at_least(3, "p"),
    lambda value: value.must_be_at_most(3, "p"),
    lambda value: value.must_contain("x", "p"),
    lambda value: value.must_satisfy(lambda content: content > 3, "p", "Do it"),
)


def root(content: Any) -> tuple[Value, Trace]:
    trace = Trace()
    return Value(content, "", trace), trace


def value(content: Any) -> Value:
    """The value at ``a``."""
    return root({"a": content})[0]["a"]


# -- moving ---------------------------------------------------------------------------------------------------------------------


def test_a_path_is_dotted_with_indexes_and_quoted_keys() -> None:
    inputs, _ = root({"spec": {"containers": [{"labels": {"app.kubernetes.io/name": "shop"}}]}})
    label = inputs["spec"]["containers"][0]["labels"]["app.kubernetes.io/name"]
    assert label.path == 'spec.containers[0].labels["app.kubernetes.io/name"]'
    assert label.get() == "shop"
    assert inputs.at("spec.containers").path == "spec.containers"


def test_what_is_missing_anywhere_is_absent_and_keeps_its_path() -> None:
    inputs, trace = root({"a": {"b": "text"}, "list": [1.0]})
    for missing in (inputs["x"]["y"], inputs["a"]["b"]["c"], inputs["list"][1], inputs["list"]["key"], inputs["a"][0]):
        assert missing.is_absent
        assert missing.get() is None
    assert inputs["x"]["y"].path == "x.y"
    assert inputs["list"][-1].get() == 1.0
    assert not trace.unknown


@pytest.mark.parametrize("content", [None, Secret(None)])
def test_a_null_is_absent_even_where_it_is_secret(content: Any) -> None:
    assert value(content).is_absent
    assert root(content)[0].is_absent


def test_below_an_unknown_everything_is_that_unknown() -> None:
    inputs, trace = root({"spec": UNKNOWN})
    assert inputs["spec"]["template"][0].may_equal("x")
    assert list(trace.unknown) == ["spec"]


def test_elements_and_entries_come_in_order_with_their_paths() -> None:
    inputs, trace = root({"list": ["x", UNKNOWN], "map": {"k": 1.0}, "text": "t", "hidden": UNKNOWN})
    assert [each.path for each in inputs["list"].each()] == ["list[0]", "list[1]"]
    assert [each.path for each in inputs["map"].each()] == ["map.k"]
    assert [(key, each.path) for key, each in inputs["map"].items()] == [("k", "map.k")]
    assert [key for key, _ in inputs["list"].children()] == [0, 1]
    assert [key for key, _ in inputs["map"].children()] == ["k"]
    for scalar in (inputs["text"], inputs["none"]):
        assert [*scalar.each(), *scalar.items(), *scalar.children()] == []
    assert not trace.unknown


def test_a_search_passes_over_unknowns_while_a_question_notes_them() -> None:
    inputs, trace = root({"hidden": UNKNOWN, "list": [UNKNOWN]})
    assert [*inputs["hidden"].children(), *inputs["list"][0].children()] == []
    assert not trace.unknown
    assert [*inputs["hidden"].each(), *inputs["list"][0].items()] == []
    assert list(trace.unknown) == ["hidden", "list[0]"]


# -- asking ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "expected", "equal"),
    [
        (True, True, True),
        (1.0, True, False),
        (1.0, 1, True),
        (True, 1, False),
        ("x", "x", True),
        (None, "x", False),
        (None, None, True),
        (Secret("x"), "x", True),
    ],
)
def test_a_value_equals_by_type_too(content: Any, expected: Any, *, equal: bool) -> None:
    assert value(content).equals(expected) is equal
    assert value(content).may_equal(expected) is equal
    assert bool(value(content).must_equal(expected, "p")) is not equal


def test_a_test_that_cannot_read_the_value_is_not_passed() -> None:
    assert not value("many").satisfies(lambda content: int(content) >= 3)
    assert not value(None).may_satisfy(lambda content: content >= 3)
    assert value(3.0).satisfies(lambda content: content >= 3)
    assert value(None).satisfies(lambda content: content >= 3, default=3)


def test_only_a_true_boolean_is_true() -> None:
    contents = (True, False, "true", 1.0, None, UNKNOWN)
    assert [value(content).is_true() for content in contents] == [True, False, False, False, False, False]
    assert [value(content).is_true(default=True) for content in (None, UNKNOWN)] == [True, False]


def test_a_list_may_contain_what_its_unknown_elements_may_be() -> None:
    assert not any(value(content).may_contain("b") for content in (["a"], None, "b"))
    assert value(["a", Secret("b")]).may_contain("b")
    assert value(UNKNOWN).may_contain("b")
    inputs, trace = root({"a": ["x", UNKNOWN]})
    assert inputs["a"].may_contain("b")
    assert list(trace.unknown) == ["a[1]"]


def test_something_that_is_not_known_yet_is_there_all_the_same() -> None:
    inputs, trace = root({"kmsKeyId": UNKNOWN, "empty": "", "null": None})
    assert [inputs[key].is_present for key in ("kmsKeyId", "empty", "null", "missing")] == [True, False, False, False]
    assert not inputs["kmsKeyId"].must_be_set("p")
    assert not trace.unknown
    assert not inputs["kmsKeyId"]["below"].is_present
    assert list(trace.unknown) == ["kmsKeyId"]
    assert not inputs["kmsKeyId"]["below"].must_be_set("p")


def test_a_default_stands_in_for_what_is_absent_or_unknown() -> None:
    assert [value(content).get("default") for content in (None, UNKNOWN, False)] == ["default", "default", False]
    assert [value(content).text("default") for content in ("x", None, UNKNOWN, 3.0, ["x"])] == ["x", *["default"] * 4]


def test_asking_twice_notes_a_path_once_and_in_order() -> None:
    inputs, trace = root({"b": UNKNOWN, "a": UNKNOWN})
    assert inputs["b"].is_unknown
    assert inputs["a"].get() is None
    assert not inputs["b"].is_given
    assert list(trace.unknown) == ["b", "a"]


def test_only_peeking_notes_nothing() -> None:
    inputs, trace = root({"a": UNKNOWN})
    assert inputs["a"].peek("a test") is UNKNOWN
    assert inputs["missing"].peek("a test") is None
    assert not trace.unknown


# -- demanding ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("refused", "where", "cure"),
    [
        (value("memory").must_equal("file", "p"), "a = 'memory'", 'Set a to "file"'),
        (value(2.0).must_equal(3, "p"), "a = 2", "Set a to 3"),
        (value(None).must_be_true("p"), "a = not set, which means false", "Set a to true"),
        (value(content=True).must_be_false("p"), "a = true", "Set a to false"),
        (value(1.0).must_be_at_least(3, "p"), "a = 1", "Set a to 3 or more"),
        (value("36").must_be_at_most(35, "p"), "a = '36'", "Set a to 35 or less"),
        (value("many").must_be_at_least(3, "p"), "a = 'many'", "Set a to 3 or more"),
        (value(None).must_be_at_least(7, "p", default=1), "a = not set, which means 1", "Set a to 7 or more"),
        (value("x").must_be_one_of(("a", "b"), "p"), "a = 'x'", 'Set a to one of "a", "b"'),
        (value(["NET_RAW"]).must_contain("ALL", "p"), "a = 1 element", 'Add "ALL" to a'),
        (value("").must_be_set("p"), "a = ''", "Set a"),
        (
            value(Secret("x")).must_satisfy(bool, "p", "Do it") or value(Secret("")).must_satisfy(bool, "p", "Do it"),
            "a = [secret]",
            "Do it",
        ),
        (value("x").must_equal("y", "p", cure="Do it"), "a = 'x'", "Do it"),
        (value("x").refuse("p", "Do it", shown="[hidden]"), "a = [hidden]", "Do it"),
    ],
)
def test_a_refusal_tells_place_value_and_cure(refused: Sequence[Finding], where: str, cure: str) -> None:
    (finding,) = refused
    assert (finding.problem, finding.where, finding.cure) == ("p", where, cure)


def test_a_refusal_names_its_resource_and_may_be_mere_advice() -> None:
    place = Value({"a": 1.0}, "", Trace(urn="urn:it"))["a"]
    (finding,) = place.must_equal(2, "p", level=Level.ADVISORY)
    assert (finding.urn, finding.level) == ("urn:it", Level.ADVISORY)


@pytest.mark.parametrize("demand", DEMANDS)
def test_no_demand_refuses_what_is_unknown(demand: Callable[[Value], Sequence[Finding]]) -> None:
    inputs, trace = root({"a": UNKNOWN})
    assert not demand(inputs["a"])
    assert list(trace.unknown) == ["a"]
    assert demand(value(None))


def test_what_an_unknown_switch_decides_is_noted_there_in_place_of_a_refusal() -> None:
    inputs, trace = root({"enabled": UNKNOWN, "size": {"a": 1.0}})
    part = inputs["size"].provided(inputs["enabled"])
    assert not part["a"].must_equal(1, "p")
    assert not trace.unknown
    assert not part["a"].must_equal(2, "p")
    assert list(trace.unknown) == ["enabled"]
    known, _ = root({"enabled": True, "size": 1.0})
    assert known["size"].provided(known["enabled"]).must_equal(2, "p")


# -- secrets and showing --------------------------------------------------------------------------------------------------------


def test_what_lies_in_a_secret_is_secret() -> None:
    inputs, _ = root({"data": Secret({"password": "x"}), "plain": {"password": Secret("x")}})
    assert inputs["data"]["password"].is_secret
    assert inputs["data"]["password"].shown == "[secret]"
    assert inputs["plain"]["password"].is_secret
    assert not inputs["plain"].is_secret
    assert "x" not in repr(Secret("x"))


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (None, "not set"),
        (UNKNOWN, "unknown"),
        (False, "false"),
        (3.0, "3"),
        (0.5, "0.5"),
        ("text", "'text'"),
        ("x" * 80, f"'{'x' * 80}'"),
        ("x" * 81, f"'{'x' * 77}…'"),
        ([1.0, 2.0], "2 elements"),
        ({"a": 1.0}, "1 key"),
    ],
)
def test_a_message_shows_a_value_shortly(content: Any, shown: str) -> None:
    assert value(content).shown == shown


# -- laws -----------------------------------------------------------------------------------------------------------------------


@given(TREES, STEPS)
def test_no_question_fails_on_any_content(tree: Any, steps: list[str | int]) -> None:
    place, trace = root(tree)
    for step in steps:
        place = place[step]
    for ask in QUESTIONS:
        ask(place)
    assert isinstance(place.shown, str)
    for demand in DEMANDS:
        demand(place)
    if place.peek("a test") is UNKNOWN:
        assert list(trace.unknown) == [place.path]
