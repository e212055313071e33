"""The JSON Schema of stack files, from the settings models: completion and checks in editors."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from components.models.section import RETIRED
from components.models.written import ALLOWED
from facts.tiers import Tier
from stacks.defaults import DEFAULTS
from stacks.loading import NAMESPACE
from stacks.settings.places import PLACES

_Values = Mapping[Tier, Any]
"""What each tier has at some place; a tier that has nothing there is left out."""
_ENTRY: Final = "x-entry"
_DROPPED: Final = {"$defs", "title", "default", ALLOWED, RETIRED, "required", "propertyNames", "minProperties", "discriminator", _ENTRY}
"""Keywords that speak of whole settings, while a stack file holds deviations, or that editors do not know."""


def render_schema() -> str:
    """``stacks/schema.json``: JSON Schema of ``Pulumi.<stack>.yaml``, whose ``plinth:`` settings are deviations from the defaults."""
    config = {
        "description": "Configuration by key. Those of plinth: are the platform's settings; those of other namespaces are for providers.",
        "type": "object",
        **_of_places(list(PLACES)),
    }
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of a stack of Plinth",
        "type": "object",
        "properties": {
            "config": config,
            "environment": {"description": "Pulumi ESC environments to import."},
            "secretsprovider": {"type": "string", "description": "What encrypts the stack's secrets."},
            "encryptedkey": {"type": "string", "description": "The data key, encrypted by the secrets provider."},
            "encryptionsalt": {"type": "string", "description": "Salt of the passphrase's key."},
        },
        "required": ["config"],
        "additionalProperties": False,
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _of_places(places: Sequence[str]) -> Mapping[str, Any]:
    """The settings of the first of ``places`` where its section is given, or of the next; the last where none is."""
    place, *others = places
    if not others:
        return _of_place(place)
    return {"if": {"required": [f"{NAMESPACE}:{place}"]}, "then": _of_place(place), "else": _of_places(others)}


def _of_place(place: str) -> Mapping[str, Any]:
    models = PLACES[place]().model_json_schema(mode="serialization")
    settings = _deviations(models, models["$defs"], DEFAULTS[place])
    return {
        "properties": {f"{NAMESPACE}:{name}": setting for name, setting in settings["properties"].items()},
        "required": [f"{NAMESPACE}:{name}" for name in settings["required"]],
        # A key without a namespace would be one of the project's own, which is plinth too.
        "patternProperties": {rf"^(?!{NAMESPACE}:)[^:]+:.+$": True},
        "additionalProperties": False,
    }


def _deviations(node: Mapping[str, Any], models: Mapping[str, Any], defaults: _Values) -> dict[str, Any]:
    """The schema of a setting, in which nothing is required that all tiers have by default."""
    node = _resolved(node, models)
    rendered = {key: value for key, value in node.items() if key not in _DROPPED}
    if "properties" in node:
        rendered["properties"] = _properties(node["properties"], models, defaults)
        rendered["required"] = [name for name in node.get("required", ()) if len(_below(defaults, name)) < len(Tier)]
    elif "patternProperties" in node:
        ((pattern, each),) = node["patternProperties"].items()
        names = sorted({name for values in defaults.values() for name in values})
        rendered["properties"] = _properties({name: {**each, _ENTRY: True} for name in names}, models, defaults)
        rendered["patternProperties"] = {_others(pattern, names): _deviations(each, models, {})}
        rendered["additionalProperties"] = False
    elif "oneOf" in node:
        rendered["type"] = "object"
        rendered["oneOf"] = [_deviations(choice, models, {}) for choice in node["oneOf"]]
    elif "items" in node:
        rendered["items"] = _deviations(node["items"], models, {})
    if rendered.get("type") != "object":
        rendered.update(_said(node, defaults))
    return rendered


def _resolved(node: Mapping[str, Any], models: Mapping[str, Any]) -> Mapping[str, Any]:
    """The node without references and without the null of what may be left out: leaving it out is how that is written."""
    own = {key: value for key, value in node.items() if key not in {"$ref", "anyOf"}}
    if "$ref" in node:
        return {**_resolved(models[node["$ref"].rpartition("/")[2]], models), **own}
    if "anyOf" in node:
        (choice,) = (choice for choice in node["anyOf"] if choice.get("type") != "null")
        return {**_resolved(choice, models), **own}
    return own


def _properties(nodes: Mapping[str, Mapping[str, Any]], models: Mapping[str, Any], defaults: _Values) -> dict[str, Any]:
    rendered = {name: _deviations(node, models, _below(defaults, name)) for name, node in nodes.items()}
    for name, node in nodes.items():
        if _may_be_null(node) and rendered[name]["type"] == "object" and _below(defaults, name):
            rendered[name]["type"] = ["object", "null"]
    return rendered


def _may_be_null(node: Mapping[str, Any]) -> bool:
    """Whether null drops what the tier's defaults have there: a part of the platform, or an entry by name."""
    return _ENTRY in node or any(choice.get("type") == "null" for choice in node.get("anyOf", ()))


def _below(defaults: _Values, name: str) -> _Values:
    return {tier: values[name] for tier, values in defaults.items() if name in values}


def _others(pattern: str, names: Sequence[str]) -> str:
    """The pattern for all names but ``names``, which have schemas of their own."""
    return f"^(?!({'|'.join(names)})$){pattern.removeprefix('^')}" if names else pattern


def _said(node: Mapping[str, Any], defaults: _Values) -> dict[str, Any]:
    """Description and default of a single setting: what it means, what it allows, and what each tier has."""
    allowed = [f"Allowed is {node[ALLOWED]}."] if ALLOWED in node else []
    usual = list(defaults.values())
    said: dict[str, Any] = {}
    by_tier: list[str] = []
    if usual and all(value == usual[0] for value in usual):
        said["default"] = usual[0]
    elif usual:
        by_tier = [f"Defaults: {', '.join(f'{json.dumps(value)} in {tier}' for tier, value in defaults.items())}."]
    elif node.get("default") is not None:
        said["default"] = node["default"]
    meaning = [node["description"]] if "description" in node else []
    return {**said, "description": " ".join([*meaning, *allowed, *by_tier])}
