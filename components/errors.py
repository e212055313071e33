"""What is wrong with the arguments of a component."""

from __future__ import annotations


class ComponentError(ValueError):
    """The arguments of a component contradict each other or what its provider allows; the message says what is allowed."""
