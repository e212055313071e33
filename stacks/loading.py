"""From the engine's configuration to the settings: read, put over the tier's defaults, judged as a whole."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from pydantic import ValidationError

from components.models.surroundings import Surroundings
from facts.tiers import Tier
from stacks.defaults import DEFAULTS
from stacks.errors import Problem, SettingsError
from stacks.explaining import explain
from stacks.merge import merge
from stacks.settings.places import PLACES
from stacks.settings.tree import Settings

NAMESPACE: Final = "plinth"
_ALIKE: Final = 0.75
"""How alike two names are that differ by a slip; providers' namespaces (pulumi, aws, kubernetes, …) are not."""
_ENCRYPTED: Final = (
    "encrypted values are not allowed in settings; keep the secret in the cloud or in Vault and write the name by which it is found there"
)
_REGIONS: Final = {"aws": "region", "azure": "location"}
"""Where the section of a place says in which region of the cloud it is."""
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
    unread = {*hidden, *(problem.place[0] for problem in misspelt)}
    place, unplaced = _place({*unread, *(key for key, value in deviations.items() if value is not None)})
    problems += unplaced
    deviations = {key: value for key, value in deviations.items() if key == place or key not in PLACES}
    tree = PLACES[place]()
    try:
        settings = _validated(tree, place, deviations, _tier(deviations))
    except ValidationError as error:
        # What an encrypted value or one of a misspelt namespace would have said is not missing as well.
        unread -= deviations.keys()
        # What belongs to a place is right or wrong only once there is one.
        unread |= tree.model_fields.keys() - Settings.model_fields.keys() if unplaced else set()
        found = _of_every_tier(tree, place, deviations, explain(error, tree))
        problems += [problem for problem in found if problem.place[0] not in unread]
    else:
        if not problems:
            return settings
    raise SettingsError(problems)


def _place(keys: Collection[str | int]) -> tuple[str, Sequence[Problem]]:
    """The place that the stack stands on, or the first one with what is wrong where there is none or more than one."""
    named = [place for place in PLACES if place in keys]
    if len(named) == 1:
        return named[0], ()
    places = ", ".join(f"{NAMESPACE}:{place}" for place in PLACES)
    if named:
        message = f"a stack stands on one place alone, but there are {len(named)}; allowed is exactly one of {places}"
        return named[0], [Problem(place=(place,), message=message) for place in named[1:]]
    first = next(iter(PLACES))
    return first, [Problem(place=(first,), message=f"is missing, and so is every other place; name exactly one of {places}")]


def _validated(tree: type[Settings], place: str, deviations: Mapping[str, Any], tier: Tier) -> Settings:
    written = merge(DEFAULTS[place][tier], deviations)
    section = written.get(place)
    region = section.get(_REGIONS.get(place)) if isinstance(section, Mapping) else None
    return tree.model_validate(written, context=Surroundings(tier=tier, region=region))


def _of_every_tier(tree: type[Settings], place: str, deviations: Mapping[str, Any], problems: Sequence[Problem]) -> Sequence[Problem]:
    """``problems``, but where the tier itself is wrong nothing that only follows from one: they are problems of every tier."""
    if not any(problem.place == (_TIER,) for problem in problems):
        return problems
    for tier in Tier:
        try:
            _validated(tree, place, {**deviations, _TIER: tier.value}, tier)
        except ValidationError as error:
            found = explain(error, tree)
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
