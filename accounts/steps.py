"""Resources of an account as they are to be: compared first, then made so. The same for every cloud.

A resource is described by functions that read and write it, so that a plan never guesses: what it
says is the difference between what is there and what is wanted, and a second run finds none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from accounts.errors import MissingRightError, MissingRightsError
from facts.display import show

_LONG: Final = 100
"""Characters of a value beyond which it says less than its name."""


class Action(StrEnum):
    """What becomes of a resource."""

    CREATE = "create"
    CHANGE = "change"
    KEEP = "keep"


@dataclass(frozen=True, kw_only=True)
class Trait:
    """Something that is true of a resource once it is right.

    ``read`` and ``wanted`` give values that compare; ``write`` makes the one into the other. Both
    are asked again when it is applied: what they follow from may have been created meanwhile.
    """

    name: str
    read: Callable[[], object]
    wanted: Callable[[], object]
    write: Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class Thing:
    """A resource of the account: whether it is there, how it is created, and what is true of it."""

    kind: str
    name: str
    exists: Callable[[], bool]
    create: Callable[[], object]
    traits: Sequence[Trait] = ()


@dataclass(frozen=True)
class Step:
    """What is to be done about a thing; ``details`` says of each trait what is set or changed."""

    thing: Thing
    action: Action
    details: Sequence[str] = ()


Failures = Callable[[], AbstractContextManager[None]]
"""A block in which what a cloud's SDK raises becomes an AccountError or a CloudError."""


def plan(things: Iterable[Thing], failures: Failures) -> Sequence[Step]:
    """Read the account, and change nothing.

    Raises:
        MissingRightsError: with all rights to read that are missing.
        AccountError: another mistake of the user.
        CloudError: the cloud failed.
    """
    steps: list[Step] = []
    missing: list[MissingRightError] = []
    for thing in things:
        try:
            with failures():
                steps.append(_compare(thing))
        except MissingRightError as right:
            missing.append(right)
    if missing:
        raise MissingRightsError(missing)
    return steps


def apply(steps: Iterable[Step], failures: Failures) -> Iterator[Step]:
    """Make everything as it is wanted, in order; each step is told once it is done.

    Raises:
        MissingRightsError: a right is missing; what was told before is done, and stays.
        AccountError: another mistake of the user.
        CloudError: the cloud failed.
    """
    for step in steps:
        if step.action is Action.KEEP:
            continue
        try:
            with failures():
                if step.action is Action.CREATE:
                    step.thing.create()
                for trait in step.thing.traits:
                    if trait.read() != trait.wanted():
                        trait.write()
        except MissingRightError as right:
            raise MissingRightsError([right]) from right
        yield step


def _compare(thing: Thing) -> Step:
    if not thing.exists():
        return Step(thing, Action.CREATE, [f"{trait.name}: {_shown(trait.wanted())}" for trait in thing.traits])
    details = []
    for trait in thing.traits:
        before, after = trait.read(), trait.wanted()
        if before != after:
            details.append(f"{trait.name}: {_difference(before, after)}")
    return Step(thing, Action.CHANGE if details else Action.KEEP, details)


def _difference(before: object, after: object) -> str:
    """What changes: of mappings the keys, and what is plain as it was and as it will be."""
    if not (isinstance(before, Mapping) and isinstance(after, Mapping)):
        return f"{_shown(before)} → {_shown(after)}"
    changed = sorted(key for key in before.keys() & after.keys() if before[key] != after[key])
    parts = {
        "adds": sorted(after.keys() - before.keys()),
        "removes": sorted(before.keys() - after.keys()),
        "changes": [f"{key}{_how(before[key], after[key])}" for key in changed],
    }
    return "; ".join(f"{word} {', '.join(keys)}" for word, keys in parts.items() if keys)


def _how(before: object, after: object) -> str:
    return f" ({_shown(before)} → {_shown(after)})" if _is_short(before) and _is_short(after) else ""


def _shown(value: object) -> str:
    """A value on one line; of a mapping what is short, and of the rest the keys."""
    if isinstance(value, Mapping):
        entries = [f"{key} {_shown(below)}" if _is_short(below) else str(key) for key, below in sorted(value.items())]
        return ", ".join(entries) or "none"
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(sorted(map(str, value))) or "none"
    return "not set" if value is None else show(value).strip('"')


def _is_short(value: object) -> bool:
    return not isinstance(value, Mapping) and len(str(value)) <= _LONG
