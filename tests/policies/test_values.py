from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.values import UNKNOWN, Secret, Trace, Value

LEAVES = st.one_of(st.none(), st.booleans(), st.floats(allow_nan=False), st.text(max_size=5), st.just(UNKNOWN), st.just(Secret("x")))
TREES = st.recursive(LEAVES, lambda below: st.one_of(st.lists(below, max_size=3), st.dictionaries(st.text(max_size=5), below, max_size=3)))
STEPS = st.lists(st.one_of(st.text(max_size=5), st.integers(-4, 4)), max_size=5)
QUESTIONS: tuple[Callable[[Value], Any], ...] = (
    lambda value: value.is_unknown,
    lambda value: value.is_absent,
    lambda value: value.is_given,
    lambda value: value.is_true(),
    lambda value: value.is_not("x"),
    lambda value: value.fails(lambda content: content > 3),
    lambda value: value.lacks("x"),
    lambda value: value.get("default"),
    lambda value: value.raw,
    lambda value: value.has("x"),
    lambda value: list(value.each()),
    lambda value: list(value.items()),
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
    assert label.raw == "shop"
    assert inputs.at("spec.containers").path == "spec.containers"


def test_what_is_missing_anywhere_is_absent_and_keeps_its_path() -> None:
    inputs, trace = root({"a": {"b": "text"}, "list": [1.0]})
    for missing in (inputs["x"]["y"], inputs["a"]["b"]["c"], inputs["list"][1], inputs["list"]["key"], inputs["a"][0]):
        assert missing.is_absent
        assert missing.raw is None
    assert inputs["x"]["y"].path == "x.y"
    assert inputs["list"][-1].raw == 1.0
    assert not trace.unknown


@pytest.mark.parametrize("content", [None, Secret(None)])
def test_a_null_is_absent_even_where_it_is_secret(content: Any) -> None:
    assert value(content).is_absent
    assert root(content)[0].is_absent


def test_below_an_unknown_everything_is_that_unknown() -> None:
    inputs, trace = root({"spec": UNKNOWN})
    assert not inputs["spec"]["template"][0].is_not("x")
    assert list(trace.unknown) == ["spec"]


def test_elements_and_entries_come_in_order_with_their_paths() -> None:
    inputs, trace = root({"list": ["x", UNKNOWN], "map": {"k": 1.0}, "text": "t", "hidden": UNKNOWN})
    assert [each.path for each in inputs["list"].each()] == ["list[0]", "list[1]"]
    assert [each.path for each in inputs["map"].each()] == ["map.k"]
    assert [(key, each.path) for key, each in inputs["map"].items()] == [("k", "map.k")]
    assert [key for key, _ in inputs["list"].below()] == [0, 1]
    assert [key for key, _ in inputs["map"].below()] == ["k"]
    for scalar in (inputs["text"], inputs["none"]):
        assert [*scalar.each(), *scalar.items(), *scalar.below()] == []
    assert not trace.unknown


def test_a_search_passes_over_unknowns_while_a_question_notes_them() -> None:
    inputs, trace = root({"hidden": UNKNOWN, "list": [UNKNOWN]})
    assert [*inputs["hidden"].below(), *inputs["list"][0].below()] == []
    assert inputs["hidden"].known is None
    assert inputs["hidden"].is_pending
    assert not trace.unknown
    assert [*inputs["hidden"].each(), *inputs["list"][0].items()] == []
    assert list(trace.unknown) == ["hidden", "list[0]"]


# -- asking ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "expected", "differs"),
    [(True, True, False), (1.0, True, True), ("x", "x", False), (None, "x", True), (None, None, False), (Secret("x"), "x", False)],
)
def test_a_value_differs_by_type_too(content: Any, expected: Any, *, differs: bool) -> None:
    assert value(content).is_not(expected) is differs


def test_a_test_that_cannot_read_the_value_is_not_passed() -> None:
    assert value("many").fails(lambda content: int(content) >= 3)
    assert value(None).fails(lambda content: content >= 3)
    assert not value(3.0).fails(lambda content: content >= 3)


def test_only_a_true_boolean_is_true() -> None:
    contents = (True, False, "true", 1.0, None, UNKNOWN)
    assert [value(content).is_true() for content in contents] == [True, False, False, False, False, False]


def test_a_list_lacks_what_it_is_known_not_to_hold() -> None:
    assert value(["a"]).lacks("b")
    assert value(None).lacks("b")
    assert value("b").lacks("b")
    assert not value(["a", Secret("b")]).lacks("b")
    assert not value([UNKNOWN, "b"]).lacks("b")
    inputs, trace = root({"a": ["x", UNKNOWN]})
    assert not inputs["a"].lacks("b")
    assert list(trace.unknown) == ["a[1]"]
    assert not value(UNKNOWN).lacks("b")


def test_something_that_is_not_known_yet_is_there_all_the_same() -> None:
    assert value({"kmsKeyId": UNKNOWN}).has("kmsKeyId")
    assert not any(value(content).has("kmsKeyId") for content in ({"kmsKeyId": ""}, {"kmsKeyId": None}, {}, None))


def test_a_default_stands_in_for_what_is_absent_or_unknown() -> None:
    assert [value(content).get("default") for content in (None, UNKNOWN, False)] == ["default", "default", False]
    assert value("x").known == "x"
    assert value(None).known is None
    assert not value("x").is_unknown
    assert value("x").is_given


def test_asking_twice_notes_a_path_once_and_in_order() -> None:
    inputs, trace = root({"b": UNKNOWN, "a": UNKNOWN})
    assert inputs["b"].is_unknown
    assert inputs["a"].raw is UNKNOWN
    assert not inputs["b"].is_given
    assert list(trace.unknown) == ["b", "a"]


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
    if place.is_pending:
        assert list(trace.unknown) == [place.path]


@pytest.mark.parametrize("ask", [lambda each: each.is_not("x"), lambda each: each.lacks("x"), lambda each: each.fails(lambda _: False)])
def test_an_unknown_value_violates_nothing_and_is_noted(ask: Callable[[Value], bool]) -> None:
    inputs, trace = root({"a": UNKNOWN})
    assert ask(inputs["a"]) is False
    assert list(trace.unknown) == ["a"]
    assert not UNKNOWN
