"""What queues fill, and how much of a volume they may (MSG-007's reasoning for RabbitMQ)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

USABLE_SHARE: Final = Decimal("0.5")
"""The share of a volume that message bodies may fill.

A segment file goes once none of its messages is needed any more, so settled messages stay for a while;
the log before the segments and the limit at which the server blocks publishers take the rest.
"""
DEAD_LETTER_BYTES: Final = 256 * 2**20
"""What one dead-letter queue may hold, each copy."""
_MIB: Final = 2**20


def queue_bytes(max_bytes: int) -> int:
    """Bytes that one copy of a queue and of its dead-letter queue may hold."""
    return max_bytes + DEAD_LETTER_BYTES


def usable_bytes(volume: Decimal | int) -> int:
    """Bytes of a volume that message bodies may fill, in whole MiB."""
    return int(Decimal(volume) * USABLE_SHARE // _MIB) * _MIB
