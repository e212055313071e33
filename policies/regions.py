"""Regions of clouds as rules see them: where a stack is, where a resource is, and which region takes over."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from policies.model import Resource, Stack
from policies.values import Value

PROVIDERS: Final = ("pulumi:providers:aws", "pulumi:providers:azure-native")
RECOVERY_KEY: Final = "plinth:disasterRecovery"

_PLACES: Final = ("plinth:aws", "plinth:azure")
_PLAIN: Final = ("aws:region", "azure-native:location", "plinth:region", "plinth:location")
_KEYS: Final = ("region", "location")
_EVERYWHERE: Final = "global"


def normalised(region: Any) -> str | None:
    """A region as clouds compare it (``West Europe`` is ``westeurope``); None for what is not one, or is everywhere."""
    if not isinstance(region, str):
        return None
    plain = region.replace(" ", "").lower()
    return plain if plain and plain != _EVERYWHERE else None


def home_regions(stack: Stack) -> frozenset[str]:
    """The regions that the stack's configuration puts it in; none where it does not say."""
    named = [stack.config.get(key) for key in _PLAIN]
    named += [region for key in _PLACES for region in _named(_read(stack.config.get(key)))]
    return frozenset(filter(None, map(normalised, named)))


def recovery_regions(stack: Stack) -> frozenset[str] | None:
    """The regions that take over by configuration; None where it is not set to recover from the loss of one."""
    content = _read(stack.config.get(RECOVERY_KEY))
    if not content:
        return None
    return frozenset(filter(None, map(normalised, _named(content))))


def region_of(resource: Resource) -> Value:
    """Where the region of a resource stands: with itself, else with its provider; a provider's own stands with itself, too."""
    for key in _KEYS:
        if resource[key].peek("the rule that asks says what an unknown region means") is not None:
            return resource[key]
    given = {} if resource.provider is None else resource.provider.properties
    held = next((given[key] for key in _KEYS if given.get(key) is not None), None)
    return resource["region"] if held is None else Value(held, "provider.region", resource.trace)


def regions_of(resources: Sequence[Resource]) -> frozenset[str]:
    """The regions of resources, as far as they are known."""
    return frozenset(filter(None, (normalised(region_of(each).peek("an unknown one is not known to be another")) for each in resources)))


def _named(content: Any) -> Iterator[Any]:
    if isinstance(content, Mapping):
        yield from (content.get(key) for key in _KEYS)


def _read(text: str | None) -> Any:
    """A value of the configuration: an object or list as JSON, anything else as it is written."""
    try:
        return None if text is None else json.loads(text)
    except ValueError:
        return text
