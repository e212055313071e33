"""What cloud resources are tagged with."""

from __future__ import annotations

import pulumi

from stacks.settings.tree import Settings


def default_tags(settings: Settings) -> dict[str, str]:
    """What every cloud resource of the stack is tagged with (COST-005, IAC-004)."""
    return {
        "project": pulumi.get_project(),
        "environment": settings.environment.value,
        "stack": pulumi.get_stack(),
        "team": settings.team,
        "managed-by": "pulumi",
    }
