"""Two commands, each a process of its own, run in turn and compared by CPU seconds, pair by pair: other load falls on both."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
PAIRS: Final = 7


@dataclass(frozen=True, kw_only=True)
class Timed:
    """A command and what it is called in the table."""

    label: str
    command: Sequence[str]


def compare(title: str, ours: Timed, baseline: Timed, *, aim: float) -> None:
    """Print the median ratio of the pairs, with its spread.

    Raises:
        subprocess.CalledProcessError: a command failed.
    """
    for each in (ours, baseline):
        _cpu_seconds(each.command)
    pairs = [(_cpu_seconds(ours.command), _cpu_seconds(baseline.command)) for _ in range(PAIRS)]
    ratios = sorted(first / second for first, second in pairs)
    width = max(len(ours.label), len(baseline.label))
    print(f"{title}, CPU seconds, median of {PAIRS} pairs of fresh processes")
    for each, seconds in zip((ours, baseline), map(statistics.median, zip(*pairs, strict=True)), strict=True):
        print(f"  {each.label:<{width}}  {seconds:6.2f} s")
    print(f"  ratio  {statistics.median(ratios):.2f}  (min {ratios[0]:.2f}, max {ratios[-1]:.2f}; aim: {aim} or less)")


def _cpu_seconds(command: Sequence[str]) -> float:
    """User and system seconds of one run, children included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))  # noqa: S603 # our own commands
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)
