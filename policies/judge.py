"""Runs rules over resources and says what they found: levels by tier, waivers, undecided and failing rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Generic, TypeVar

from facts.tiers import Tier
from policies.catalogue import requirements
from policies.findings import Finding, Findings, Level
from policies.ledger import Ledger
from policies.model import Resource, ResourceRule, Rule, Stack, StackRule
from policies.values import Secret, Trace
from policies.waivers import Waiver

R_co = TypeVar("R_co", bound=Rule, covariant=True)
T = TypeVar("T")


@dataclass(frozen=True)
class EffectiveRule(Generic[R_co]):
    """A rule as it counts in one tier.

    ``levels`` holds those of the rule's requirements that say something about the tier, and how a violation of each counts; ``override``
    is the level that the user of the pack asked for in place of all of them.
    """

    rule: R_co
    levels: Mapping[str, Level]
    override: Level | None = None

    def level(self, ids: Iterable[str]) -> Level:
        """How a violation of the requirements ``ids`` counts: like the strictest."""
        return self.override or max((self.levels[each] for each in ids), key=_weight)

    def about(self, finding: Finding) -> EffectiveRule[R_co]:
        """The rule with those of its requirements that a finding is about."""
        if not finding.requirements:
            return self
        return replace(self, levels={each: level for each, level in self.levels.items() if each in finding.requirements})


def levels_in(rule: Rule, tier: Tier) -> Mapping[str, Level]:
    """The level of each requirement of ``rule`` that says something about ``tier``."""
    catalogue = requirements()
    return {each: level for each in rule.requirements if (level := catalogue[each].level_in(tier)) is not None}


class Kind(StrEnum):
    """What a verdict tells of."""

    VIOLATION = "violation"
    UNDECIDED = "undecided"
    WAIVED = "waived"
    FAILURE = "failure"
    """The rule itself failed."""
    CONFIGURATION = "configuration"
    """The pack's own configuration or its waivers need a hand."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """One thing to tell the user; ``urn`` is empty where it is about the whole stack.

    ``policy`` is the name of the rule and ``requirements`` are those of its ids that the verdict is
    about, each of which would need a waiver. ``finding`` is what a rule holds against a resource,
    ``unknown`` are the paths that left it undecided, ``waiver`` is the one that covers it.
    """

    policy: str
    message: str
    level: Level
    urn: str
    kind: Kind
    requirements: tuple[str, ...] = ()
    finding: Finding | None = None
    unknown: tuple[str, ...] = ()
    waiver: Waiver | None = None


@dataclass(frozen=True)
class Judge:
    """Runs rules with what is known of a stack. ``undecided`` is the level of a rule that met an unknown value."""

    about: Stack
    ledger: Ledger
    undecided: Level = Level.ADVISORY

    def resource(self, effective: EffectiveRule[ResourceRule], resource: Resource) -> Iterator[Verdict]:
        """What one rule has to say of one resource."""
        trace = resource.trace
        trace.unknown = {}
        found, failure = _collect(effective.rule.check, resource, self.about)
        yield from self._violations(effective, found, resource.urn)
        if trace.unknown:
            yield self._undecided(effective, trace, resource.urn)
        if failure is not None:
            yield _failed(effective, failure, [resource], resource.urn)

    def stack(self, effective: EffectiveRule[StackRule], resources: Sequence[Resource]) -> Iterator[Verdict]:
        """What one rule has to say of all resources of its types."""
        traced = [replace(each, trace=Trace()) for each in resources]
        found, failure = _collect(effective.rule.check, traced, self.about)
        yield from self._violations(effective, found)
        for each in traced:
            if each.trace.unknown:
                yield self._undecided(effective, each.trace, each.urn)
        if failure is not None:
            yield _failed(effective, failure, resources, "")

    def _violations(self, effective: EffectiveRule[Rule], found: Iterable[Finding], urn: str | None = None) -> Iterator[Verdict]:
        """Findings as verdicts, about ``urn`` or what each names, where their requirements say something about the tier."""
        for finding in found:
            narrowed = effective.about(finding)
            if narrowed.levels:
                yield self._violation(narrowed, finding, finding.urn if urn is None else urn)

    def _violation(self, effective: EffectiveRule[Rule], finding: Finding, urn: str) -> Verdict:
        where = f" ({finding.where})" if finding.where else ""
        cure = _bare(finding.cure)
        text = f"{_bare(finding.problem)}{where}. {cure[:1].upper()}{cure[1:]}."
        level = finding.level or Level.MANDATORY
        return replace(
            self._verdict(effective, Kind.VIOLATION, text, urn, lambda ids: min(effective.level(ids), level, key=_weight)), finding=finding
        )

    def _undecided(self, effective: EffectiveRule[Rule], trace: Trace, urn: str) -> Verdict:
        paths = tuple(path or "the whole of its inputs" for path in trace.unknown)
        verb = "is" if len(paths) == 1 else "are"
        text = f"undecided: {', '.join(paths)} {verb} unknown at preview; the update will tell."
        return replace(self._verdict(effective, Kind.UNDECIDED, text, urn, lambda _: self.undecided), unknown=paths)

    def _verdict(self, effective: EffectiveRule[Rule], kind: Kind, text: str, urn: str, level: Callable[[Iterable[str]], Level]) -> Verdict:
        """A verdict with its waivers taken into account; ``level`` is asked for the requirements that none covers.

        A waiver covers one requirement: the violation stays, with the other ids of its rule, until all of them are waived.
        """
        name, waivers = effective.rule.name, {each: self.ledger.find(each, urn) for each in effective.levels}
        lapses = {each: waiver and self.ledger.lapse(waiver) for each, waiver in waivers.items()}
        ids = tuple(each for each, waiver in waivers.items() if waiver is None or lapses[each])
        if not ids:
            first = min(filter(None, waivers.values()), key=lambda waiver: waiver.expires)
            message = f"{_bracket(effective.levels)} {_waived(first)}: {text}"
            return Verdict(
                policy=name,
                message=message,
                level=Level.ADVISORY,
                urn=urn,
                kind=Kind.WAIVED,
                requirements=tuple(effective.levels),
                waiver=first,
            )
        said = "".join(f" Its waiver by {waiver.owner} {lapses[each]}." for each in ids if (waiver := waivers[each]) is not None)
        return Verdict(policy=name, message=f"{_bracket(ids)} {text}{said}", level=level(ids), urn=urn, kind=kind, requirements=ids)


def _collect(check: Callable[[T, Stack], Findings], subject: T, about: Stack) -> tuple[list[Finding], Exception | None]:
    found: list[Finding] = []
    try:
        found.extend(check(subject, about))
    except Exception as error:  # noqa: BLE001 # whatever a rule raises must not silence the others
        return found, error
    return found, None


def _failed(effective: EffectiveRule[Rule], error: Exception, resources: Iterable[Resource], urn: str) -> Verdict:
    text = f"{type(error).__name__}: {error}"
    for each in resources:
        for secret in _secrets(each.properties):
            text = text.replace(secret, "[secret]")
    message = f"{_bracket(effective.levels)} the rule itself failed: {text}"
    return Verdict(policy=effective.rule.name, message=message, level=Level.MANDATORY, urn=urn, kind=Kind.FAILURE)


def _secrets(content: Any, *, hidden: bool = False) -> Iterator[str]:
    """Every text that is secret, so that an exception cannot show it."""
    if isinstance(content, Secret):
        yield from _secrets(content.value, hidden=True)
    elif isinstance(content, Mapping):
        for below in content.values():
            yield from _secrets(below, hidden=hidden)
    elif isinstance(content, list):
        for below in content:
            yield from _secrets(below, hidden=hidden)
    elif hidden and isinstance(content, str) and content:
        yield content


def _waived(waiver: Waiver) -> str:
    return f"waived until {waiver.expires} by {waiver.owner} ({' '.join(waiver.reason.split())})"


def _bracket(ids: Iterable[str]) -> str:
    return f"[{' '.join(ids)}]"


def _bare(text: str) -> str:
    return text.rstrip(". ")


def _weight(level: Level) -> bool:
    return level is Level.MANDATORY
