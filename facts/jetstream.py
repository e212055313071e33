"""What JetStream stores: the share of a volume that streams may claim, and what a stream claims (MSG-009)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

USABLE_SHARE: Final = Decimal("0.85")
"""The share of a volume that stream data may fill; the rest is head room until the fill alert is answered (MSG-009, ALERT-010)."""
DEAD_LETTER_BYTES: Final = 256 * 2**20
"""What the dead letters of one stream may fill, each copy."""
_MIB: Final = 2**20


def stored_bytes(max_bytes: int, *, replicas: int, dead_letters: bool) -> int:
    """Bytes that a stream may fill on all volumes together: its copies, and those of its dead letters where it has consumers."""
    return (max_bytes + (DEAD_LETTER_BYTES if dead_letters else 0)) * replicas


def usable_bytes(volume: Decimal | int) -> int:
    """Bytes of a volume that JetStream may fill, in whole MiB."""
    return int(Decimal(volume) * USABLE_SHARE // _MIB) * _MIB
