"""What JetStream stores: what a stream fills, and how much of a volume (MSG-007, MSG-009)."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Final

USABLE_SHARE: Final = Decimal("0.85")
"""The share of a volume that streams may fill (MSG-009).

The rest is head room until the fill alert is answered (ALERT-010).
"""
DEAD_LETTER_BYTES: Final = 256 * 2**20
"""What the dead letters of one stream may fill, each copy."""
_MIB: Final = 2**20
_DAY: Final = timedelta(days=1)
_TICK: Final = timedelta(microseconds=1)


def kept_messages(*, messages_per_day: int, max_age: timedelta) -> int:
    """How many messages one copy of a stream keeps at a time."""
    kept = Decimal(messages_per_day) * (max_age // _TICK) / (_DAY // _TICK)
    return int(kept.to_integral_value(ROUND_CEILING))


def kept_bytes(*, messages_per_day: int, bytes_per_message: int, max_age: timedelta) -> int:
    """Bytes of the messages that one copy of a stream keeps at a time (MSG-007)."""
    return kept_messages(messages_per_day=messages_per_day * bytes_per_message, max_age=max_age)


def stored_bytes(max_bytes: int, *, replicas: int, dead_letters: bool) -> int:
    """Bytes that a stream may fill on all volumes together, with the copies of its dead letters."""
    return (max_bytes + (DEAD_LETTER_BYTES if dead_letters else 0)) * replicas


def usable_bytes(volume: Decimal | int) -> int:
    """Bytes of a volume that JetStream may fill, in whole MiB."""
    return int(Decimal(volume) * USABLE_SHARE // _MIB) * _MIB
