"""How deviations go over defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """``over`` on top of ``base``: mappings merge key by key, everything else, lists too, replaces. Neither is changed.

    None takes away a mapping of ``base``: that is how a default is left out. Elsewhere it stays, for somebody to refuse.
    """
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        if value is None and isinstance(below, Mapping):
            del merged[key]
        elif isinstance(below, Mapping) and isinstance(value, Mapping):
            merged[key] = merge(below, value)
        else:
            merged[key] = value
    return merged
