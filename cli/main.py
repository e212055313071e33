"""Entry point of the console script. Imports next to nothing: an interrupt has to be quiet from the first moment on."""

from __future__ import annotations

from cli.interrupts import leave_on_interrupt


def main() -> None:
    """Run the command line."""
    leave_on_interrupt()
    # After the handler: typer takes a tenth of a second to load.
    from cli.commands import app  # noqa: PLC0415

    app()
