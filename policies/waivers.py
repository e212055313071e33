"""Waivers: violations that somebody answers for until a day. Data in the repository, checked like any other input."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Final

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError

from policies.catalogue import requirements
from policies.problems import describe

WAIVERS: Final = Path(__file__).parent / "waivers.yaml"

_KEYS: Final = ("requirement", "resource", "reason", "owner", "expires")


class WaiverError(ValueError):
    """The file of waivers is wrong; the message names every problem with its place and what is allowed there."""


def _known_requirement(content: Any) -> Any:
    if content not in requirements():
        raise ValueError("no such requirement; allowed are the ids of requirements.yaml, such as PG-002")
    return content


def _day(content: Any) -> dt.date:
    if isinstance(content, dt.date) and not isinstance(content, dt.datetime):
        return content
    try:
        return dt.datetime.strptime(content, "%Y-%m-%d").date()  # noqa: DTZ007 # a day has no time zone
    except (TypeError, ValueError):
        raise ValueError("no date; allowed is a day such as 2027-01-31") from None


_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Waiver(BaseModel):
    """One waiver of one requirement for the resources whose URN matches the glob ``resource``; in force through the day ``expires``."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    requirement: Annotated[str, BeforeValidator(_known_requirement)]
    resource: _Text
    reason: _Text
    owner: _Text
    expires: Annotated[dt.date, BeforeValidator(_day)]

    def concerns_stack(self, stack: str) -> bool:
        """Whether the pattern can match a resource of ``stack``; a pattern that names no stack can."""
        head, separator, _ = self.resource.partition("::")
        named = head.removeprefix("urn:pulumi:")
        return not separator or named == head or fnmatchcase(stack, named)


def load_waivers(path: Path = WAIVERS) -> tuple[Waiver, ...]:
    """The waivers of a YAML file: a list, which may be empty.

    Raises:
        WaiverError: the file cannot be read, is no YAML or holds a wrong waiver; all problems at once.
    """
    try:
        # Without the types that YAML guesses: an impossible day would otherwise fail there, without its place.
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 # it makes nothing but text
    except (OSError, UnicodeDecodeError) as error:
        raise WaiverError(f"{path.name} cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise WaiverError(f"{path.name} is no YAML: {' '.join(str(error).split())}") from error
    if not isinstance(content, list | None):
        raise WaiverError(f"{path.name} holds a {type(content).__name__}; allowed is a list of waivers with {', '.join(_KEYS)}")
    waivers: list[Waiver] = []
    problems: list[str] = []
    for index, entry in enumerate(content or ()):
        try:
            waiver = Waiver.model_validate(entry)
        except ValidationError as error:
            problems.extend(describe(error, _KEYS, prefix=f"[{index}]"))
            continue
        if any((waiver.requirement, waiver.resource) == (other.requirement, other.resource) for other in waivers):
            problems.append(f"[{index}] waives {waiver.requirement} for {waiver.resource!r} a second time; allowed is one entry for both")
        waivers.append(waiver)
    if problems:
        raise WaiverError(f"{path.name} is wrong: {'; '.join(problems)}")
    return tuple(waivers)


@dataclass(slots=True)
class Ledger:
    """The waivers of a run, and which of them something needed."""

    waivers: Sequence[Waiver]
    today: dt.date
    used: set[Waiver] = field(default_factory=set)

    def find(self, requirement: str, urn: str) -> Waiver | None:
        """The waiver of a violation: one in force rather than an expired one, and of those the one that lasts longest."""
        matching = [each for each in self.waivers if each.requirement == requirement and fnmatchcase(urn, each.resource)]
        self.used.update(matching)
        return max(matching, key=lambda each: each.expires, default=None)

    def is_in_force(self, waiver: Waiver) -> bool:
        """Whether the waiver still counts today."""
        return self.today <= waiver.expires

    def stale(self, stack: str) -> Iterable[tuple[Waiver, str]]:
        """The waivers to remove or to renew, each with the reason: those that have expired, and those that nothing in ``stack`` needs."""
        for waiver in self.waivers:
            if not waiver.concerns_stack(stack):
                continue
            if not self.is_in_force(waiver):
                yield waiver, f"expired on {waiver.expires}"
            elif waiver not in self.used:
                yield waiver, "waives nothing: no resource that it names violates the requirement"
