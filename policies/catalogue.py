"""The catalogue of operational requirements, and how a violation of each counts in a tier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from facts.tiers import Tier
from policies.findings import Level

CATALOGUE: Final = Path(__file__).parent / "requirements.yaml"
SPEAK_OF_DEV: Final = frozenset({"PG-004"})
"""Requirements of every tier whose text says what development has to do: mandatory there too."""

_LENIENT: Final = frozenset({Tier.LOCAL, Tier.DEV})


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """One entry of the catalogue.

    ``severity`` runs from P0 (worst) to P3; ``environments`` holds names of tiers or ``all``, and is empty where the entry is no rule
    for a stack; ``policy_level`` is None where no policy is asked for; ``enforcement`` names what can hold it.
    """

    id: str
    title: str
    category: str
    severity: str
    environments: frozenset[str]
    requirement: str
    policy_level: Level | None
    enforcement: tuple[str, ...]

    def level_in(self, tier: Tier) -> Level | None:
        """How a violation counts in ``tier``; None where the requirement says nothing about that tier."""
        if not self.environments & {tier.value, "all"}:
            return None
        if tier in _LENIENT and tier.value not in self.environments and self.id not in SPEAK_OF_DEV:
            return Level.ADVISORY
        return self.policy_level or Level.ADVISORY


@cache
def requirements() -> Mapping[str, Requirement]:
    """Every requirement by its id, in the order of the catalogue."""
    # The C loader reads the file in a tenth of the time; a pack is started anew for each preview.
    entries = yaml.load(CATALOGUE.read_bytes(), Loader=yaml.CSafeLoader)["requirements"]
    return {
        entry["id"]: Requirement(
            id=entry["id"],
            title=entry["title"],
            category=entry["category"],
            severity=entry["severity"],
            environments=frozenset(entry["environments"]),
            requirement=entry["requirement"],
            policy_level=Level(entry["policy_level"]) if entry["policy_level"] else None,
            enforcement=tuple(entry["enforcement"]),
        )
        for entry in entries
    }
