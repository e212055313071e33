"""What is wrong with data that a person wrote: each place with what is allowed there."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import ValidationError
from pydantic_core import ErrorDetails


def describe(error: ValidationError, known: Iterable[str], prefix: str = "") -> list[str]:
    """One sentence for each error: its dotted place, and what is allowed; ``known`` are the keys that a mapping may have."""
    return [_sentence(each, ", ".join(known), prefix) for each in error.errors()]


def _sentence(error: ErrorDetails, known: str, prefix: str) -> str:
    place = prefix + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error["loc"])
    place = place.removeprefix(".") or "value"
    if error["type"] == "extra_forbidden":
        return f"{place} is unknown; allowed are {known}"
    if error["type"] == "missing":
        return f"{place} is missing; required"
    given = "" if isinstance(error["input"], (dict, list)) else f" (given: {error['input']!r})"
    return f"{place}: {error['msg'].removeprefix('Value error, ')}{given}"
