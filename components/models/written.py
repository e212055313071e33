"""How a setting is written: parsed once, with bounds, and said in its error and in the JSON Schema alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final, TypeVar

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from facts.duration import format_duration, parse_duration
from facts.quantity import format_quantity, parse_quantity

ALLOWED: Final = "x-allowed"
"""Keyword of the JSON Schema of a type: what it allows, in words."""
_Measure = TypeVar("_Measure", timedelta, Decimal)


class OutOfBoundsError(Exception):
    """A value that is well written but too small, too large or in between."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """How a setting is written: ``what`` in words, a ``pattern`` for editors and one example; ``parse`` turns the text into its value.

    Without ``parse`` the text is the value and the pattern decides. ``write`` turns the value back into
    text. ``numbers`` allows it to be written as a number too.
    """

    what: str
    pattern: str
    example: str
    parse: Callable[[str], object] | None = None
    write: Callable[[Any], str] = str
    numbers: bool = False

    def read(self, given: object) -> object:
        """The value of what was given.

        Raises:
            ValueError: it is not written like this.
        """
        if self.numbers and isinstance(given, int | float) and not isinstance(given, bool):
            return self.read(str(given))
        if isinstance(given, int | float) and not isinstance(given, bool):
            # YAML has made a number of it: 17.10 has become 17.1, and leading zeros are gone.
            raise ValueError(f"allowed is {self.what}; write it in quotes, such as '{self.example}'")  # noqa: TRY004 # pydantic collects only these
        if not isinstance(given, str):
            raise ValueError(self.allowed)  # noqa: TRY004 # likewise
        if self.parse:
            return self._parse(given, self.parse)
        # ASCII: \d would match the digits of every script, which editors' patterns and AWS do not.
        if not re.search(self.pattern, given, re.ASCII) or given.endswith("\n"):
            raise ValueError(self.allowed)
        return given

    def _parse(self, given: str, parse: Callable[[str], object]) -> object:
        try:
            return parse(given)
        except OutOfBoundsError:
            raise ValueError(self.allowed) from None

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""
        return f"allowed is {self.what}, such as {self.example}"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(
            self.read, handler(source), serialization=core_schema.plain_serializer_function_ser_schema(self.write)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        del schema, handler
        kind = ["string", "number"] if self.numbers else "string"
        return {"type": kind, "pattern": self.pattern, ALLOWED: self.what, "examples": [self.example]}


def duration_of(text: str) -> timedelta:
    """The duration, which must have a unit.

    Raises:
        ValueError: it has none, or is not a duration.
    """
    # Seconds are what parse_duration takes a bare number for; whoever writes 30 here means days.
    if re.fullmatch(r"[0-9.]+", text) and text != "0":
        raise ValueError(f"{text!r} has no unit; write a duration such as 30s, 5m, 1h30m or 30d")
    return parse_duration(text)


def duration(*, least: str, most: str | None = None, step: str | None = None, example: str = "1h30m") -> Written:
    """A duration within bounds, which count as allowed."""
    return Written(
        what=f"a duration{_within(least, most, step)}",
        pattern=r"^(0|(\d+(\.\d+)?(ms|s|m|h|d|w|y))+)$",
        example=example,
        parse=_bounded(duration_of, least, most, step),
        write=write_duration,
    )


def quantity(*, least: str, most: str | None = None, step: str | None = None, example: str = "500Gi") -> Written:
    """A Kubernetes quantity within bounds, which count as allowed; it may be written as a number."""
    return Written(
        what=f"a Kubernetes quantity{_within(least, most, step)}",
        pattern=r"^\d+(\.\d+)?([eE]\d+|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$",
        example=example,
        parse=_bounded(parse_quantity, least, most, step),
        write=format_quantity,
        numbers=True,
    )


def _within(least: str, most: str | None, step: str | None) -> str:
    bounds = f" of {least} to {most}" if most else f" of at least {least}"
    return f"{bounds}, a multiple of {step}" if step else bounds


def _bounded(parse: Callable[[str], _Measure], least: str, most: str | None, step: str | None) -> Callable[[str], _Measure]:
    def read(text: str) -> _Measure:
        value = parse(text)
        if value < parse(least) or (most is not None and value > parse(most)):
            raise OutOfBoundsError
        if step is not None and value % parse(step):
            raise OutOfBoundsError
        return value

    return read


def write_duration(length: timedelta) -> str:
    """In days where it is whole days: that is how people write it."""
    day = timedelta(days=1)
    return f"{length.days}d" if length and not length % day else format_duration(length)
