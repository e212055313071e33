"""Runs the program of a stack offline for a command; what goes wrong is told as the user's mistake or as a failure."""

from __future__ import annotations

from pathlib import Path

import pulumi

from cli import failures
from cli.progress import Progress
from components.errors import ComponentError
from offline.engine import Run, run_program
from offline.errors import OfflineError, PackError, ProgramError
from offline.stackfile import StackConfig, read_stack
from policies.analyzer import load_analyzer
from policies.waivers import WaiverError
from stacks.errors import PlinthError, SettingsError
from stacks.loading import load_settings
from stacks.settings.tree import Settings


def run_stack(project_dir: Path, stack: str, progress: Progress, *, judged: bool) -> tuple[StackConfig, Run]:
    """The configuration and the run of ``stack``; ``judged`` by the policy pack of the project, if that is asked for.

    Raises:
        MisuseError: mistakes of the user, all that is to be mended at once.
        FailureError: the program or the pack says itself that it failed.
        Exception: whatever else the program raises.
    """
    try:
        progress.say(f"Reading the settings of {stack}")
        config = read_stack(project_dir, stack)
        pack = load_analyzer(project_dir) if judged else None
        progress.say("Running the program offline, and the policy pack over it" if judged else "Running the program offline")
        run = run_program(
            project_dir / "__main__.py",
            stack=config.stack,
            project=config.project,
            config=config.values,
            secret_keys=config.secret_keys,
            pack=pack,
            progress=progress.count,
        )
    except (PackError, ProgramError) as error:
        raise failures.FailureError(str(error)) from error
    except (ComponentError, OfflineError, WaiverError) as error:
        raise failures.MisuseError(str(error)) from error
    except (PlinthError, pulumi.RunError) as error:
        cause = error.__cause__ or error
        raise failures.MisuseError(_with_places(cause, config) if isinstance(cause, SettingsError) else str(error)) from error
    return config, run


def read_settings(project_dir: Path, stack: str) -> tuple[StackConfig, Settings]:
    """The configuration and the settings of ``stack``, without running its program.

    Raises:
        MisuseError: mistakes of the user, all that is to be mended at once.
    """
    try:
        config = read_stack(project_dir, stack)
    except OfflineError as error:
        raise failures.MisuseError(str(error)) from error
    try:
        return config, load_settings(config.values, config.secret_keys)
    except SettingsError as error:
        raise failures.MisuseError(_with_places(error, config)) from error


def _with_places(error: SettingsError, config: StackConfig) -> str:
    """The problems in the order in which one walks through the file, each with its line."""
    places = [(config.place(f"{problem.namespace}:{problem.place[0]}", problem.place[1:]), problem) for problem in error.problems]
    here = Path.cwd()
    file = config.file.relative_to(here) if config.file.is_relative_to(here) else config.file
    lines = [f"  {file}:{place}: {problem}" for place, problem in sorted(places, key=lambda pair: pair[0])]
    return "\n".join([error.summary, *lines])
