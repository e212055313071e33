"""What keeps a rehearsal from being one."""

from __future__ import annotations


class RehearsalError(Exception):
    """The rehearsal cannot go on, though it was asked for rightly."""


class PreparationError(RehearsalError):
    """Something that the user has to bring is missing or wrong: a program, a chart, the size of a machine."""
