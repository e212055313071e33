"""Ctrl-C ends the command at once."""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import Final

INTERRUPTED: Final = 130
"""Exit code of a command that was interrupted: 128 and the number of SIGINT."""

_SHOW_CURSOR: Final = "\x1b[?25h\n"
"""A moving progress line hides the cursor of the terminal."""


def leave_on_interrupt() -> None:
    """Make SIGINT end the process with :data:`INTERRUPTED`, without a word.

    As a ``KeyboardInterrupt`` it would come out of whatever runs just then: an event loop that waits for its tasks, or a callback
    that swallows it. A preview holds nothing that would have to be tidied up.
    """
    signal.signal(signal.SIGINT, _leave)


def tidy_up_on_interrupt() -> None:
    """Let SIGINT and SIGTERM come out as ``KeyboardInterrupt``, for a command that has something to end or to remove."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    if os.isatty(2):
        os.write(2, _SHOW_CURSOR.encode())
    os._exit(INTERRUPTED)
