"""The `plinth` command: what the Makefile's targets call."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.failures import EXIT_MISUSE, report_mistakes

app = typer.Typer(
    help="Preview and judge the environments of this platform.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def plinth() -> None:
    """Preview and judge the environments of this platform."""


@app.command()
def preview(
    stack: Annotated[str, typer.Argument(help="The stack: NAME of stacks/Pulumi.NAME.yaml.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document for machines.")] = False,
) -> None:
    """Run the program offline for STACK, show its resources and what the policy pack says.

    Exits with 0 when nothing mandatory is violated, 1 when something is, 2 on misuse.
    """
    # Pulumi, pydantic and the pack take a second to load: a wrong option should not.
    from cli.preview import preview_stack  # noqa: PLC0415

    with report_mistakes():
        raise typer.Exit(preview_stack(find_project(), stack, as_json=as_json))


@app.command()
def schema() -> None:
    """Print the JSON Schema of the stack files, for editors (kept in stacks/schema.json)."""
    from stacks.schema import render_schema  # noqa: PLC0415

    sys.stdout.write(render_schema())


def find_project() -> Path:
    """The folder of the Pulumi.yaml in or above the working directory.

    Raises:
        typer.Exit: there is none; the code is 2.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "Pulumi.yaml").is_file():
            return folder
    typer.echo(f"plinth: there is no Pulumi.yaml in {here} or above; change into the clone of the project", err=True)
    raise typer.Exit(EXIT_MISUSE)


def main() -> None:
    """Entry point of the console script."""
    app()
