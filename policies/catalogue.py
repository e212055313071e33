"""The catalogue of operational requirements, and how a violation of each counts in a tier."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from facts.tiers import Tier
from policies.findings import Level

CATALOGUE: Final = Path(__file__).parent / "requirements.yaml"
CLARIFICATIONS: Final = Path(__file__).parent / "clarifications.yaml"

_LENIENT: Final = frozenset({Tier.LOCAL, Tier.DEV})
_SECTION: Final = re.compile(r"^requirements:\n((?:[- #].*\n|\n)+)", re.MULTILINE)
_ENTRY: Final = re.compile(r"^- id: (\S+)\n(?:[ #].*\n|\n)*", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """One entry of the catalogue, with its clarification.

    ``severity`` runs from P0 (worst) to P3; ``environments`` holds names of tiers or ``all``, and is
    empty where the entry is not a rule for a stack; ``policy_level`` is None where no policy is asked
    for; ``enforcement`` names what can hold it (policy, repo-check, runtime-alert, none).
    """

    id: str
    title: str
    category: str
    severity: str
    environments: frozenset[str]
    requirement: str
    policy_level: Level | None
    enforcement: tuple[str, ...]
    speaks_of_dev: bool

    def level_in(self, tier: Tier) -> Level | None:
        """How a violation counts in ``tier``; None where the requirement says nothing about that tier."""
        if not self.environments & {tier.value, "all"}:
            return None
        if tier in _LENIENT and tier.value not in self.environments and not self.speaks_of_dev:
            return Level.ADVISORY
        return self.policy_level or Level.ADVISORY


class Catalogue(Mapping[str, Requirement]):
    """Every requirement by its id, in the order of the file; an entry is read when it is first asked for.

    A pack starts anew for each preview and asks for few of the entries, and reading them all takes a
    quarter of a second: the text is cut where entries begin, which in this file is at the margin.
    """

    def __init__(self, text: str, clarifications: Mapping[str, Mapping[str, Any]]) -> None:
        """``text`` is that of the catalogue; ``clarifications`` hold fields by id that stand over its own."""
        section = _SECTION.search(text)
        self._texts = {found[1]: found[0] for found in _ENTRY.finditer(section[1] if section else "")}
        self._clarifications = clarifications
        self._read: dict[str, Requirement] = {}

    def __getitem__(self, key: str) -> Requirement:
        """The entry with the id ``key``.

        Raises:
            KeyError: there is none.
        """
        if key not in self._read:
            # The C loader takes a tenth of the time; the file is the project's own and holds nothing that readers doubt.
            (entry,) = yaml.load(self._texts[key], Loader=yaml.CSafeLoader)
            self._read[key] = _requirement({**entry, **self._clarifications.get(key, {})})
        return self._read[key]

    def __contains__(self, key: object) -> bool:
        """Whether there is such an entry, without reading it."""
        return key in self._texts

    def __iter__(self) -> Iterator[str]:
        """The ids."""
        return iter(self._texts)

    def __len__(self) -> int:
        """How many entries there are."""
        return len(self._texts)


def _requirement(entry: Mapping[str, Any]) -> Requirement:
    level = entry.get("policy_level")
    return Requirement(
        id=entry["id"],
        title=entry["title"],
        category=entry["category"],
        severity=entry["severity"],
        environments=frozenset(entry["environments"]),
        requirement=entry["requirement"],
        policy_level=Level(level) if level else None,
        enforcement=tuple(entry["enforcement"]),
        speaks_of_dev=entry.get("speaks_of_dev", False),
    )


@cache
def requirements() -> Catalogue:
    """The catalogue of the repository."""
    clarifications = yaml.load(CLARIFICATIONS.read_bytes(), Loader=yaml.CSafeLoader)
    return Catalogue(CATALOGUE.read_text(encoding="utf-8"), clarifications)
