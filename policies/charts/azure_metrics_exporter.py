"""The exporter of Azure Monitor's metrics."""

from __future__ import annotations

from typing import Final

from policies.charts.model import Chart, Container, Knob, Pod

CHART: Final = Chart(
    name="azure-metrics-exporter",
    since=(1, 2),
    below=(2, 0),
    pods=(
        Pod(
            name="exporter",
            context="securityContext",
            containers=(Container(context="containerSecurityContext", resources="resources", image="image"),),
            replicas=Knob(path="replicas", default=1),
        ),
    ),
    # A ServiceMonitor for each probe; that of the exporter itself is another switch.
    metrics=Knob(path="prometheus.metricProbes.probes", default=()),
)
