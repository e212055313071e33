"""Waivers: violations that somebody answers for until a day. Data in the repository, checked like any other input."""

from __future__ import annotations

import datetime as dt
import glob
import json
import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from facts.spelling import nearest
from facts.yaml_text import YamlTextError, kind, read_yaml
from policies.catalogue import requirements
from policies.problems import locate

WAIVERS: Final = Path(__file__).parent / "waivers.yaml"
LONGEST_DAYS: Final = 180
"""How many days ahead a waiver may end: what has to stay longer is a decision for the settings or the rules."""
P0: Final = "P0"

_SUGGESTED_DAYS: Final = 30
_BRACKETS: Final = re.compile(r"\[[^\]]*\]")
_STACK_PREFIX: Final = "urn:pulumi:"


class WaiverError(ValueError):
    """The file of waivers is wrong; ``problems`` names each mistake with its file, line and what is allowed there."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def _known_requirement(content: Any) -> Any:
    if isinstance(content, str) and content not in requirements():
        near = nearest(content.strip(), requirements())
        hint = f"did you mean {near}?" if near else "allowed are the ids of requirements.yaml, such as PG-002"
        raise ValueError(f"there is no such requirement; {hint}")
    return content


def _names_resources(pattern: str) -> str:
    if not any(map(_is_telling, _segments(pattern))):
        raise ValueError("names every resource; allowed is a URN or a glob that names a type or a name")
    return pattern


def _segments(pattern: str) -> list[str]:
    """The parts of a pattern that can name a type (which holds a colon) or, the last one, a name."""
    segments = pattern.split("::")
    if segments[0].startswith(_STACK_PREFIX):
        segments = segments[1:]
    return [each for index, each in enumerate(segments) if ":" in each or index == len(segments) - 1]


def _is_telling(segment: str) -> bool:
    return any(map(str.isalnum, _BRACKETS.sub("", segment)))


def _day(content: Any, info: ValidationInfo) -> dt.date:
    if isinstance(content, dt.date):
        return content
    try:
        day = dt.datetime.strptime(content, "%Y-%m-%d").date()  # noqa: DTZ007 # a day has no time zone
    except (TypeError, ValueError):
        raise ValueError("is not a date; allowed is a day such as 2027-01-31") from None
    today: dt.date = (info.context or {})["today"]
    last = today + dt.timedelta(days=LONGEST_DAYS)
    if day > last:
        raise ValueError(f"is more than {LONGEST_DAYS} days ahead; allowed is a day up to {last}")
    return day


_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Waiver(BaseModel):
    """One waiver of one requirement for the resources whose URN matches the glob ``resource``; in force through the day ``expires``.

    ``approved_by`` is the second owner that a P0 requirement needs in production.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    requirement: Annotated[str, BeforeValidator(_known_requirement)]
    resource: Annotated[_Text, AfterValidator(_names_resources)]
    reason: _Text
    owner: _Text
    approved_by: _Text | None = Field(default=None, alias="approvedBy")
    expires: Annotated[dt.date, BeforeValidator(_day)]

    @model_validator(mode="after")
    def _has_two_owners(self) -> Self:
        if self.approved_by is not None and self.approved_by.casefold() == self.owner.casefold():
            raise ValueError("approvedBy is the owner; allowed is somebody else")
        return self

    @property
    def stack_pattern(self) -> str | None:
        """The glob of the stacks that ``resource`` names; None where it names none."""
        head, separator, _ = self.resource.partition("::")
        named = head.removeprefix(_STACK_PREFIX)
        return named if separator and named != head else None

    def concerns_stack(self, stack: str) -> bool:
        """Whether the pattern can match a resource of ``stack``; a pattern that names no stack can."""
        return self.stack_pattern is None or fnmatchcase(stack, self.stack_pattern)


_KEYS: Final = tuple(field.alias or name for name, field in Waiver.model_fields.items())


def load_waivers(path: Path = WAIVERS, today: dt.date | None = None) -> tuple[Waiver, ...]:
    """The waivers of a YAML file: a list, which may be empty; ``today`` bounds how far ahead they may end, today in UTC where it is None.

    Raises:
        WaiverError: the file cannot be read, is not YAML or holds a wrong waiver; all problems at once.
    """
    file = f"{path.parent.name}/{path.name}"
    try:
        # Every scalar is its text: an impossible day would otherwise be no day, and an owner called `on` not a text.
        document = read_yaml(path.read_text(encoding="utf-8"), str)
    except OSError as error:
        raise WaiverError([f"{file} cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError as error:
        raise WaiverError([f"{file} is not a text in UTF-8: byte {error.start} cannot be read"]) from None
    except YamlTextError as error:
        raise WaiverError([f"{file}:{mistake}" if mistake.place else f"{file} {mistake}" for mistake in error.mistakes]) from None
    content = [] if document.content is None else document.content
    if not isinstance(content, list):
        raise WaiverError([f"{file} holds {kind(content)}; allowed is a list of waivers with {', '.join(_KEYS)}"])
    waivers, problems = _read(content, today or dt.datetime.now(tz=dt.UTC).date())
    if problems:
        raise WaiverError([f"{file}:{document.place(where)}: {problem}" for where, problem in problems])
    return tuple(waivers)


Problems = list[tuple[Sequence[str | int], str]]


def _read(content: Sequence[Any], today: dt.date) -> tuple[list[Waiver], Problems]:
    waivers: list[Waiver] = []
    problems: Problems = []
    for index, entry in enumerate(content):
        try:
            waiver = Waiver.model_validate(entry, context={"today": today}, by_name=False)
        except ValidationError as error:
            problems.extend(((index, *where), problem) for where, problem in locate(error, _KEYS, prefix=f"[{index}]"))
            continue
        if any((waiver.requirement, waiver.resource) == (other.requirement, other.resource) for other in waivers):
            problems.append(
                ((index,), f"[{index}] waives {waiver.requirement} for {waiver.resource!r} a second time; allowed is one entry for both")
            )
        waivers.append(waiver)
    return waivers, problems


def suggest_waivers(ids: Iterable[str], urn: str, today: dt.date, *, in_production: bool) -> str:
    """Entries for the file of waivers, one for each requirement of a violation; whoever answers for it fills in who and why."""
    return "".join(
        f"- requirement: {each}\n"
        f"  resource: {json.dumps(glob.escape(urn), ensure_ascii=False)}\n"
        "  reason: # why it may stay until then\n"
        "  owner: # who answers for it\n"
        + ("  approvedBy: # a second owner\n" if in_production and requirements()[each].severity == P0 else "")
        + f"  expires: {today + dt.timedelta(days=_SUGGESTED_DAYS)}\n"
        for each in ids
    )
