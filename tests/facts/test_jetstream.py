from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from facts.jetstream import DEAD_LETTER_BYTES, stored_bytes, usable_bytes


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
