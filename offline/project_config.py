"""The configuration that Pulumi.yaml declares for every stack: values, defaults, types, and what a stack has to give."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from facts.yaml_text import kind
from offline.errors import StackFileError

_DECLARATION: Final = frozenset({"default", "description", "items", "secret", "type", "value"})
_TYPES: Final = frozenset({"array", "boolean", "integer", "object", "string"})


def with_project_config(
    given: Mapping[str, Any], declared: Mapping[str, Any], *, project: str, project_file: Path, stack_file: Path
) -> dict[str, Any]:
    """The configuration ``given`` by a stack over what the project has ``declared``; all by full keys.

    Raises:
        StackFileError: a declaration is none, or the stack does not give what it asks for; all problems of one kind at once.
    """
    problems = [f"{project_file}: {problem}" for key, one in declared.items() for problem in _declaration_problems(key, one, project)]
    _refuse(problems)
    values = dict(given)
    for key, one in declared.items():
        declaration = one if isinstance(one, dict) else {"value": one}
        value = given.get(key)
        if key in given:
            problems.extend(f"{stack_file}: {key} {problem}" for problem in _value_problems(value, declaration))
        elif "value" in declaration or "default" in declaration:
            values[key] = declaration.get("value", declaration.get("default"))
            if declaration.get("secret"):
                problems.append(f"{stack_file}: {key} must be given as a secret; set it with `pulumi config set --secret {key}`")
        else:
            problems.append(f"{stack_file}: {key} is missing, which {project_file.name} asks of every stack")
    _refuse(problems)
    return values


def is_secure(value: Any) -> bool:
    """Whether ``value`` is one that only the CLI can decrypt."""
    return isinstance(value, dict) and value.keys() == {"secure"} and isinstance(value["secure"], str)


def _refuse(problems: list[str]) -> None:
    if problems:
        raise StackFileError("\n".join(problems))


def _declaration_problems(key: str, one: Any, project: str) -> list[str]:
    if not isinstance(one, dict):
        allowed = isinstance(one, (str, int, list))
        return [] if allowed else [f"config {key} is {kind(one)}; allowed is a text, whole number, boolean, list or a declaration"]
    unknown = sorted(one.keys() - _DECLARATION)
    if unknown:
        return [f"config {key}: unknown key {', '.join(map(repr, unknown))}; allowed are {', '.join(sorted(_DECLARATION))}"]
    if "value" in one and "default" in one:
        return [f"config {key} has a default and a value; give one of them"]
    if key.startswith(f"{project}:"):
        return _type_problems(key, one) if "type" in one else []
    typed = "type" in one or "value" not in one
    return [f"config {key} belongs to another namespace than {project}: give it a 'value', no type or default"] if typed else []


def _type_problems(key: str, one: Mapping[str, Any]) -> list[str]:
    if not _is_type(one):
        return [f"config {key}: the type {one['type']!r} is not allowed; use {', '.join(sorted(_TYPES))}, an array with 'items'"]
    misfit = "default" in one and not _fits(one["default"], one)
    return [f"config {key}: the default is not of the type {one['type']}"] if misfit else []


def _is_type(declaration: Mapping[str, Any]) -> bool:
    if declaration.get("type") == "array":
        items = declaration.get("items")
        return isinstance(items, dict) and _is_type(items)
    return declaration.get("type") in _TYPES


def _value_problems(value: Any, declaration: Mapping[str, Any]) -> list[str]:
    if "type" not in declaration or is_secure(value):
        return []
    if declaration.get("secret"):
        return ["must be given as a secret; set it with `pulumi config set --secret`"]
    return [] if _fits(value, declaration) else [f"is {kind(value)}; allowed is the type {declaration['type']}"]


def _fits(value: Any, declaration: Mapping[str, Any]) -> bool:
    wanted = declaration["type"]
    if wanted == "array":
        return isinstance(value, list) and all(_fits(each, declaration["items"]) for each in value)
    if wanted == "object":
        return isinstance(value, dict)
    if wanted == "boolean":
        return isinstance(value, bool) or value in {"true", "false"}
    if wanted == "integer":
        return _is_integer(value)
    # At the top of a stack's file every scalar is a text to the CLI.
    return isinstance(value, (str, bool, int, float)) or value is None


def _is_integer(value: Any) -> bool:
    if isinstance(value, str):
        return re.fullmatch(r"[-+]?[0-9]+", value) is not None
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == int(value)
