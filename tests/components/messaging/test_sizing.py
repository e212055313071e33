from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.messaging.sizing import SizingError, Traffic, required_volume

GIB = 2**30


def traffic(**changes: int | timedelta) -> Traffic:
    good: dict[str, int | timedelta] = {
        "messages_per_day": 100_000_000,
        "bytes_per_message": 652,
        "retention": timedelta(days=7),
        "replicas": 3,
        "servers": 3,
    }
    return Traffic(**good | changes)  # type: ignore[arg-type] # the wrong figures are the tests'


def test_a_hundred_million_messages_of_652_bytes_a_day_need_500_gib_for_a_week() -> None:
    assert required_volume(traffic()) == 501 * GIB
    assert required_volume(traffic(bytes_per_message=651)) == 500 * GIB


def test_half_a_day_needs_half_of_a_day() -> None:
    a_day = traffic(bytes_per_message=17 * GIB // 20, messages_per_day=100, retention=timedelta(days=1))
    half = traffic(bytes_per_message=17 * GIB // 20, messages_per_day=100, retention=timedelta(hours=12))
    assert (required_volume(a_day), required_volume(half)) == (100 * GIB, 50 * GIB)


@pytest.mark.parametrize("figure", ["messages_per_day", "bytes_per_message", "replicas", "servers"])
def test_a_figure_that_is_not_positive_is_refused_by_name(figure: str) -> None:
    with pytest.raises(SizingError, match=f"{figure} = 0"):
        traffic(**{figure: 0})


def test_no_retention_is_refused() -> None:
    with pytest.raises(SizingError, match="retention = 0"):
        traffic(retention=timedelta(0))


def test_more_copies_than_servers_are_refused() -> None:
    with pytest.raises(SizingError, match="5 replicas do not fit on 3 servers"):
        traffic(replicas=5)


@given(
    messages=st.integers(1, 10**10),
    size=st.integers(1, 10**6),
    days=st.integers(1, 400),
    servers=st.sampled_from([3, 5, 7]),
)
def test_what_is_stored_always_fits_into_the_usable_part_of_the_volume(messages: int, size: int, days: int, servers: int) -> None:
    volume = required_volume(
        Traffic(messages_per_day=messages, bytes_per_message=size, retention=timedelta(days=days), replicas=3, servers=servers)
    )
    stored = Decimal(messages * size * days * 3) / servers
    assert stored <= Decimal(volume) * Decimal("0.85")
    assert stored > Decimal(volume - GIB) * Decimal("0.85")
