"""Short ways to ask what a program registered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from offline.engine import RecordedResource, Run

    Preview = Callable[..., Run]


def of_type(run: Run, token: str) -> list[RecordedResource]:
    """The resources of a type, in the order of their registration."""
    return [resource for resource in run.resources if resource.type == token]


def the(run: Run, token: str, name: str) -> RecordedResource:
    """The one resource of this type and name."""
    (resource,) = (resource for resource in of_type(run, token) if resource.name == name)
    return resource


def document(resource: RecordedResource, key: str) -> Any:
    """An input that is a JSON document."""
    return json.loads(resource.inputs[key])


def option(resource: RecordedResource, name: str) -> Any:
    """A resource option; None where it was not given."""
    return resource.options.get(name)


def behind(run: Run, resource: RecordedResource) -> set[str]:
    """The URNs of all that is created before ``resource``."""
    by_urn = {each.urn: each for each in run.resources}
    found: set[str] = set()
    left = list(resource.dependencies)
    while left:
        urn = left.pop()
        if urn not in found:
            found.add(urn)
            left.extend(by_urn[urn].dependencies)
    return found
