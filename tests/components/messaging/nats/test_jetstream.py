from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from components.messaging.nats.jetstream import DEAD_LETTER_BYTES, kept_bytes, stored_bytes, usable_bytes


def test_what_is_kept_is_what_comes_while_nothing_is_old_enough_to_go() -> None:
    assert kept_bytes(messages_per_day=100_000_000, bytes_per_message=652, max_age=timedelta(days=7)) == 456_400_000_000
    assert kept_bytes(messages_per_day=1, bytes_per_message=1, max_age=timedelta(hours=12)) == 1


def test_every_copy_counts_and_so_do_its_dead_letters() -> None:
    assert stored_bytes(2**30, replicas=3, dead_letters=False) == 3 * 2**30
    assert stored_bytes(2**30, replicas=3, dead_letters=True) == 3 * (2**30 + DEAD_LETTER_BYTES)


def test_of_a_volume_whole_mebibytes_are_usable() -> None:
    assert usable_bytes(500 * 2**30) == 425 * 2**30
    assert usable_bytes(2**20) == 0


@given(st.integers(min_value=0, max_value=2**50))
def test_85_percent_of_a_volume_are_usable_to_within_a_mebibyte(volume: int) -> None:
    usable = usable_bytes(volume)
    assert usable % 2**20 == 0
    assert 0 <= volume * 85 - usable * 100 < 100 * 2**20
