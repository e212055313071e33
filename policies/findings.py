"""What a rule says: plain data, made by the verbs of :class:`policies.values.Value` or by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How a violation counts: a mandatory one stops the update."""

    ADVISORY = "advisory"
    MANDATORY = "mandatory"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that a rule holds against a resource.

    ``problem`` says what is wrong and why it matters, ``cure`` what to write instead. ``path`` is
    the dotted place in the inputs and ``value`` what stands there as a message may show it; both
    are empty where the finding is about the resource as a whole. ``level`` lowers the rule's level
    where the requirement calls a part of it advisory; ``urn`` names the resource. ``requirements`` are
    those of the rule's ids that it is about, where not all.
    """

    problem: str
    cure: str
    path: str = ""
    value: str = ""
    level: Level | None = None
    urn: str = ""
    requirements: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """Place and value: ``spec.replicas = 1``; empty where there is no place."""
        return f"{self.path} = {self.value}" if self.path else ""


Findings = Iterable[Finding]
