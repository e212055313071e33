"""What a check says of a cluster."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from facts.tiers import Tier
from policies.catalogue import requirements
from policies.findings import Level


class State(StrEnum):
    """What came of a question: only what is missing keeps a stack from being deployed."""

    MISSING = "missing"
    ADVICE = "advice"
    UNCHECKED = "unchecked"
    FINE = "fine"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One answer.

    Attributes:
        state: how much it counts.
        subject: what was asked about, in a word or two.
        problem: what was found; of what is fine, what is there.
        cure: an imperative sentence; empty where nothing is to be done.
        requirement: the catalogue's id of what asks for it; empty where the stack itself would not run.
    """

    state: State
    subject: str
    problem: str
    cure: str = ""
    requirement: str = ""


def fine(subject: str, found: str) -> Finding:
    """Something is as it should be."""
    return Finding(state=State.FINE, subject=subject, problem=found)


def missing(subject: str, problem: str, cure: str, requirement: str = "") -> Finding:
    """The stack would not run without it, or its tier asks for it."""
    return Finding(state=State.MISSING, subject=subject, problem=problem, cure=cure, requirement=requirement)


def advice(subject: str, problem: str, cure: str, requirement: str = "") -> Finding:
    """Worth knowing in every tier."""
    return Finding(state=State.ADVICE, subject=subject, problem=problem, cure=cure, requirement=requirement)


def unchecked(subject: str, problem: str, cure: str) -> Finding:
    """Nobody can tell: the user may not look, or no API says it."""
    return Finding(state=State.UNCHECKED, subject=subject, problem=problem, cure=cure)


def weigh(finding: Finding, tier: Tier) -> Finding | None:
    """What a finding counts in a tier: what its requirement only advises there is advice, what it does not ask for there is nothing."""
    if finding.state is not State.MISSING or not finding.requirement:
        return finding
    level = requirements()[finding.requirement].level_in(tier)
    if level is None:
        return None
    return finding if level is Level.MANDATORY else replace(finding, state=State.ADVICE)
