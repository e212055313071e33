"""Prometheus, Alertmanager and Grafana by kube-prometheus-stack, and alerts about any workload."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component
from components.charts import KUBE_PROMETHEUS_STACK, Roll, install_chart
from components.kubernetes import declare
from components.observability.alerts import ALERTS
from components.observability.arguments import PrometheusStackArgs
from components.observability.rules import prometheus_rule
from components.observability.values import RELEASE, render_stack_values

# Its one pod lets go of its volume before the next takes it. What the operator makes of Prometheus
# and Alertmanager is not waited for.
_GRAFANA_ROLL: Final = Roll(pods=1, ending=timedelta(minutes=1), starting=timedelta(minutes=5))


class PrometheusStack(Component):
    """Prometheus with its operator, Alertmanager, Grafana, node exporter and kube-state-metrics.

    ``opts`` bring the provider, and put the component behind its namespaces, storage class, issuer
    and :class:`~components.observability.definitions.MonitoringDefinitions`.

    Attributes:
        prometheus_url: where Prometheus answers within the cluster.
        release: the stack's Helm release.
    """

    prometheus_url: str
    release: kubernetes.helm.v3.Release

    def __init__(self, name: str, args: PrometheusStackArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self.release = install_chart(
            self.child_name("release"),
            KUBE_PROMETHEUS_STACK,
            release_name=RELEASE,
            namespace=args.namespace,
            values=render_stack_values(args),
            mirror=args.chart_mirror,
            roll=_GRAFANA_ROLL,
            opts=self.child_options(protect=args.retain),
        )
        rule = prometheus_rule("workloads", args.namespace, ALERTS, args.settings.runbook_base_url)
        declare(self.child_name("alerts"), rule, self.child_options(depends_on=[self.release]))
        self.prometheus_url = f"http://{RELEASE}-prometheus.{args.namespace}.svc:9090"
        self.register_outputs({"prometheusUrl": self.prometheus_url})
