"""The operator of PostgreSQL: its default security contexts are whole; it is alone unless told otherwise."""

from __future__ import annotations

from typing import Final

from policies.charts.model import Chart, Container, Knob, Pod

CHART: Final = Chart(
    name="cloudnative-pg",
    since=(0, 20),
    below=(1, 0),
    pods=(
        Pod(
            name="operator",
            context="podSecurityContext",
            containers=(Container(context="containerSecurityContext", resources="resources", image="image"),),
            replicas=Knob(path="replicaCount", default=1),
            spread=Knob(path="topologySpreadConstraints"),
        ),
    ),
    metrics=Knob(path="monitoring.podMonitorEnabled", default=False),
)
