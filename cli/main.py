"""Entry point of the console script. Imports next to nothing: an interrupt has to be quiet from the first moment on."""

from __future__ import annotations

import gc
import os
import sys
from typing import Final

from cli.interrupts import leave_on_interrupt

_ALLOCATIONS_BETWEEN_COLLECTIONS: Final = 500_000
"""The clouds' SDKs define a hundred thousand objects that stay: with the interpreter's 700, looking for garbage among them takes
a quarter of a preview."""


def main() -> None:
    """Run the command line."""
    leave_on_interrupt()
    _open_closed_streams()
    gc.set_threshold(_ALLOCATIONS_BETWEEN_COLLECTIONS)
    # After the handler: typer takes a tenth of a second to load.
    from cli.commands import app  # noqa: PLC0415
    from cli.failures import FAILURE, complain, discard  # noqa: PLC0415

    try:
        app()
    except OSError as error:
        # What typer writes before a command begins (`--help`, `--version`), to a full disk.
        discard(sys.stdout)
        complain(error.strerror or str(error))
        sys.exit(FAILURE)


def _open_closed_streams() -> None:
    """Lead standard streams that the caller closed (`>&-`) to nowhere: the next file that is opened would get their number."""
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
