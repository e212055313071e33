"""`plinth doctor`: what a real cluster lacks for a stack, before anything is deployed."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Final

from rich.padding import Padding
from rich.text import Text

from cli.failures import VIOLATION, MisuseError
from cli.progress import Progress, show_progress
from cli.render import open_output
from cli.running import run_stack
from doctor.checks import examine
from doctor.cluster import Cluster
from doctor.connection import connect
from doctor.errors import ConnectError
from doctor.findings import Finding, State
from doctor.needs import needs_of
from facts.display import make_presentable
from offline.schemas import release_of
from offline.stackfile import StackConfig
from stacks.loading import load_settings
from stacks.settings.existing import ExistingStack

_HEADINGS: Final = {
    State.MISSING: ("Missing", "red"),
    State.ADVICE: ("Advice", "yellow"),
    State.UNCHECKED: ("Not checked", "yellow"),
    State.FINE: ("Fine", "green"),
}


def examine_cluster(project_dir: Path, stack: str, *, context: str | None, kubeconfig: Path | None, as_json: bool, quiet: bool) -> int:
    """Ask the cluster of a stack what it lacks, print the answers; 0, or the code for violations where something is missing.

    Raises:
        MisuseError: mistakes of the user: in the settings, no such context, a cluster that does not answer.
        FailureError: the program says itself that it failed.
    """
    with show_progress(quiet=quiet) as progress:
        config, run = run_stack(project_dir, stack, progress, judged=False)
        settings = load_settings(config.values, config.secret_keys)
        existing = settings if isinstance(settings, ExistingStack) else None
        name = context or (existing.existing.context if existing else None)
        if name is None:
            raise MisuseError(f"{stack} does not stand on a cluster that exists; name the context of its cluster with --context")
        needs = needs_of(run, tier=settings.environment, release=release_of(config.values), offer=existing.cluster if existing else None)
        try:
            findings = list(examine(needs, _connected(name, kubeconfig, progress)))
        except ConnectError as error:
            raise MisuseError(str(error)) from error
    passes = not any(each.state is State.MISSING for each in findings)
    if as_json:
        document = {"stack": config.stack, "tier": settings.environment.value, "context": name, "passes": passes}
        json.dump({**document, "findings": [asdict(each) for each in findings]}, sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        _render(config, name, findings, quiet=quiet)
    return 0 if passes else VIOLATION


def _connected(context: str, kubeconfig: Path | None, progress: Progress) -> Cluster:
    progress.say(f"Asking the cluster of context {context}")
    return connect(context, kubeconfig)


def _render(config: StackConfig, context: str, findings: Sequence[Finding], *, quiet: bool) -> None:
    console = open_output()
    order = list(_HEADINGS)
    passes = not any(each.state is State.MISSING for each in findings)
    word = ("fits", "green") if passes else ("lacks something", "red")
    stack = make_presentable(config.stack)
    console.print(Text.assemble("the cluster of context ", (make_presentable(context), "bold"), " ", word, " for stack ", (stack, "bold")))
    for state, group in groupby(sorted(findings, key=lambda each: order.index(each.state)), key=lambda each: each.state):
        if quiet and state is State.FINE:
            continue
        title, style = _HEADINGS[state]
        answers = list(group)
        console.print()
        console.print(Text(f"{title} ({len(answers)})", f"bold {style}"))
        for each in answers:
            console.print(Padding.indent(_line(each, style), 2))
            if each.cure:
                console.print(Padding.indent(Text(f"{make_presentable(each.cure)}."), 4))


def _line(finding: Finding, style: str) -> Text:
    why = f" [{finding.requirement}]" if finding.requirement else ""
    return Text.assemble((f"{make_presentable(finding.subject)}:", style), f" {make_presentable(finding.problem)}{why}")
