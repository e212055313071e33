from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from components.database.limits import ConnectionLimits


def test_high_are_nine_tenths_of_all_connections_and_last_all_but_the_reserved() -> None:
    limits = ConnectionLimits(most=901, reserved=5)
    assert (limits.high, limits.last) == (810, 896)


@given(most=st.integers(200, 5000))
def test_the_first_stage_always_comes_before_the_last(most: int) -> None:
    limits = ConnectionLimits(most=most, reserved=15)
    assert limits.high < limits.last < most
