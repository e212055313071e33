"""The definitions of the Prometheus operator: the chart runs nothing."""

from __future__ import annotations

from typing import Final

from policies.charts.model import Chart

CHART: Final = Chart(name="prometheus-operator-crds", since=(10, 0), below=(100, 0))
