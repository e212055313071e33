"""Velero: the server, its agents, the location of backups, their schedules, and what its operators need."""

from __future__ import annotations

import pulumi
import pulumi_kubernetes as kubernetes

from components.backup.alerts import alert_groups
from components.backup.arguments import VeleroArgs
from components.backup.dashboard import DASHBOARD
from components.backup.schedules import schedules
from components.backup.values import AGENT, AGENT_LABELS, METRICS_PORT, NAME, render_values
from components.base import Component
from components.charts import VELERO, install_chart
from components.kubernetes import NAME_LABEL, declare
from components.observability.dashboards import dashboard_config
from components.observability.monitoring import Monitoring
from components.observability.monitors import pod_monitor, service_monitor
from components.observability.rules import prometheus_rule


class Velero(Component):
    """Backups of the cluster.

    ``opts`` bring the provider, and put the component behind namespace, priority class, store, its
    identity there, and the monitoring operator's definitions.

    Attributes:
        release: its Helm release, which brings the definitions of its kinds.
    """

    release: kubernetes.helm.v3.Release

    def __init__(self, name: str, args: VeleroArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self.release = install_chart(
            self.child_name("release"),
            VELERO,
            release_name=NAME,
            namespace=args.namespace,
            values=render_values(args),
            mirror=args.chart_mirror,
            opts=self.child_options(protect=args.retain),
        )
        for role, schedule in schedules(args).items():
            declare(self.child_name(role), schedule, self.child_options(depends_on=[self.release], protect=args.retain))
        if args.monitoring:
            self._observe(args, args.monitoring)
        self.register_outputs({})

    def _observe(self, args: VeleroArgs, monitoring: Monitoring) -> None:
        for role, custom in {
            "monitor": service_monitor(NAME, args.namespace, selector={NAME_LABEL: NAME}, port=METRICS_PORT, interval="30s"),
            "agent-monitor": pod_monitor(AGENT, args.namespace, selector=AGENT_LABELS, port=METRICS_PORT, interval="30s"),
            "alerts": prometheus_rule(NAME, args.namespace, alert_groups(args), monitoring.runbook_base_url),
        }.items():
            declare(self.child_name(role), custom, self.child_options())
        dashboard_config(self.child_name("dashboard"), DASHBOARD, namespace=monitoring.namespace, opts=self.child_options())
