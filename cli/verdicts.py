"""The diagnostics of a run by what they mean to the user."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from offline.recording import Diagnostic, Run


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One kind of diagnostic: its title in the report, what one and several are called in the totals, and whether it stops an update."""

    title: str
    one: str
    several: str
    style: str
    stops: bool = False

    def counted(self, count: int) -> str:
        """The word for ``count`` of them."""
        return self.one if count == 1 else self.several


VIOLATION: Final = Verdict(title="Violations that stop the update", one="violation", several="violations", style="red", stops=True)
ADVICE: Final = Verdict(title="Advice", one="piece of advice", several="pieces of advice", style="yellow")
UNDECIDED: Final = Verdict(title="Undecided until the update", one="undecided", several="undecided", style="blue")
WAIVED: Final = Verdict(title="Waived", one="waived", several="waived", style="magenta")
VERDICTS: Final = (VIOLATION, ADVICE, UNDECIDED, WAIVED)

_BY_KIND: Final = {"undecided": UNDECIDED, "waived": WAIVED}
"""What the pack calls them; what is mandatory stops the update whatever it is."""


@dataclass(frozen=True)
class Summary:
    """What a run comes to: its diagnostics by verdict, the gravest first, within one in the given order; and how much it would create.

    The stack is not counted as a component, though it is registered as one.
    """

    by_verdict: Mapping[Verdict, Sequence[Diagnostic]]
    resources: int
    components: int

    @property
    def passes(self) -> bool:
        """Whether the pack lets the update pass."""
        return not any(self.by_verdict[verdict] for verdict in VERDICTS if verdict.stops)

    @property
    def counts(self) -> str:
        """How many there are of each verdict, for people."""
        return ", ".join(f"{len(found)} {verdict.counted(len(found))}" for verdict, found in self.by_verdict.items())


def sort_out(diagnostics: Iterable[Diagnostic]) -> Mapping[Verdict, Sequence[Diagnostic]]:
    """Diagnostics by verdict, the gravest first."""
    by_verdict: dict[Verdict, list[Diagnostic]] = {verdict: [] for verdict in VERDICTS}
    for one in diagnostics:
        by_verdict[VIOLATION if one.level == "mandatory" else _BY_KIND.get(one.details.get("kind", ""), ADVICE)].append(one)
    return by_verdict


def summarize(run: Run) -> Summary:
    """Sort out what the pack said of a run."""
    return Summary(
        by_verdict=sort_out(run.diagnostics),
        resources=sum(resource.custom for resource in run.resources),
        components=sum(not resource.custom for resource in run.resources if resource.parent),
    )
