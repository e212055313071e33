"""What the pack is told about a stack: its tier and settings, from the stack's configuration and from the engine's policy configuration."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from facts.tiers import Tier
from policies.model import Level
from policies.problems import describe

TIER_KEY: Final = "plinth:environment"
SETTINGS_KEY: Final = "plinth:policies"
STORAGE_RULE: Final = "volumes-name-approved-storage-class"

_ALIASES: Final[Mapping[str, Tier]] = {**{tier.value: tier for tier in Tier}, "alpha": Tier.DEV}
_Names = tuple[Annotated[str, StringConstraints(min_length=1)], ...]


@dataclass(frozen=True)
class Problem:
    """Something wrong with the configuration, which the pack reports once."""

    message: str
    level: Level = Level.MANDATORY


class PackSettings(BaseModel):
    """The value of ``plinth:policies``: how undecided rules count, and the storage classes that MSG-012 approves."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    undecided: Level = Level.ADVISORY
    approved_storage_classes: _Names | None = Field(default=None, alias="approvedStorageClasses")


class StorageRuleSettings(BaseModel):
    """The properties of the storage rule in the engine's policy configuration."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    storage_classes: _Names | None = Field(default=None, alias="storageClasses")


RULE_SCHEMAS: Final[Mapping[str, Mapping[str, Any]]] = {
    STORAGE_RULE: {
        "storageClasses": {"type": "array", "items": {"type": "string", "minLength": 1}, "description": "names that volumes may use"}
    }
}
"""JSON schema of the properties that a rule takes from the engine's policy configuration; a rule that is not listed takes none."""


def read_tier(stack: str, config: Mapping[str, str]) -> tuple[Tier, list[Problem]]:
    """The tier of a stack: its configuration, else its name, else production, the strictest."""
    given = config.get(TIER_KEY)
    if given is None:
        return _ALIASES.get(stack, Tier.PRODUCTION), []
    if given in _ALIASES:
        return _ALIASES[given], []
    allowed = ", ".join(_ALIASES)
    return Tier.PRODUCTION, [Problem(f"{TIER_KEY} is {given!r}; allowed are {allowed}. The stack is judged as production.", Level.ADVISORY)]


def read_settings(config: Mapping[str, str]) -> tuple[PackSettings, list[Problem]]:
    """The pack's settings in a stack's configuration; the defaults where they are absent or wrong."""
    text = config.get(SETTINGS_KEY)
    if text is None:
        return PackSettings(), []
    known = [field.alias or name for name, field in PackSettings.model_fields.items()]
    try:
        content = json.loads(text)
    except ValueError as error:
        return PackSettings(), [Problem(f"{SETTINGS_KEY} is no JSON ({error}); allowed is an object with {', '.join(known)}")]
    if not isinstance(content, dict):
        return PackSettings(), [Problem(f"{SETTINGS_KEY} is no object; allowed is one with {', '.join(known)}")]
    try:
        return PackSettings.model_validate(content), []
    except ValidationError as error:
        return PackSettings(), [Problem(f"{SETTINGS_KEY} is wrong: {'; '.join(describe(error, known))}")]


@dataclass(frozen=True, kw_only=True)
class RuleSettings:
    """The engine's policy configuration: properties by rule name, as far as they are right."""

    properties: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def read_properties(given: Mapping[str, Mapping[str, Any]]) -> RuleSettings:
    """Check the properties that the engine's policy configuration gives to rules."""
    properties: dict[str, Mapping[str, Any]] = {}
    problems: list[Problem] = []
    for rule, content in given.items():
        if not content:
            continue
        if rule not in RULE_SCHEMAS:
            takers = ", ".join(RULE_SCHEMAS)
            problems.append(Problem(f"the policy configuration gives {rule} {', '.join(content)}; allowed are properties of {takers}"))
            continue
        try:
            StorageRuleSettings.model_validate(content)
        except ValidationError as error:
            problems.append(Problem(f"the policy configuration of {rule} is wrong: {'; '.join(describe(error, RULE_SCHEMAS[rule]))}"))
        else:
            properties[rule] = content
    return RuleSettings(properties=properties, problems=tuple(problems))


def merge_settings(settings: PackSettings, rules: RuleSettings) -> Mapping[str, Mapping[str, Any]]:
    """By rule name, what rules read: the engine's policy configuration stands over that of the stack."""
    classes = settings.approved_storage_classes
    of_stack = {} if classes is None else {STORAGE_RULE: {"storageClasses": list(classes)}}
    return {**of_stack, **rules.properties}
