"""Tags of cloud resources, those included that the provider of AWS gives to all of its resources."""

from __future__ import annotations

import json
from typing import Any

from policies.model import Resource
from policies.values import UNKNOWN, Value


def tag(resource: Resource, *names: str) -> Value:
    """The first tag of these names: the resource's own, else the provider's; where there is none, the place where it would stand.

    The engine shows the provider's among the resource's own, once the provider has checked them.
    """
    provider = resource.provider.properties.get("defaultTags") if resource.provider is not None else None
    defaults = Value(_read(provider), "provider.defaultTags", resource.trace)["tags"]
    for place in (holder[name] for holder in (resource["tags"], resource["tagsAll"], defaults) for name in names):
        if place.peek("the rule that asks for a tag says what an unknown one means") is not None:
            return place
    return resource["tags"][names[0]]


def _read(content: Any) -> Any:
    """What a provider is given is text for the engine: objects come as JSON."""
    if not isinstance(content, str):
        return content
    try:
        return json.loads(content)
    except ValueError:
        return UNKNOWN
