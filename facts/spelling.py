"""What somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(given: str, known: Iterable[str]) -> str | None:
    """The one of ``known`` that was probably meant: in another case, cut short, or with a slip; None where there is none."""
    folded = {name.lower(): name for name in known}
    lower = given.lower()
    begun = [name for name in folded if lower and (name.startswith(lower) or lower.startswith(name))]
    found = [lower] if lower in folded else begun or get_close_matches(lower, folded, n=1)
    return folded[found[0]] if found else None
