"""What all settings models share: frozen, no unknown keys, camelCase in files, and rules between their own fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

CONTRADICTIONS: Final = "contradictions"
RETIRED: Final = "x-retired"
"""Keyword of the JSON Schema of a section: keys of former releases, each with what to do instead."""
Contradiction = tuple[tuple[str | int, ...], str]
"""Where, from the model on, in the keys of the file; and what is wrong."""


class Section(BaseModel):
    """A mapping of settings."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, hide_input_in_errors=True)

    def contradictions(self) -> Iterator[Contradiction]:
        """What the fields, right each by itself, say against each other."""
        yield from ()

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        refuse(self.contradictions())
        return self


def refuse(contradictions: Iterable[Contradiction]) -> None:
    """Report all of them at once, where there are any.

    Raises:
        PydanticCustomError: its context holds the contradictions.
    """
    found = list(contradictions)
    if found:
        raise PydanticCustomError(CONTRADICTIONS, "{summary}", {"summary": "; ".join(text for _, text in found), "found": found})


def twice(values: Sequence[str], field: str) -> Iterator[Contradiction]:
    """Each value that stands more than once in the list ``field``."""
    for place, value in enumerate(values):
        if value in values[:place]:
            yield (field, place), f"{value} stands twice; name each one once"
