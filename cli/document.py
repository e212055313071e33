"""A run as the JSON document of `plinth preview --json`."""

from __future__ import annotations

from typing import Any, Final

from cli.verdicts import ADVICE, UNDECIDED, VIOLATION, WAIVED, Summary
from offline.recording import Run
from offline.report import render_json

SCHEMA_VERSION: Final = 1
"""Raised when a key changes its meaning or goes; new keys come without."""

_KEYS: Final = {"violations": VIOLATION, "advice": ADVICE, "undecided": UNDECIDED, "waived": WAIVED}


def render_document(run: Run, summary: Summary) -> dict[str, Any]:
    """``{schemaVersion, project, summary}`` and what :func:`offline.report.render_json` tells.

    The summary's ``verdict`` is ``passes`` or ``refused``; beside it stand the counts.
    """
    return {
        "schemaVersion": SCHEMA_VERSION,
        "project": run.project,
        "summary": {
            "verdict": "passes" if summary.passes else "refused",
            "resources": summary.resources,
            "components": summary.components,
            **{key: len(summary.by_verdict[verdict]) for key, verdict in _KEYS.items()},
        },
        **render_json(run),
    }
