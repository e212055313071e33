from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from components.models import scalars
from components.models.written import ALLOWED, Written, duration, quantity, write_duration
from facts.duration import format_duration
from facts.quantity import format_quantity, parse_quantity

WRITTEN: dict[str, tuple[Any, Written]] = {
    name: (kind, written)
    for name, kind in vars(scalars).items()
    for written in getattr(kind, "__metadata__", ())
    if isinstance(written, Written)
}


@pytest.mark.parametrize("name", WRITTEN)
def test_the_example_of_each_type_is_allowed_and_matches_its_pattern(name: str) -> None:
    kind, written = WRITTEN[name]
    TypeAdapter(kind).validate_python(written.example)
    assert re.search(written.pattern, written.example)


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize("given", [None, True, [], {}, " ", "no such thing!"])
def test_each_type_refuses_what_is_nothing_of_the_kind(name: str, given: object) -> None:
    kind, written = WRITTEN[name]
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(given)
    assert not isinstance(given, str) or not re.search(written.pattern, given)


@pytest.mark.parametrize("name", WRITTEN)
def test_the_schema_of_each_type_says_what_is_allowed(name: str) -> None:
    kind, written = WRITTEN[name]
    schema = TypeAdapter(kind).json_schema()
    assert (schema["pattern"], schema[ALLOWED], schema["examples"]) == (written.pattern, written.what, [written.example])
    assert ("number" in schema["type"]) is written.numbers


@given(st.integers(min_value=1, max_value=10**9).map(lambda count: timedelta(milliseconds=count)))
def test_a_duration_is_read_back_as_written_in_either_form(length: timedelta) -> None:
    kind = TypeAdapter(scalars.Duration)
    pattern = WRITTEN["Duration"][1].pattern
    for text in (format_duration(length), write_duration(length)):
        assert kind.validate_python(text) == length
        assert re.search(pattern, text)
    assert kind.dump_python(length) == write_duration(length)


@given(st.integers(min_value=1, max_value=2**60))
def test_a_quantity_is_read_back_as_written(amount: int) -> None:
    kind = TypeAdapter(scalars.Quantity)
    text = format_quantity(amount)
    assert kind.validate_python(text) == amount
    assert re.search(WRITTEN["Quantity"][1].pattern, text)
    assert kind.dump_python(Decimal(amount)) == text


@given(st.integers(min_value=1, max_value=10**6) | st.floats(min_value=0.001, max_value=10**6, allow_nan=False).map(lambda n: round(n, 3)))
def test_a_quantity_may_be_a_number(amount: float) -> None:
    assert TypeAdapter(scalars.Quantity).validate_python(amount) == parse_quantity(str(amount))


@given(st.integers(min_value=0, max_value=200))
def test_bounds_and_steps_of_a_quantity_are_kept(gib: int) -> None:
    read = quantity(least="20Gi", most="100Gi", step="5Gi").read
    if 20 <= gib <= 100 and gib % 5 == 0:
        assert read(f"{gib}Gi") == gib * scalars.GIB
    else:
        with pytest.raises(ValueError, match="allowed is a Kubernetes quantity of 20Gi to 100Gi, a multiple of 5Gi"):
            read(f"{gib}Gi")


@given(st.integers(min_value=0, max_value=100))
def test_bounds_of_a_duration_are_kept(days: int) -> None:
    read = duration(least="1d", most="35d").read
    if 1 <= days <= 35:
        assert read(f"{days}d") == timedelta(days=days)
    else:
        with pytest.raises(ValueError, match="allowed is a duration of 1d to 35d, such as"):
            read(f"{days}d")


@given(st.floats() | st.integers())
def test_no_number_is_taken_for_a_text(number: float) -> None:
    with pytest.raises(ValueError, match=r"write it in quotes, such as '17\.9'"):
        WRITTEN["PostgresVersion"][1].read(number)
