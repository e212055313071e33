"""A run as one JSON document for machines, in a stable order."""

from __future__ import annotations

from typing import Any

from facts.display import make_presentable
from offline.properties import mask
from offline.recording import Run


def render_json(run: Run) -> dict[str, Any]:
    """``{stack, resources, diagnostics, outputs, log}``: resources by URN, the rest as the run has it; unknowns and secrets masked.

    A diagnostic has, beside its message, the parts that the pack tells of it.
    """
    return {
        "stack": run.stack,
        "resources": [
            {
                "urn": resource.urn,
                "type": resource.type,
                "custom": resource.custom,
                "parent": resource.parent,
                "inputs": mask(resource.inputs),
                "options": mask(dict(resource.options)),
                "dependencies": list(resource.dependencies),
            }
            for resource in sorted(run.resources, key=lambda resource: resource.urn)
        ],
        "diagnostics": [
            {
                **one.details,
                "requirements": one.requirements,
                "policy": one.policy,
                "level": one.level,
                "urn": one.urn,
                "message": one.message,
            }
            for one in run.diagnostics
        ],
        "outputs": mask(dict(run.outputs)),
        "log": [{"severity": entry.severity, "message": make_presentable(entry.message)} for entry in run.log],
    }
