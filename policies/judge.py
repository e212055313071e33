"""Runs rules over resources and says what they found: levels by tier, waivers, undecided and failing rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from facts.tiers import Tier
from policies.catalogue import requirements
from policies.findings import Finding, Findings, Level
from policies.model import Resource, ResourceRule, Rule, Stack, StackRule
from policies.values import Secret, Trace
from policies.waivers import Ledger, Waiver

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


def levels_in(rule: Rule, tier: Tier) -> Mapping[str, Level]:
    """The level of each requirement of ``rule`` that says something about ``tier``."""
    catalogue = requirements()
    return {each: level for each in rule.requirements if (level := catalogue[each].level_in(tier)) is not None}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing to tell the user. ``policy`` is the name of the rule; ``urn`` is empty where it is about the whole stack."""

    policy: str
    message: str
    level: Level
    urn: str


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
        for finding in found:
            yield self._violation(effective, finding, resource.urn)
        if trace.unknown:
            yield self._undecided(effective, trace, resource.urn)
        if failure is not None:
            yield _failed(effective, failure, [resource], resource.urn)

    def stack(self, effective: EffectiveRule[StackRule], resources: Sequence[Resource]) -> Iterator[Verdict]:
        """What one rule has to say of all resources of its types."""
        traced = [replace(each, trace=Trace()) for each in resources]
        found, failure = _collect(effective.rule.check, traced, self.about)
        for finding in found:
            yield self._violation(effective, finding, finding.urn)
        for each in traced:
            if each.trace.unknown:
                yield self._undecided(effective, each.trace, each.urn)
        if failure is not None:
            yield _failed(effective, failure, resources, "")

    def _violation(self, effective: EffectiveRule[Rule], finding: Finding, urn: str) -> Verdict:
        where = f" ({finding.where})" if finding.where else ""
        cure = _bare(finding.cure)
        text = f"{_bare(finding.problem)}{where}. {cure[:1].upper()}{cure[1:]}."
        return self._verdict(effective, text, urn, lowered=finding.level)

    def _undecided(self, effective: EffectiveRule[Rule], trace: Trace, urn: str) -> Verdict:
        paths = [path or "the whole of its inputs" for path in trace.unknown]
        verb = "is" if len(paths) == 1 else "are"
        text = f"undecided: {', '.join(paths)} {verb} unknown at preview; the update will tell."
        return self._verdict(effective, text, urn, fixed=self.undecided)

    def _verdict(
        self, effective: EffectiveRule[Rule], text: str, urn: str, *, lowered: Level | None = None, fixed: Level | None = None
    ) -> Verdict:
        """A violation with its waivers taken into account.

        A waiver covers one requirement: the violation stays, with the other ids of its rule, until all of them are waived.
        """
        waivers = {each: self.ledger.find(each, urn) for each in effective.levels}
        in_force = {each: waiver for each, waiver in waivers.items() if waiver is not None and self.ledger.is_in_force(waiver)}
        ids = [each for each in effective.levels if each not in in_force]
        if not ids:
            first = min(in_force.values(), key=lambda waiver: waiver.expires)
            return Verdict(effective.rule.name, f"{_bracket(effective.levels)} {_waived(first)}: {text}", Level.ADVISORY, urn)
        expired = "".join(
            f" Its waiver by {waiver.owner} expired on {waiver.expires}." for each in ids if (waiver := waivers[each]) is not None
        )
        level = fixed or min(effective.level(ids), lowered or Level.MANDATORY, key=_weight)
        return Verdict(effective.rule.name, f"{_bracket(ids)} {text}{expired}", level, urn)


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
    return Verdict(effective.rule.name, message, Level.MANDATORY, urn)


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
    return f"waived until {waiver.expires} by {waiver.owner} ({waiver.reason})"


def _bracket(ids: Iterable[str]) -> str:
    return f"[{' '.join(ids)}]"


def _bare(text: str) -> str:
    return text.rstrip(". ")


def _weight(level: Level) -> bool:
    return level is Level.MANDATORY
