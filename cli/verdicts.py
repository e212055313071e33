"""The diagnostics of a run by what they mean to the user."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from offline.recording import Diagnostic


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

_IDS: Final = r"\[[^\]]*\] "
_BY_MESSAGE: Final = {re.compile(f"{_IDS}undecided: "): UNDECIDED, re.compile(f"{_IDS}waived until "): WAIVED}
"""How the pack begins a message; what is mandatory stops the update whatever it says."""


def sort_out(diagnostics: Iterable[Diagnostic]) -> Mapping[Verdict, list[Diagnostic]]:
    """All diagnostics by verdict, the gravest first; within one in the given order."""
    sorted_out: dict[Verdict, list[Diagnostic]] = {verdict: [] for verdict in VERDICTS}
    for one in diagnostics:
        sorted_out[_verdict(one)].append(one)
    return sorted_out


def _verdict(diagnostic: Diagnostic) -> Verdict:
    if diagnostic.level == "mandatory":
        return VIOLATION
    return next((verdict for start, verdict in _BY_MESSAGE.items() if start.match(diagnostic.message)), ADVICE)
