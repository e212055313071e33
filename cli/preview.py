"""`plinth preview`: settings, program, pack, report; the same way through the product that `pulumi preview` goes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cli.failures import EXIT_VIOLATION
from cli.progress import show_progress
from cli.render import render_run
from cli.verdicts import VIOLATION, sort_out
from offline.engine import run_program
from offline.report import render_json
from offline.stackfile import read_stack
from policies.analyzer import Analyzer
from policies.waivers import WAIVERS, load_waivers


def preview_stack(project_dir: Path, stack: str, *, as_json: bool) -> int:
    """Run and judge ``stack``, print the report; 0, or 1 where something mandatory is violated.

    Raises:
        OfflineError, PlinthError, WaiverError: mistakes of the user, each with all that is to be mended.
    """
    with show_progress() as progress:
        progress.say(f"Reading the settings of {stack}")
        config = read_stack(project_dir, stack)
        waivers = load_waivers(project_dir / "policies" / WAIVERS.name)

        progress.say("Running the program offline, and the policy pack over it")
        run = run_program(
            project_dir / "__main__.py",
            stack=config.stack,
            project=config.project,
            config=config.values,
            secret_keys=config.secret_keys,
            pack=Analyzer(waivers=waivers),
            progress=progress.count,
        )
    if as_json:
        json.dump(render_json(run), sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        render_run(run)
    return EXIT_VIOLATION if sort_out(run.diagnostics)[VIOLATION] else 0
