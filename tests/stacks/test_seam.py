"""What runs in the cluster is the same whichever place the cluster is at: only what the place says of itself differs."""

from __future__ import annotations

import json

import pytest

from tests.runs import run_of

COMPOSED = ("backup-drill", "certificates", "metrics", "monitoring-definitions", "nats", "priorities")
"""The components that are composed on a foundation, by name."""
CLASSES = {
    "production": ("gp3-brokers-retain", "gp3-retain"),
    "azure-production": ("managed-premium-brokers-retain", "managed-premium-retain"),
    "dev": ("gp3-brokers", "gp3"),
    "homelab": ("longhorn-retain", "longhorn-retain"),
}
"""The storage classes of each place: those of brokers and all others."""


def composed(stack: str) -> dict[tuple[str, str], str]:
    """The resources of the composed components with their inputs, in which the names of the place are replaced."""
    brokers, general = CLASSES[stack]
    found = {}
    for each in run_of(stack).resources:
        # Each place says in its own words where its store is.
        if each.name.startswith("nats-backup"):
            continue
        if each.name in COMPOSED or each.name.startswith(tuple(f"{name}-" for name in COMPOSED)):
            inputs = json.dumps(each.inputs, sort_keys=True, default=str).replace(f'"plinth-{stack}"', '"plinth"')
            # Each has a stack of its own that takes over.
            inputs = inputs.replace(f'"platform/dr-mirror": "{stack}-dr", ', "")
            for name in (f'"{brokers}"', f'"{general}"'):
                inputs = inputs.replace(name, '"class"')
            found[each.type, each.name] = inputs
    return found


@pytest.mark.parametrize(("stack", "elsewhere"), [("production", "azure-production"), ("dev", "homelab")])
def test_what_is_composed_on_a_foundation_does_not_know_the_place(stack: str, elsewhere: str) -> None:
    here, there = composed(stack), composed(elsewhere)
    assert len(here) > 30
    assert here.keys() == there.keys()
    assert [key for key, inputs in here.items() if there[key] != inputs] == []
