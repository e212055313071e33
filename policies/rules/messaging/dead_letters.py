"""What marks a queue or consumer as one of dead letters, which needs no others (MSG-006)."""

from __future__ import annotations

from typing import Final

from policies.model import Resource

DEAD_LETTERS_MARKER: Final = "platform/dlq"


def may_be_of_dead_letters(resource: Resource) -> bool:
    """Whether an object is annotated so, or its annotation is unknown (noted)."""
    marker = resource.at("metadata.annotations")[DEAD_LETTERS_MARKER]
    return marker.may_satisfy(lambda content: str(content).lower() == "true")
