"""NATS subjects: parts joined by dots; ``*`` stands for one part, a last ``>`` for one or more."""

from __future__ import annotations

from itertools import zip_longest


def overlap(one: str, other: str) -> bool:
    """Whether a message could have a subject that matches both."""
    for ours, theirs in zip_longest(one.split("."), other.split(".")):
        if ours is None or theirs is None:
            return False
        if ">" in {ours, theirs}:
            return True
        if "*" not in {ours, theirs} and ours != theirs:
            return False
    return True


def covers(wide: str, narrow: str) -> bool:
    """Whether every subject that matches ``narrow`` matches ``wide`` too."""
    for ours, theirs in zip_longest(wide.split("."), narrow.split(".")):
        if ours is None or theirs is None:
            return False
        if ours == ">":
            return True
        if theirs == ">" or ours not in {"*", theirs}:
            return False
    return True
