"""What ends a command early: one clear message on standard error and an exit code that says whose turn it is."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

import typer

from facts.display import make_presentable

VIOLATION: Final = 1
MISUSE: Final = 2
FAILURE: Final = 3


class MisuseError(Exception):
    """A mistake of the user; the message says where it is and how to mend it."""


class FailureError(Exception):
    """The command cannot do what it was asked for, though it was asked rightly."""


@contextmanager
def report_failures(*, debug: bool) -> Iterator[None]:
    """Turn whatever is raised into one message and the exit code :data:`MISUSE` or :data:`FAILURE`.

    Args:
        debug: show the traceback of an unexpected exception too.
    """
    try:
        yield
        sys.stdout.flush()
    except MisuseError as mistake:
        _leave(str(mistake), MISUSE)
    except FailureError as failure:
        _leave(str(failure), FAILURE)
    except BrokenPipeError:
        # The reader went away (`| head`): nobody is left who would read a message.
        discard(sys.stdout)
        discard(sys.stderr)
        raise typer.Exit(FAILURE) from None
    except Exception as error:  # noqa: BLE001 # the last resort
        if debug:
            traceback.print_exc()
        if isinstance(error, OSError):
            discard(sys.stdout)
        _leave(_describe(error) if debug else f"{_describe(error)}. Run it again with --debug for the traceback", FAILURE)


def complain(message: str) -> None:
    """Say ``message`` on standard error, where that can be written."""
    try:
        typer.echo(f"plinth: {make_presentable(message)}", err=True)
    except OSError:
        # The code of the exit is left, and has to stay what it is.
        discard(sys.stderr)


def discard(stream: TextIO) -> None:
    """Keep the interpreter from writing what is left in the buffer, and from failing at it once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _leave(message: str, code: int) -> None:
    complain(message)
    raise typer.Exit(code)


def _describe(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    frames = traceback.extract_tb(error.__traceback__)
    # Where the project's own code was left: below are libraries, which do as they are told.
    own = [frame for frame in frames if "site-packages" not in frame.filename and Path(frame.filename).is_file()]
    place = f" ({own[-1].filename}:{own[-1].lineno})" if own else ""
    return f"unexpected {type(error).__name__}: {error}{place}"
