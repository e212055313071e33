"""The offline preview of a stack: against the same program without engine and policies, and on Azure against AWS.

The first baseline is what no preview can do without: a fresh process that imports the same SDK modules and builds the same resources,
with the SDK's own mocks, which record nothing and judge nothing.
"""

from __future__ import annotations

import sys
from typing import Final

from bench.pairs import ROOT, Timed, compare

STACKS: Final = sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in ROOT.glob("stacks/Pulumi.*.yaml"))
STACK: Final = "production" if "production" in STACKS else STACKS[0]
ON_AZURE: Final = "azure-production"


def _preview(stack: str) -> list[str]:
    return [sys.executable, "-m", "cli", "preview", stack]


def main() -> None:
    """Print the ratios."""
    compare(
        f"Offline preview of {STACK}",
        Timed(label="preview with engine, policies and output", command=_preview(STACK)),
        Timed(label="same program with the SDK's mocks alone", command=[sys.executable, "-m", "bench.baseline", STACK]),
        aim=1.5,
    )
    if {STACK, ON_AZURE} <= {*STACKS}:
        compare(
            "Offline preview on another cloud",
            Timed(label=f"preview of {ON_AZURE}", command=_preview(ON_AZURE)),
            Timed(label=f"preview of {STACK}", command=_preview(STACK)),
            aim=2,
        )


if __name__ == "__main__":
    main()
