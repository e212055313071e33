"""`plinth preview`: settings, program, pack, report; the same way through the product that `pulumi preview` goes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cli import failures
from cli.document import render_document
from cli.progress import show_progress
from cli.render import render_run
from cli.running import run_stack
from cli.verdicts import summarize


def preview_stack(project_dir: Path, stack: str, *, as_json: bool, quiet: bool) -> int:
    """Run and judge ``stack``, print the report; 0, or the code for violations where something mandatory is violated.

    Raises:
        MisuseError: mistakes of the user, all that is to be mended at once.
        FailureError: the program or the pack says itself that it failed.
        Exception: whatever else the program raises.
    """
    with show_progress(quiet=quiet) as progress:
        _, run = run_stack(project_dir, stack, progress, judged=True)
    summary = summarize(run)
    if as_json:
        json.dump(render_document(run, summary), sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        render_run(run, summary, quiet=quiet)
    return 0 if summary.passes else failures.VIOLATION
