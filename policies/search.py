"""Search through inputs of any shape, such as the values of a chart that the pack does not know."""

from __future__ import annotations

from collections.abc import Iterator

from policies.values import Value


def everywhere(root: Value) -> Iterator[tuple[str, Value]]:
    """Every key of every mapping below ``root`` with its place; parts that say ``enabled: false`` or are unknown are passed over.

    What stands in a part whose switch is unknown counts only once the switch is known.
    """
    for key, part in root.below():
        if is_switched_off(part):
            continue
        place = part.provided(part["enabled"])
        if isinstance(key, str):
            yield key, place
        yield from everywhere(place)


def is_switched_off(part: Value) -> bool:
    """Whether a part of the values says ``enabled: false``, so that the chart leaves it out."""
    return part["enabled"].known is False
