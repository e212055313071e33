"""`plinth preview`: settings, program, pack, report; the same way through the product that `pulumi preview` goes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pulumi

from cli import failures
from cli.document import render_document
from cli.progress import Progress, show_progress
from cli.render import render_run
from cli.verdicts import summarize
from components.base import ComponentError
from offline.engine import Run, run_program
from offline.errors import OfflineError, PackError, ProgramError
from offline.stackfile import StackConfig, read_stack
from policies.analyzer import load_analyzer
from policies.waivers import WaiverError
from stacks.errors import PlinthError, SettingsError


def preview_stack(project_dir: Path, stack: str, *, as_json: bool, quiet: bool) -> int:
    """Run and judge ``stack``, print the report; 0, or the code for violations where something mandatory is violated.

    Raises:
        MisuseError: mistakes of the user, all that is to be mended at once.
        FailureError: the program or the pack says itself that it failed.
        Exception: whatever else the program raises.
    """
    try:
        with show_progress(quiet=quiet) as progress:
            progress.say(f"Reading the settings of {stack}")
            config = read_stack(project_dir, stack)
            run = _run(project_dir, config, progress)
    except (PackError, ProgramError) as error:
        raise failures.FailureError(str(error)) from error
    except (ComponentError, OfflineError, WaiverError) as error:
        raise failures.MisuseError(str(error)) from error
    except (PlinthError, pulumi.RunError) as error:
        cause = error.__cause__ or error
        raise failures.MisuseError(_with_places(cause, config) if isinstance(cause, SettingsError) else str(error)) from error
    summary = summarize(run)
    if as_json:
        json.dump(render_document(run, summary), sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        render_run(run, summary, quiet=quiet)
    return 0 if summary.passes else failures.VIOLATION


def _run(project_dir: Path, config: StackConfig, progress: Progress) -> Run:
    pack = load_analyzer(project_dir)
    progress.say("Running the program offline, and the policy pack over it")
    return run_program(
        project_dir / "__main__.py",
        stack=config.stack,
        project=config.project,
        config=config.values,
        secret_keys=config.secret_keys,
        pack=pack,
        progress=progress.count,
    )


def _with_places(error: SettingsError, config: StackConfig) -> str:
    """The problems in the order in which one walks through the file, each with its line."""
    places = [(config.place(f"{problem.namespace}:{problem.place[0]}", problem.place[1:]), problem) for problem in error.problems]
    here = Path.cwd()
    file = config.file.relative_to(here) if config.file.is_relative_to(here) else config.file
    lines = [f"  {file}:{place}: {problem}" for place, problem in sorted(places, key=lambda pair: pair[0])]
    return "\n".join([error.summary, *lines])
