"""What is wrong with data that a person wrote: each place with what is allowed there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from facts.yaml_text import kind

_NOT_OF_KIND: Final = {
    "dict_type": "a mapping",
    "list_type": "a list",
    "string_type": "a text",
    "tuple_type": "a list",
}


def describe(error: ValidationError, known: Iterable[str], prefix: str = "") -> list[str]:
    """One sentence for each error: its dotted place, and what is allowed; ``known`` are the keys that a mapping may have."""
    return [sentence for _, sentence in locate(error, known, prefix)]


def locate(error: ValidationError, known: Iterable[str], prefix: str = "") -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The sentences of :func:`describe`, each with the path of its place."""
    keys = ", ".join(known)
    for each in error.errors():
        yield each["loc"], _sentence(each, keys, prefix)


def _sentence(error: ErrorDetails, known: str, prefix: str) -> str:
    place = prefix + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error["loc"])
    return f"{place.removeprefix('.') or 'value'}{_verdict(error, known)}"


def _verdict(error: ErrorDetails, known: str) -> str:
    given, wrong = error["input"], error["type"]
    if wrong in {"model_type", "model_attributes_type"}:
        return f" is {kind(given)}; allowed is a mapping with {known}"
    if wrong in _NOT_OF_KIND:
        return f" is {kind(given)}; allowed is {_NOT_OF_KIND[wrong]}"
    sentences = {
        "extra_forbidden": f" is unknown; allowed are {known}",
        "missing": " is missing; required",
        "string_too_short": " is empty; allowed is a text",
    }
    return sentences.get(wrong) or f": {error['msg'].removeprefix('Value error, ')} (given: {_shown(given)})"


def _shown(content: object) -> str:
    return repr(content) if isinstance(content, str) else kind(content)
