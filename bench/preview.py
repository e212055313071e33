"""The offline preview of production against the same program without engine and policies.

The baseline is what no preview can do without: a fresh process that imports the same SDK modules and builds the same resources, with
the SDK's own mocks, which record nothing and judge nothing. Both are whole processes, run in turn, and compared by CPU seconds
(user and system, children included), pair by pair: other load on the machine falls on both.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
STACKS = sorted(path.name.split(".")[1] for path in ROOT.glob("stacks/Pulumi.*.yaml"))
STACK = "production" if "production" in STACKS else STACKS[0]
PAIRS = 7
AIM = 1.5


def cpu_seconds(*command: str) -> float:
    """User and system seconds of one run of ``command``.

    Raises:
        subprocess.CalledProcessError: the command failed.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))  # noqa: S603 # our own commands
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def main() -> None:
    """Print the median ratio of the pairs, with its spread."""
    preview = (sys.executable, "-m", "cli", "preview", STACK)
    baseline = (sys.executable, "-m", "bench.baseline", STACK)
    for command in (preview, baseline):
        cpu_seconds(*command)
    pairs = [(cpu_seconds(*preview), cpu_seconds(*baseline)) for _ in range(PAIRS)]
    ratios = sorted(ours / theirs for ours, theirs in pairs)
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"Offline preview of {STACK}, CPU seconds, median of {PAIRS} pairs of fresh processes")
    print(f"  preview with engine, policies and output  {ours:6.2f} s")
    print(f"  same program with the SDK's mocks alone   {theirs:6.2f} s")
    print(f"  ratio  {statistics.median(ratios):.2f}  (min {ratios[0]:.2f}, max {ratios[-1]:.2f}; aim: {AIM} or less)")


if __name__ == "__main__":
    main()
