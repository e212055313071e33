"""Stacks that are run once a process offline with the pack: a run takes seconds, many tests ask about it.

Tests of the product have stacks of their own (tests/product): whoever replaces the stack files of the repository breaks none of them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from offline.engine import Run, run_program
from offline.stackfile import StackConfig, read_stack
from policies.analyzer import Analyzer
from policies.waivers import load_waivers
from tests.tools import ROOT

PRODUCT: Final = ROOT / "tests" / "product"
STACKS: Final = ("dev", "staging", "production")
"""The stacks of the product's tests on AWS, each named after its tier."""
EVERYWHERE: Final = sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in PRODUCT.glob("Pulumi.*.yaml"))
"""The stacks of the product's tests, wherever they stand."""


@cache
def config_of(stack: str, project: Path = PRODUCT) -> StackConfig:
    """The configuration of a stack."""
    return read_stack(project, stack)


@cache
def run_of(stack: str, project: Path = PRODUCT) -> Run:
    """The run of a stack, judged by the pack; the waivers of the repository are for its own stacks alone."""
    config = config_of(stack, project)
    return run_program(
        ROOT / "__main__.py",
        stack=stack,
        project=config.project,
        config=config.values,
        secret_keys=config.secret_keys,
        pack=Analyzer(waivers=load_waivers() if project == ROOT else ()),
    )
