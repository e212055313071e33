from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from stacks.merge import merge

_LEAVES = st.booleans() | st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=2)
_KEYS = st.sampled_from("abc")
_MAPPINGS = st.dictionaries(_KEYS, st.recursive(_LEAVES, lambda below: st.dictionaries(_KEYS, below, max_size=3), max_leaves=8), max_size=3)
_ALIKE = st.recursive(
    st.fixed_dictionaries({}, optional={"leaf": _LEAVES}),
    lambda below: st.fixed_dictionaries({}, optional={"leaf": _LEAVES, "branch": below, "other": below}),
    max_leaves=8,
)


def test_mappings_merge_and_everything_else_replaces() -> None:
    base = {"a": {"kept": 1, "changed": [1, 2]}, "b": {"gone": 1}, "c": 1}
    over = {"a": {"changed": [3], "new": None}, "b": "text", "c": {"deep": 2}}
    assert merge(base, over) == {"a": {"kept": 1, "changed": [3], "new": None}, "b": "text", "c": {"deep": 2}}


def test_null_takes_away_a_mapping_and_stays_elsewhere() -> None:
    assert merge({"a": {"deep": 1}, "b": 1}, {"a": None, "b": None, "c": None}) == {"b": None, "c": None}


@given(_MAPPINGS)
def test_nothing_merged_changes_nothing(one: dict[str, Any]) -> None:
    assert merge(one, {}) == merge({}, one) == one


@given(_MAPPINGS, _MAPPINGS)
def test_merging_twice_is_merging_once(base: dict[str, Any], over: dict[str, Any]) -> None:
    once = merge(base, over)
    assert merge(once, over) == once


@given(_MAPPINGS, _MAPPINGS)
def test_what_is_written_over_wins(base: dict[str, Any], over: dict[str, Any]) -> None:
    merged = merge(base, over)
    assert set(merged) == {*base, *over}
    assert all(merged[key] == value for key, value in over.items() if not isinstance(value, dict))


@given(_ALIKE, _ALIKE, _ALIKE)
def test_grouping_does_not_matter_where_a_key_always_means_the_same_kind(
    one: dict[str, Any], two: dict[str, Any], three: dict[str, Any]
) -> None:
    assert merge(merge(one, two), three) == merge(one, merge(two, three))


@given(_MAPPINGS, _MAPPINGS)
def test_neither_side_is_changed(base: dict[str, Any], over: dict[str, Any]) -> None:
    before = deepcopy((base, over))
    merge(base, over)
    assert (base, over) == before
