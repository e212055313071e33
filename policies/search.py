"""Search through inputs of any shape, such as the values of a chart that the pack does not know."""

from __future__ import annotations

from collections.abc import Iterator

from policies.values import Value


def everywhere(root: Value) -> Iterator[tuple[str, Value]]:
    """Every key of every mapping below ``root`` with its place, without the parts that :func:`where_on` leaves out."""
    for key, part in root.children():
        if not any(True for _ in part.children()):
            part.peek("what is unknown as a whole may hold anything: to note it would leave everything undecided")
        place = where_on(part)
        if place is None:
            continue
        if isinstance(key, str):
            yield key, place
        yield from everywhere(place)


def where_on(part: Value) -> Value | None:
    """A part of the values, or None where it says ``enabled: false``, so that the chart leaves it out.

    What stands in a part whose switch is unknown counts only once the switch is known.
    """
    switch = child(part, "enabled")
    if switch is None:
        return part
    if switch.peek("what stands beside it counts only once it is known") is False:
        return None
    return part.provided(switch)


def child(part: Value, key: str) -> Value | None:
    """What a mapping holds at ``key``; None where it holds nothing there, or is not a known mapping."""
    content = part.peek("a search asks for single values where it knows what they mean")
    return part[key] if isinstance(content, dict) and key in content else None
