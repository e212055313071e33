"""Mistakes of the user become one clear message and exit code 2, never a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pulumi
import typer

from components.base import ComponentError
from offline.errors import OfflineError
from policies.waivers import WaiverError
from stacks.errors import PlinthError

EXIT_VIOLATION = 1
EXIT_MISUSE = 2


@contextmanager
def report_mistakes() -> Iterator[None]:
    """Turn the errors that a user can mend into their message on standard error and exit code 2."""
    try:
        yield
    except (ComponentError, OfflineError, PlinthError, WaiverError, pulumi.RunError) as mistake:
        typer.echo(f"plinth: {mistake}", err=True)
        raise typer.Exit(EXIT_MISUSE) from mistake
