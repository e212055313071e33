"""What is known of charts: one file a chart and range of versions."""

from __future__ import annotations

import re
from typing import Final

from policies.charts import (
    azure_metrics_exporter,
    cert_manager,
    cloudnative_pg,
    cloudwatch_exporter,
    cluster_autoscaler,
    kube_prometheus_stack,
    minio,
    nack,
    nats,
    plugin_barman_cloud,
    prometheus_operator_crds,
    rabbitmq,
    velero,
)
from policies.charts.model import Chart
from policies.helm import chart_name
from policies.model import Resource

CHARTS: Final[tuple[Chart, ...]] = (
    azure_metrics_exporter.CHART,
    cert_manager.CHART,
    cloudnative_pg.CHART,
    cloudwatch_exporter.CHART,
    cluster_autoscaler.CHART,
    kube_prometheus_stack.CHART,
    minio.CHART,
    nack.CHART,
    nats.CHART,
    plugin_barman_cloud.CHART,
    prometheus_operator_crds.CHART,
    *rabbitmq.CHARTS,
    velero.CHART,
)


def chart_of(release: Resource) -> Chart | None:
    """What is known of the chart that a release installs; None where nothing is.

    A version outside of every range, or one that is not given, is judged by the last entry of that
    name: no release escapes because its version is new.
    """
    name = chart_name(release)
    known = [chart for chart in CHARTS if chart.name == name]
    for chart in known[:-1]:
        if _is_within(release["version"].text(), chart):
            return chart
    return known[-1] if known else None


def _is_within(version: str, chart: Chart) -> bool:
    match = re.match(r"v?(\d{1,6})\.(\d{1,6})", version)
    return match is not None and chart.since <= (int(match[1]), int(match[2])) < chart.below
