"""The stacks of the repository, run once a process offline with the pack: a run takes seconds, many tests ask about it."""

from __future__ import annotations

from functools import cache
from typing import Final

from offline.engine import Run, run_program
from offline.stackfile import StackConfig, read_stack
from policies.analyzer import Analyzer
from policies.waivers import load_waivers
from tests.tools import ROOT

STACKS: Final = ("dev", "staging", "production")


@cache
def config_of(stack: str) -> StackConfig:
    """The configuration of a stack of the repository."""
    return read_stack(ROOT, stack)


@cache
def run_of(stack: str) -> Run:
    """The run of a stack of the repository, judged by the pack as it is served."""
    config = config_of(stack)
    return run_program(
        ROOT / "__main__.py",
        stack=stack,
        project=config.project,
        config=config.values,
        secret_keys=config.secret_keys,
        pack=Analyzer(waivers=load_waivers()),
    )
