"""The cascade engine of Hermes: how its workloads, scalers and consumers are told (DR-004)."""

from __future__ import annotations

from typing import Final

from policies.model import Resource
from policies.values import Value

_NAME: Final = "cascade"
_LATER: Final = "what is not known by its name yet is not taken for the engine"


def names_cascade_engine(resource: Resource, *places: Value) -> bool:
    """Whether an object is the engine's: by its own name, by a label, or by a name at one of ``places``."""
    labels = [label for _, label in resource.at("metadata.labels").children()]
    return any(_NAME in str(place.peek(_LATER)).lower() for place in (resource.at("metadata.name"), *labels, *places))
