"""From the engine's configuration to the settings: read, put over the tier's defaults, judged as a whole."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from pydantic import ValidationError

from components.network.aws.model import Surroundings
from facts.tiers import Tier
from stacks.defaults import DEFAULTS
from stacks.errors import Problem, SettingsError
from stacks.explaining import explain
from stacks.merge import merge
from stacks.settings.tree import Settings

NAMESPACE: Final = "plinth"
_ALIKE: Final = 0.75
"""How alike two names are that differ by a slip; providers' namespaces (pulumi, aws, kubernetes, …) are not."""
_ENCRYPTED: Final = (
    "encrypted values are not allowed in settings; keep the secret in the cloud or in Vault and write the name by which it is found there"
)
_NOT_YET: Final = "this release builds on AWS alone; name the account and region in plinth:aws, and no other place"
_LATER: Final = ("azure", "existing")
"""Places that this release cannot build on yet; a stack stands on exactly one of them or on AWS."""
_TIER: Final = "environment"
_TEXTS: Final = (_TIER, "team")
"""The settings that are a text; each of the others is a mapping, which the engine hands over as JSON."""


def load_settings(config: Mapping[str, str], encrypted: Collection[str] = ()) -> Settings:
    """The settings of a stack.

    Args:
        config: the engine's configuration, ``{"plinth:network": '{"cidr": …}', "plinth:team": "…"}``. Keys of other namespaces are not
            for the platform and ignored.
        encrypted: the keys of ``config`` whose value is a secret. None of the platform's may be: secrets are passed by reference.

    Raises:
        SettingsError: with everything that is wrong.
    """
    hidden = sorted(key.partition(":")[2] for key in encrypted if key.startswith(f"{NAMESPACE}:"))
    problems = [Problem(place=(key,), message=_ENCRYPTED) for key in hidden]
    misspelt = list(_misspelt(config))
    problems += misspelt
    deviations = {key: value for key, value in _read(config) if key not in hidden}
    problems += [Problem(place=(place,), message=_NOT_YET) for place in _LATER if deviations.pop(place, None) is not None]
    try:
        settings = _validated(deviations, _tier(deviations))
    except ValidationError as error:
        # What an encrypted value or one of a misspelt namespace would have said is not missing as well.
        unread = {*hidden, *(problem.place[0] for problem in misspelt)} - deviations.keys()
        problems += [problem for problem in _of_every_tier(deviations, explain(error)) if problem.place[0] not in unread]
    else:
        if not problems:
            return settings
    raise SettingsError(problems)


def _validated(deviations: Mapping[str, Any], tier: Tier) -> Settings:
    written = merge(DEFAULTS[tier], deviations)
    aws = written.get("aws")
    surroundings = Surroundings(tier=tier, region=aws.get("region") if isinstance(aws, Mapping) else None)
    return Settings.model_validate(written, context=surroundings)


def _of_every_tier(deviations: Mapping[str, Any], problems: Sequence[Problem]) -> Sequence[Problem]:
    """``problems``, but where the tier itself is wrong nothing that only follows from one: they are problems of every tier."""
    if not any(problem.place == (_TIER,) for problem in problems):
        return problems
    for tier in Tier:
        try:
            _validated({**deviations, _TIER: tier.value}, tier)
        except ValidationError as error:
            found = explain(error)
        else:
            found = []
        problems = [problem for problem in problems if problem.place == (_TIER,) or problem in found]
    return problems


def _misspelt(config: Mapping[str, str]) -> Iterator[Problem]:
    """Keys of a namespace that nobody has, where ours was probably meant: they would be ignored."""
    for key in config:
        namespace, _, name = key.partition(":")
        if namespace != NAMESPACE and get_close_matches(namespace.lower(), [NAMESPACE], cutoff=_ALIKE):
            yield Problem(namespace=namespace, place=(name,), message=f"unknown namespace {namespace}; write {NAMESPACE}:{name}")


def _read(config: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for key, text in config.items():
        namespace, _, name = key.partition(":")
        if namespace == NAMESPACE:
            yield name, text if name in _TEXTS else _read_json(text)


def _read_json(text: str) -> Any:
    if not text:
        # What the engine makes of null.
        return None
    try:
        return json.loads(text)
    except ValueError:
        # A text where a mapping belongs: the models say so, with the place.
        return text


def _tier(deviations: Mapping[str, Any]) -> Tier:
    written = deviations.get(_TIER)
    # With an unknown tier the rest is judged too, as strictly as in production.
    return next((tier for tier in Tier if tier.value == written), Tier.PRODUCTION)
