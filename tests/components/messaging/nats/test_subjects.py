from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.messaging.nats.subjects import covers, overlap

_PARTS = st.lists(st.sampled_from(["a", "b", "*"]), min_size=1, max_size=4)
_PATTERNS = st.builds(lambda parts, rest: ".".join([*parts, *rest]), _PARTS, st.sampled_from([[], [">"]]))
_SUBJECTS = st.lists(st.sampled_from("ab"), min_size=1, max_size=6).map(".".join)


def matches(pattern: str, subject: str) -> bool:
    """The definition, by a regular expression."""
    as_regex = {"*": r"[^.]+", ">": r".+"}
    return re.fullmatch(r"\.".join(as_regex.get(part, part) for part in pattern.split(".")), subject) is not None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("orders", "orders", True),
        ("orders", "orders.placed", False),
        ("orders.>", "orders", False),
        ("orders.>", "orders.placed", True),
        ("orders.>", "orders.placed.eu", True),
        ("orders.*", "orders.placed.eu", False),
        ("orders.*.eu", "orders.placed.*", True),
        ("orders.*.eu", "orders.*.us", False),
        ("*.placed", "orders.*", True),
    ],
)
def test_subjects_overlap_where_one_message_could_match_both(one: str, other: str, *, expected: bool) -> None:
    assert overlap(one, other) is overlap(other, one) is expected


@pytest.mark.parametrize(
    ("wide", "narrow", "expected"),
    [
        ("orders.>", "orders.placed", True),
        ("orders.>", "orders.*.eu", True),
        ("orders.>", "orders.>", True),
        ("orders.>", "orders", False),
        ("orders.*", "orders.placed", True),
        ("orders.*", "orders.>", False),
        ("orders.placed", "orders.*", False),
        ("orders.*", "payments.placed", False),
    ],
)
def test_a_subject_covers_what_can_match_nothing_else(wide: str, narrow: str, *, expected: bool) -> None:
    assert covers(wide, narrow) is expected


@given(_PATTERNS, _PATTERNS, _SUBJECTS)
def test_a_message_that_matches_both_proves_an_overlap(one: str, other: str, subject: str) -> None:
    assert overlap(one, other) or not (matches(one, subject) and matches(other, subject))


@given(_PATTERNS, _PATTERNS)
def test_an_overlap_is_proven_by_a_message(one: str, other: str) -> None:
    longest = max(one.count("."), other.count(".")) + 1
    if overlap(one, other):
        ours, theirs = ([*pattern.split("."), *[">"] * longest][:longest] for pattern in (one, other))
        parts = [next((part for part in pair if part not in {"*", ">"}), "a") for pair in zip(ours, theirs, strict=True)]
        witness = ".".join(parts)
        assert matches(one, witness)
        assert matches(other, witness)


@given(_PATTERNS, _PATTERNS, _SUBJECTS)
def test_what_covers_matches_all_that_the_covered_one_matches(wide: str, narrow: str, subject: str) -> None:
    assert not covers(wide, narrow) or matches(wide, subject) or not matches(narrow, subject)


@given(_PATTERNS, _PATTERNS)
def test_to_cover_is_to_overlap_and_a_subject_covers_itself(wide: str, narrow: str) -> None:
    assert covers(wide, wide)
    assert overlap(wide, narrow) or not covers(wide, narrow)
