"""Resources of an account as they are to be: compared first, then made so. The same for every cloud.

A resource is described by functions that read and write it, so that a plan never guesses: what it
says is the difference between what is there and what is wanted, and a second run finds none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum

from accounts.errors import MissingRightError, MissingRightsError
from facts.display import show


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
        return Step(thing, Action.CREATE, [trait.name for trait in thing.traits])
    details = []
    for trait in thing.traits:
        before, after = trait.read(), trait.wanted()
        if before != after:
            details.append(f"{trait.name}: {_difference(before, after)}")
    return Step(thing, Action.CHANGE if details else Action.KEEP, details)


def _difference(before: object, after: object) -> str:
    """What changes: keys of mappings by name, everything else as it was and as it will be."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        parts = {
            "adds": after.keys() - before.keys(),
            "removes": before.keys() - after.keys(),
            "changes": {key for key in before.keys() & after.keys() if before[key] != after[key]},
        }
        return "; ".join(f"{word} {', '.join(sorted(map(str, keys)))}" for word, keys in parts.items() if keys)
    return f"{_shown(before)} → {_shown(after)}"


def _shown(value: object) -> str:
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(sorted(map(str, value))) or "none"
    return "not set" if value is None else show(value).strip('"')
