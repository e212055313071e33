"""Entry point of the console script. Imports next to nothing: an interrupt has to be quiet from the first moment on."""

from __future__ import annotations

import gc
from typing import Final

from cli.interrupts import leave_on_interrupt

_ALLOCATIONS_BETWEEN_COLLECTIONS: Final = 500_000
"""The clouds' SDKs define a hundred thousand objects that stay: with the interpreter's 700, looking for garbage among them takes
a quarter of a preview."""


def main() -> None:
    """Run the command line."""
    leave_on_interrupt()
    gc.set_threshold(_ALLOCATIONS_BETWEEN_COLLECTIONS)
    # After the handler: typer takes a tenth of a second to load.
    from cli.commands import app  # noqa: PLC0415

    app()
