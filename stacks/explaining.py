"""What the models object to, in the words of the person who wrote the stack file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from components.models.section import CONTRADICTIONS, RETIRED
from components.models.written import ALLOWED
from facts.display import show
from facts.spelling import nearest
from stacks.errors import Problem
from stacks.settings.tree import Settings

_BOUNDS: Final = {
    "greater_than_equal": ("ge", "at least {}"),
    "less_than_equal": ("le", "at most {}"),
    "too_short": ("min_length", "a length of at least {}"),
    "too_long": ("max_length", "a length of at most {}"),
}
_KINDS: Final = {
    "bool_type": "true or false",
    "dict_type": "a mapping (key: value)",
    "int_from_float": "a whole number",
    "int_type": "a whole number",
    "mapping_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "string_type": "a text",
    "tuple_type": "a list",
}
"""What pydantic calls the errors about the wrong kind of value, and which kind is right."""
_CHOICES: Final = ("union_tag_invalid", "union_tag_not_found")
"""What it calls those about a key that says which of several sections is given."""


def explain(error: ValidationError, tree: type[Settings]) -> list[Problem]:
    """All problems of settings that ``tree`` refused, in their order."""
    schema = tree.model_json_schema()
    return [problem for detail in error.errors(include_url=False) for problem in _explain(detail, schema)]


def _explain(detail: ErrorDetails, schema: Mapping[str, Any]) -> list[Problem]:
    place, kind, context = _keys(detail["loc"], schema), detail["type"], detail.get("ctx", {})
    if kind == "too_short" and len(detail["input"]) >= context["min_length"]:
        # Entries are missing only because they are wrong, which is told of each.
        return []
    if kind == CONTRADICTIONS:
        return [Problem(place=(*place, *below), message=text) for below, text in context["found"]]
    if kind in _CHOICES:
        # What says which of several sections it is stands within the section.
        key = context["discriminator"].strip("'")
        given = f"given {show(detail['input'][key])}" if key in detail["input"] else "is missing"
        allowed = " or ".join(_choices(_node(schema, detail["loc"])))
        return [Problem(place=(*place, key), message=f"{given}; allowed is {allowed}")]
    return [Problem(place=place, message=_message(detail, schema))]


def _message(detail: ErrorDetails, schema: Mapping[str, Any]) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    node = _node(schema, detail["loc"])
    if kind == "missing":
        allowed = node.get(ALLOWED) or " or ".join(node.get("enum", ()))
        return f"is missing; allowed is {allowed}" if allowed else f"is missing. {node['description']}"
    if kind == "extra_forbidden":
        key, section = str(detail["loc"][-1]), _node(schema, detail["loc"][:-1])
        retired: str | None = section.get(RETIRED, {}).get(key)
        return retired or _unknown_key(key, sorted(section["properties"]))
    given = show(detail["input"])
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        return f"given {given}; allowed is {words.format(context[name])}"
    if kind in _KINDS:
        return f"given {given}; allowed is {_KINDS[kind]}"
    if kind in {"enum", "literal_error"}:
        given_text = detail["input"]
        meant = nearest(given_text, re.findall("'([^']+)'", context["expected"])) if isinstance(given_text, str) else None
        hint = f"; did you mean {meant}?" if meant else ""
        return f"given {given}; allowed is {context['expected']}{hint}"
    # The types of single settings speak for themselves: they say what is allowed, or what is wrong with what was given.
    message = str(context["error"]) if "error" in context else detail["msg"]
    return f"given {given}; {message}" if message.startswith("allowed is") else message


def _unknown_key(key: str, known: Sequence[str]) -> str:
    # The value stays unsaid: whoever mistypes a key may have put a secret there.
    meant = nearest(key, known)
    hint = f"did you mean {meant}? " if meant else ""
    return f"unknown key; {hint}allowed are {', '.join(known)}"


def _keys(place: Sequence[str | int], schema: Mapping[str, Any]) -> tuple[str | int, ...]:
    """The place in the file: what is wrong with a key stands where the key does.

    Of several sections of which one is given, pydantic names that one; in the file there is only the section.
    """
    return tuple(part for depth, part in enumerate(place) if part != "[key]" and part not in _choices(_node(schema, place[:depth])))


def _choices(node: Mapping[str, Any]) -> Mapping[str, str]:
    """The sections of which one is given, by what says which."""
    mapping: Mapping[str, str] = node.get("discriminator", {}).get("mapping", {})
    return mapping


def _node(schema: Mapping[str, Any], place: Sequence[str | int]) -> Mapping[str, Any]:
    """The schema of the setting at ``place``."""

    def resolve(node: Mapping[str, Any]) -> Mapping[str, Any]:
        node = next((choice for choice in node.get("anyOf", ()) if choice.get("type") != "null"), node)
        return schema["$defs"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node

    node: Mapping[str, Any] = schema
    for part in place:
        node = resolve(node)
        by_name = next(iter(node.get("patternProperties", {}).values()), None)
        chosen = {"$ref": _choices(node)[str(part)]} if part in _choices(node) else None
        node = node.get("properties", {}).get(part) or chosen or by_name or node.get("items") or {}
    return resolve(node)
