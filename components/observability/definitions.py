"""The Prometheus operator's definitions, installed first: all else is monitored from its start."""

from __future__ import annotations

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component
from components.charts import PROMETHEUS_OPERATOR_CRDS, install_chart


class MonitoringDefinitions(Component):
    """ServiceMonitor, PrometheusRule and their kin; what declares one depends on this component.

    Attributes:
        release: the Helm release that holds the definitions.
    """

    release: kubernetes.helm.v3.Release

    def __init__(
        self, name: str, *, namespace: str, retain: bool, chart_mirror: str | None = None, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, opts)
        self.release = install_chart(
            self.child_name("release"),
            PROMETHEUS_OPERATOR_CRDS,
            release_name="monitoring-definitions",
            namespace=namespace,
            values={},
            mirror=chart_mirror,
            # With the definitions every monitor, rule and the Prometheus itself would go.
            opts=self.child_options(protect=retain),
        )
        self.register_outputs({})
