"""`plinth recovery`: what each component of a stack has to survive, what it does survive, and who does what then."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from cli.failures import VIOLATION
from cli.render import open_output
from cli.running import read_settings
from components.models.recovery import RecoveryTargets
from components.recovery import Recovery
from facts.display import make_presentable
from facts.duration import format_duration
from offline.stackfile import StackConfig
from stacks.recovery import recovery_of

SCHEMA_VERSION: Final = 1
"""Raised when a key changes its meaning or goes; new keys come without."""
_COLUMNS: Final = ("After the loss of", "Declared", "Achieved", "By", "Decided by", "Runbook")


def show_recovery(project_dir: Path, stack: str, *, as_json: bool) -> int:
    """Print the table of a stack; 0, or the code for violations where something declared is not achieved.

    Raises:
        MisuseError: mistakes in the settings.
    """
    config, settings = read_settings(project_dir, stack)
    rows = recovery_of(settings)
    if as_json:
        json.dump(_document(config, rows), sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        _print(config, rows)
    return 0 if all(row.achieves for row in rows) else VIOLATION


def _document(config: StackConfig, rows: Sequence[Recovery]) -> dict[str, Any]:
    return {
        "schemaVersion": SCHEMA_VERSION,
        "project": config.project,
        "stack": config.stack,
        "achieved": all(row.achieves for row in rows),
        "components": [
            {
                "component": row.component,
                "loss": row.loss.value,
                "declared": {"rpo": _length(row.declared.rpo), "rto": _length(row.declared.rto)} if row.declared else None,
                "achieved": {"rpo": _length(row.rpo), "rto": _length(row.rto)},
                "withinDeclared": row.achieves,
                "means": row.means,
                "decidedBy": row.decision.value,
                "runbook": f"runbooks/{row.runbook}.md" if row.runbook else None,
            }
            for row in rows
        ],
    }


def _length(length: timedelta | None) -> str | None:
    return None if length is None else format_duration(length)


def _print(config: StackConfig, rows: Sequence[Recovery]) -> None:
    console = open_output()
    missed = sum(not row.achieves for row in rows)
    verdict = (f"{missed} of {len(rows)} losses go beyond what is declared", "red") if missed else ("every declared target is met", "green")
    stack = make_presentable(config.stack)
    console.print(Text.assemble((config.project, "bold"), " stack ", (stack, "bold"), ": ", verdict, "; each as RPO / RTO"))
    for component, group in groupby(rows, key=lambda row: row.component):
        console.print()
        console.print(Text(make_presentable(component), "bold cyan"))
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for column in _COLUMNS:
            table.add_column(column, header_style="dim", overflow="fold")
        for row in group:
            table.add_row(
                row.loss.value,
                _targets(row.declared),
                Text(_achieved(row), "" if row.achieves else "bold red"),
                make_presentable(row.means),
                row.decision.value,
                f"runbooks/{row.runbook}.md" if row.runbook else "",
            )
        console.print(table)


def _targets(declared: RecoveryTargets | None) -> str:
    return f"{format_duration(declared.rpo)} / {format_duration(declared.rto)}" if declared else "nothing"


def _achieved(row: Recovery) -> str:
    if row.rpo is None or row.rto is None:
        return "lost"
    return f"{format_duration(row.rpo)} / {format_duration(row.rto)}"
