"""Search through inputs of any shape, such as the values of a chart that the pack does not know."""

from __future__ import annotations

from collections.abc import Iterator

from policies.values import Value


def everywhere(root: Value) -> Iterator[tuple[str, Value]]:
    """Every key of every mapping below ``root`` with its place; parts that say ``enabled: false`` or are unknown are passed over."""
    for key, place in root.below():
        if is_switched_off(place):
            continue
        if isinstance(key, str):
            yield key, place
        yield from everywhere(place)


def is_switched_off(part: Value) -> bool:
    """Whether a part of the values says ``enabled: false``, so that the chart leaves it out."""
    return part["enabled"].known is False
