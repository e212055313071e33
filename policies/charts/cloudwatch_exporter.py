"""The exporter of CloudWatch metrics: both of its security contexts are empty."""

from __future__ import annotations

from typing import Final

from policies.charts.model import Chart, Container, Knob, Pod

CHART: Final = Chart(
    name="prometheus-yet-another-cloudwatch-exporter",
    since=(0, 38),
    below=(1, 0),
    pods=(
        Pod(
            name="exporter",
            context="podSecurityContext",
            is_open=True,
            containers=(Container(context="securityContext", resources="resources", image="image"),),
            replicas=Knob(path="replicaCount", default=1),
            budget=Knob(path="podDisruptionBudget.enabled", default=False),
        ),
    ),
    metrics=Knob(path="serviceMonitor.enabled", default=False),
)
