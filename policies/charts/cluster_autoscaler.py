"""The Cluster Autoscaler: both of its security contexts are empty, and its budget lets one pod go."""

from __future__ import annotations

from typing import Final

from policies.charts.model import Chart, Container, Knob, Pod

CHART: Final = Chart(
    name="cluster-autoscaler",
    since=(9, 0),
    below=(10, 0),
    pods=(
        Pod(
            name="autoscaler",
            context="securityContext",
            is_open=True,
            containers=(Container(context="containerSecurityContext", resources="resources", image="image"),),
            replicas=Knob(path="replicaCount", default=1),
            spread=Knob(path="topologySpreadConstraints"),
            budget=Knob(path="podDisruptionBudget", default={"maxUnavailable": 1}),
        ),
    ),
    metrics=Knob(path="serviceMonitor.enabled", default=False),
)
