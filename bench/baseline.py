"""The program with the SDK's own mocks: the least that building the resources of a stack can cost."""

from __future__ import annotations

import asyncio
import runpy
import sys
from pathlib import Path
from typing import Any

import pulumi
import pulumi.runtime
from pulumi.runtime.stack import run_pulumi_func

from offline.stackfile import read_stack

ROOT = Path(__file__).parent.parent


class Echo(pulumi.runtime.Mocks):
    """Answers each resource with its inputs."""

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Inputs become outputs."""
        return f"{args.name}-id", dict(args.inputs)

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        """The program calls no provider function."""
        raise NotImplementedError(args.token)


def main() -> None:
    """Build the resources of the stack that the command line names."""
    stack = sys.argv[1]
    config = read_stack(ROOT, stack).values
    # Before the mocks: they run their first calls on the current loop, and the program has to go on there.
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    pulumi.runtime.set_mocks(Echo(), project="plinth", stack=stack, preview=True)
    for key, value in config.items():
        pulumi.runtime.set_config(key, value)
    sys.path.insert(0, str(ROOT))

    def run() -> None:
        runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__")

    loop.run_until_complete(run_pulumi_func(run))


if __name__ == "__main__":
    main()
