"""The archiver of CloudNativePG's databases: its default security contexts are whole."""

from __future__ import annotations

from typing import Final

from policies.charts.model import Chart, Container, Knob, Pod

CHART: Final = Chart(
    name="plugin-barman-cloud",
    since=(0, 1),
    below=(1, 0),
    pods=(
        Pod(
            name="archiver",
            context="podSecurityContext",
            containers=(Container(context="containerSecurityContext", resources="resources", image="image"),),
            replicas=Knob(path="replicaCount", default=1),
            spread=Knob(path="topologySpreadConstraints"),
        ),
    ),
)
