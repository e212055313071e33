from __future__ import annotations

import math
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.duration import format_duration, parse_duration

UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_536_000}


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("0", timedelta(0)),
        ("0s", timedelta(0)),
        ("5m", timedelta(minutes=5)),
        ("168h", timedelta(days=7)),
        ("30d", timedelta(days=30)),
        ("2w", timedelta(days=14)),
        ("1y", timedelta(days=365)),
        ("720h0m0s", timedelta(days=30)),
        ("1h30m", timedelta(minutes=90)),
        ("1.5h", timedelta(minutes=90)),
        (".5s", timedelta(milliseconds=500)),
        ("500ms", timedelta(milliseconds=500)),
        ("7us", timedelta(microseconds=7)),
        ("7\N{MICRO SIGN}s", timedelta(microseconds=7)),
        ("7\N{GREEK SMALL LETTER MU}s", timedelta(microseconds=7)),
        ("1000ns", timedelta(microseconds=1)),
        (30, timedelta(seconds=30)),
        (30.0, timedelta(seconds=30)),
        ("1.5", timedelta(seconds=1.5)),
    ],
)
def test_a_duration_is_read_in_each_notation(text: str | float, length: timedelta) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize(
    "text", ["", "s", "5 m", "5m ", "5m\n", "-5m", "+5m", "1M", "5min", "1h-30m", "1h30", "٣s", -1, True, math.nan, math.inf]
)
def test_what_is_no_duration_is_refused_with_an_example(text: str | float) -> None:
    with pytest.raises(ValueError, match=r"is not a duration; .* 1h30m"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["1ns", "0.0000001s", "1us1ns"])
def test_what_is_finer_than_a_microsecond_is_refused_rather_than_rounded_to_nothing(text: str) -> None:
    with pytest.raises(ValueError, match="finer than a microsecond"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["3000000y", "9" * 400, f"{'9' * 30}d"])
def test_what_is_longer_than_can_be_represented_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="longer than"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(0), "0s"),
        (timedelta(days=30), "720h"),
        (timedelta(minutes=90), "1h30m"),
        (timedelta(hours=1, seconds=1), "1h1s"),
        (timedelta(seconds=1.5), "1s500ms"),
        (timedelta(microseconds=1), "1us"),
    ],
)
def test_a_duration_is_written_in_units_that_every_tool_reads(length: timedelta, text: str) -> None:
    assert format_duration(length) == text


def test_a_negative_duration_is_not_written() -> None:
    with pytest.raises(ValueError, match="negative"):
        format_duration(timedelta(seconds=-1))


@given(st.timedeltas(min_value=timedelta(0)))
def test_what_is_written_is_read_back_as_the_same_length(length: timedelta) -> None:
    assert parse_duration(format_duration(length)) == length


@given(st.lists(st.tuples(st.integers(0, 999), st.sampled_from(sorted(UNITS))), min_size=1, max_size=4))
def test_the_parts_of_a_duration_add_up(parts: list[tuple[int, str]]) -> None:
    whole = parse_duration("".join(f"{count}{unit}" for count, unit in parts))
    assert whole == sum((parse_duration(f"{count}{unit}") for count, unit in parts), timedelta(0))


@given(st.integers(0, 999), st.integers(0, 999), st.sampled_from(sorted(UNITS)))
def test_under_one_unit_durations_are_ordered_as_their_numbers(one: int, other: int, unit: str) -> None:
    assert (parse_duration(f"{one}{unit}") < parse_duration(f"{other}{unit}")) is (one < other)


@given(st.integers(0, 999), st.sampled_from(sorted(UNITS)))
def test_a_duration_has_as_many_seconds_as_its_unit_says(count: int, unit: str) -> None:
    assert parse_duration(f"{count}{unit}").total_seconds() == pytest.approx(count * UNITS[unit])
