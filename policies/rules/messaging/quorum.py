"""How many brokers outlive the loss of one."""

from __future__ import annotations

from typing import Any, Final

from policies.numeric import number

LEAST: Final = 3


def forms_quorum(count: Any) -> bool:
    """Whether so many brokers keep a majority without one of them: three, or another odd number above.

    Raises:
        TypeError: the count is not a number, or nothing.
        ValueError: it is a text that is not a number.
    """
    return number(count) >= LEAST and number(count) % 2 == 1
