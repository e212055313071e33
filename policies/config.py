"""What the pack is told about a stack: its tier and settings, from the stack's configuration and from the engine's policy configuration."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import AliasChoices, BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo

from facts.tiers import Tier
from policies.findings import Level
from policies.problems import describe

TIER_KEY: Final = "plinth:environment"
SETTINGS_KEY: Final = "plinth:policies"

_ALIASES: Final[Mapping[str, Tier]] = {**{tier.value: tier for tier in Tier}, "alpha": Tier.DEV}

Models = Mapping[str, type[BaseModel]]
"""By rule name, the model of what its user may set."""
Given = Mapping[type[BaseModel], BaseModel]
"""What somebody set, by model."""


@dataclass(frozen=True)
class Problem:
    """Something wrong with the configuration, which the pack reports once."""

    message: str
    level: Level = Level.MANDATORY


class PackSettings(BaseModel):
    """What ``plinth:policies`` says about the pack as a whole: how rules count that met an unknown value."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    undecided: Level = Level.ADVISORY


def read_tier(stack: str, config: Mapping[str, str]) -> tuple[Tier, list[Problem]]:
    """The tier of a stack: its configuration, else its name, else production, the strictest."""
    given = config.get(TIER_KEY)
    if given is None:
        return _ALIASES.get(stack, Tier.PRODUCTION), []
    if given in _ALIASES:
        return _ALIASES[given], []
    allowed = ", ".join(_ALIASES)
    return Tier.PRODUCTION, [Problem(f"{TIER_KEY} is {given!r}; allowed are {allowed}. The stack is judged as production.", Level.ADVISORY)]


def read_settings(config: Mapping[str, str], models: Models) -> tuple[PackSettings, Given, list[Problem]]:
    """The value of ``plinth:policies``: settings of the pack, and of rules by the names that their models give them there.

    Where it is absent or wrong, the defaults stand.
    """
    text = config.get(SETTINGS_KEY)
    if text is None:
        return PackSettings(), {}, []
    known: dict[str, type[BaseModel]] = dict.fromkeys(PackSettings.model_fields, PackSettings)
    known |= {name: model for model in models.values() for name in stack_names(model)}
    try:
        content = json.loads(text)
    except ValueError as error:
        return PackSettings(), {}, [Problem(f"{SETTINGS_KEY} is not JSON ({error}); allowed is an object with {', '.join(known)}")]
    if not isinstance(content, dict):
        return PackSettings(), {}, [Problem(f"{SETTINGS_KEY} is not an object; allowed is one with {', '.join(known)}")]
    given: dict[type[BaseModel], BaseModel] = {}
    sentences = [f"{key} is unknown; allowed are {', '.join(known)}" for key in content if key not in known]
    for model in dict.fromkeys(known.values()):
        own = {key: value for key, value in content.items() if known.get(key) is model}
        if own:
            try:
                given[model] = model.model_validate(own)
            except ValidationError as error:
                sentences.extend(describe(error, known))
    if sentences:
        return PackSettings(), {}, [Problem(f"{SETTINGS_KEY} is wrong: {'; '.join(sentences)}")]
    pack = given.pop(PackSettings, None)
    return pack if isinstance(pack, PackSettings) else PackSettings(), given, []


def stack_names(model: type[BaseModel]) -> list[str]:
    """The names that a rule's settings have in ``plinth:policies``: the second choice of each field."""
    return [name for field in model.model_fields.values() for name in _choices(field)[1:]]


def _choices(field: FieldInfo) -> list[str]:
    choices = field.validation_alias
    return [str(choice) for choice in choices.choices] if isinstance(choices, AliasChoices) else []


def schema_of(model: type[BaseModel]) -> Mapping[str, Any]:
    """JSON schema of the properties that a rule takes from the engine's policy configuration."""
    properties: Mapping[str, Any] = model.model_json_schema(by_alias=True)["properties"]
    return properties


def read_properties(given: Mapping[str, Mapping[str, Any]], models: Models) -> tuple[Given, list[Problem]]:
    """Check the properties that the engine's policy configuration gives to rules; those that are wrong are left out."""
    settings: dict[type[BaseModel], BaseModel] = {}
    problems: list[Problem] = []
    for name, content in given.items():
        if not content:
            continue
        model = models.get(name)
        if model is None:
            takers = ", ".join(models)
            problems.append(Problem(f"the policy configuration gives {name} {', '.join(content)}; allowed are properties of {takers}"))
            continue
        try:
            settings[model] = model.model_validate(content)
        except ValidationError as error:
            problems.append(Problem(f"the policy configuration of {name} is wrong: {'; '.join(describe(error, schema_of(model)))}"))
    return settings, problems
