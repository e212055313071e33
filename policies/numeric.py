"""Numbers as they come in inputs: ``3``, ``3.0`` and ``"3"`` are the same."""

from __future__ import annotations

from typing import Any


def number(content: Any) -> float:
    """The number that an input holds.

    Raises:
        TypeError: the content is not a number, or nothing.
        ValueError: the text is not a number.
    """
    if isinstance(content, bool):
        raise TypeError(f"{content} is not a number")
    return float(content)
