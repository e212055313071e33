"""The footprint is what the rendered values ask for, computed here from the values alone."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import pytest

from components.observability.footprint import agents_footprint, footprint
from components.observability.values import render_stack_values
from components.tenancy.footprint import NOTHING, Footprint
from facts.quantity import parse_quantity
from tests.components.observability.stacks import stack_args

CLAIM: Final = "volumeClaimTemplate.spec.resources.requests.storage"
RELOADER: Final = "prometheusOperator.prometheusConfigReloader.resources"
PODS: Final = (
    ("prometheus.prometheusSpec", ("prometheus.prometheusSpec.resources", RELOADER), f"storageSpec.{CLAIM}"),
    ("alertmanager.alertmanagerSpec", ("alertmanager.alertmanagerSpec.resources", RELOADER), f"storage.{CLAIM}"),
    ("grafana", ("grafana.resources", "grafana.sidecar.resources", "grafana.sidecar.resources"), "persistence.size"),
    ("prometheusOperator", ("prometheusOperator.resources",), None),
    ("kube-state-metrics", ("kube-state-metrics.resources",), None),
)
"""Where the values keep a workload with its replicas, the resources of its containers, and the size
of its volume."""


def at(values: Any, path: str) -> Any:
    for step in path.split("."):
        values = values[step]
    return values


def asked(values: dict[str, Any], containers: Sequence[str]) -> Footprint:
    """One pod of these containers."""
    amounts = [at(values, path) for path in containers]

    def total(kind: str, what: str) -> Decimal:
        return sum((parse_quantity(amount[kind][what]) for amount in amounts), Decimal(0))

    return Footprint(
        cpu=total("requests", "cpu"), memory=int(total("requests", "memory")), memory_limit=int(total("limits", "memory")), pods=1
    )


@pytest.mark.parametrize("replicas", [1, 2, 3])
def test_everything_runs_is_replaced_expanded_and_restored_within_the_footprint(replicas: int) -> None:
    args = stack_args(replicas=replicas)
    values = render_stack_values(args)
    running = restored = NOTHING
    for workload, containers, volume in PODS:
        one = asked(values, containers)
        count = at(values, workload).get("replicas", 1)
        size = int(parse_quantity(at(values, f"{workload}.{volume}"))) if volume else 0
        # All volumes at twice their size.
        running += (one + Footprint(storage=2 * size, claims=1 if volume else 0)) * count
        # A pod more of each kind: the successor of one that is still ending, or the one that reads
        # a restored volume.
        restored += one + Footprint(storage=2 * size, claims=1 if volume else 0)
    needed, held = (running + restored).hard(), footprint(args).hard()
    assert all(parse_quantity(needed[key]) <= parse_quantity(amount) for key, amount in held.items())


def test_there_is_room_for_an_exporter_on_each_node_that_there_may_be() -> None:
    args = stack_args()
    one = asked(render_stack_values(args), ["prometheus-node-exporter.resources"])
    assert agents_footprint(args) == one * args.most_nodes
