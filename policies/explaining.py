"""A verdict taken apart, for machines and for reports that show more than its message."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from facts.display import make_presentable
from policies.catalogue import requirements
from policies.judge import Kind, Verdict
from policies.waivers import Waiver, suggest_waivers


def explain(verdict: Verdict, *, today: dt.date, in_production: bool) -> Mapping[str, Any]:
    """The parts of a verdict, as JSON has them.

    ``kind`` is that of :class:`policies.judge.Kind`; ``requirements`` the ids that would need a waiver, ``severity`` the worst of
    theirs (P0 to P3). ``problem``, ``path``, ``value`` and ``cure`` are None where the verdict has none; ``unknown`` lists the paths
    that left a rule undecided. ``waiver`` is the one that covers it, ``suggestedWaiver`` the entries to paste where one may.
    """
    finding = verdict.finding
    suggested = None
    if verdict.urn and verdict.kind in {Kind.VIOLATION, Kind.UNDECIDED}:
        suggested = suggest_waivers(verdict.requirements, verdict.urn, today, in_production=in_production)
    return {
        "kind": verdict.kind.value,
        "requirements": list(verdict.requirements),
        "severity": min((requirements()[each].severity for each in verdict.requirements), default=None),
        "problem": finding and make_presentable(finding.problem),
        "path": finding and (make_presentable(finding.path) or None),
        "value": finding and (make_presentable(finding.value) or None),
        "cure": finding and make_presentable(finding.cure),
        "unknown": [make_presentable(path) for path in verdict.unknown],
        "waiver": verdict.waiver and _shown(verdict.waiver),
        "suggestedWaiver": suggested,
    }


def _shown(waiver: Waiver) -> Mapping[str, str]:
    return {key: make_presentable(str(value)) for key, value in waiver.model_dump(by_alias=True, exclude_none=True).items()}
