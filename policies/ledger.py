"""Which waivers count in a run, and which of them something needed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from facts.spelling import nearest
from policies.catalogue import requirements
from policies.waivers import P0, Waiver


@dataclass(slots=True)
class Ledger:
    """The waivers of a run of ``stack``. ``known_stacks`` are those that the project has files of, none where nobody knows."""

    waivers: Sequence[Waiver]
    today: dt.date
    stack: str
    in_production: bool
    known_stacks: Collection[str] = ()
    used: set[Waiver] = field(default_factory=set)

    def find(self, requirement: str, urn: str) -> Waiver | None:
        """The waiver of a violation: one in force rather than another, and of those the one that lasts longest."""
        matching = [each for each in self.waivers if each.requirement == requirement and fnmatchcase(urn, each.resource)]
        self.used.update(matching)
        return max(matching, key=lambda each: (self.lapse(each) is None, each.expires), default=None)

    def lapse(self, waiver: Waiver) -> str | None:
        """Why a waiver does not count; None where it does."""
        if self.today > waiver.expires:
            return f"expired on {waiver.expires}"
        if self.in_production and waiver.approved_by is None and requirements()[waiver.requirement].severity == P0:
            return f"lacks approvedBy: {waiver.requirement} is P0, which needs a second owner in production"
        return None

    def stale(self) -> Iterator[tuple[Waiver, str]]:
        """The waivers to remove or to mend, each with the reason: those that do not count, and those that nothing needs."""
        for waiver in self.waivers:
            if not waiver.concerns_stack(self.stack):
                if self._names_no_stack(waiver):
                    yield waiver, self._no_such_stack(waiver)
                continue
            lapse = self.lapse(waiver)
            if lapse is not None:
                yield waiver, lapse
            elif waiver not in self.used:
                yield waiver, "waives nothing: no resource that it names violates the requirement"

    def _names_no_stack(self, waiver: Waiver) -> bool:
        return bool(self.known_stacks) and not any(map(waiver.concerns_stack, self.known_stacks))

    def _no_such_stack(self, waiver: Waiver) -> str:
        near = nearest(waiver.stack_pattern or "", self.known_stacks)
        hint = f"did you mean {near!r}?" if near else f"known are {', '.join(sorted(self.known_stacks))}"
        return f"names the stack {waiver.stack_pattern!r}, which has no file ({hint})"
