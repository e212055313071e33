from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.quantity import format_quantity, parse_quantity

SUFFIXES = ("n", "u", "m", "", "k", "M", "G", "T", "P", "E")
BINARY_SUFFIXES = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("500Gi", 500 * 2**30),
        ("0.5Ti", 2**39),
        ("250m", Decimal("0.25")),
        ("1.5", Decimal("1.5")),
        ("1.", 1),
        (".5", Decimal("0.5")),
        ("+1k", 1000),
        ("-1Ki", -1024),
        ("100n", Decimal("0.0000001")),
        ("7u", Decimal("0.000007")),
        ("1E", 10**18),
        ("1e3", 1000),
        ("1E3", 1000),
        ("5e-1", Decimal("0.5")),
        (3, 3),
        (3.0, 3),
        (0.25, Decimal("0.25")),
    ],
)
def test_a_quantity_is_read_as_kubernetes_reads_it(text: str | float, amount: Decimal | int) -> None:
    assert parse_quantity(text) == amount


@pytest.mark.parametrize(
    "text", ["", "Gi", "1 Gi", " 1Gi", "1Gi\n", "1gi", "1K", "1mi", "1GB", "1e", "1e3Gi", "1.2.3", "--1", "٣", True, math.nan, math.inf]
)
def test_what_is_no_quantity_is_refused_with_an_example(text: str | float) -> None:
    with pytest.raises(ValueError, match=r"is not a Kubernetes quantity; .* 512Mi"):
        parse_quantity(text)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (536_870_912_000, "500Gi"),
        (1024 * 2**30, "1Ti"),
        (1000 * 2**20, "1000Mi"),
        (100 * 10**9, "100G"),
        (Decimal("0.25"), "250m"),
        (Decimal("1.5"), "1500m"),
        (2, "2"),
        (0, "0"),
        (-1024, "-1Ki"),
    ],
)
def test_a_quantity_is_written_in_its_shortest_form(amount: Decimal | int, text: str) -> None:
    assert format_quantity(amount) == text


def test_an_amount_that_kubernetes_cannot_express_is_not_written() -> None:
    with pytest.raises(ValueError, match="finer than a billionth"):
        format_quantity(Decimal("1e-10"))


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=9))
def test_what_is_written_is_read_back_as_the_same_amount(amount: Decimal) -> None:
    assert parse_quantity(format_quantity(amount)) == amount


@given(st.integers(min_value=-(2**62), max_value=2**62))
def test_whole_amounts_are_read_back_exactly(amount: int) -> None:
    assert parse_quantity(format_quantity(amount)) == amount


@given(st.integers(0, 999), st.integers(0, 999), st.sampled_from([SUFFIXES, BINARY_SUFFIXES]), st.data())
def test_a_larger_suffix_is_a_larger_amount(smaller: int, larger: int, suffixes: tuple[str, ...], data: st.DataObject) -> None:
    first, second = sorted(data.draw(st.lists(st.integers(0, len(suffixes) - 1), min_size=2, max_size=2, unique=True)))
    assert parse_quantity(f"{smaller}{suffixes[first]}") < parse_quantity(f"{larger + 1}{suffixes[second]}")


@given(st.integers(-999, 999), st.integers(-999, 999), st.sampled_from([*SUFFIXES, *BINARY_SUFFIXES]))
def test_under_one_suffix_quantities_are_ordered_as_their_numbers(one: int, other: int, suffix: str) -> None:
    assert (parse_quantity(f"{one}{suffix}") < parse_quantity(f"{other}{suffix}")) is (one < other)
