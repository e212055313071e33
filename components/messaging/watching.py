"""What watches the servers of a broker in the cluster: metrics of each, alerts and a dashboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi_kubernetes as kubernetes

from components.alerts import AlertGroup
from components.base import Component
from components.kubernetes import declare, labels
from components.observability.dashboards import Dashboard, dashboard_config
from components.observability.monitoring import Monitoring
from components.observability.monitors import PLAIN, Scrape, service_monitor
from components.observability.rules import prometheus_rule

_INTERVAL: Final = "15s"


@dataclass(frozen=True, kw_only=True)
class WatchedServers:
    """Servers that tell of themselves.

    Attributes:
        name: of what watches them.
        namespace: where they are.
        selector: labels of their pods.
        port: TCP port of their metrics.
        alerts: on these metrics.
        dashboard: likewise.
        scrape: what is asked for, and how.
    """

    name: str
    namespace: str
    selector: Mapping[str, str]
    port: int
    alerts: Sequence[AlertGroup]
    dashboard: Dashboard
    scrape: Scrape = PLAIN


def watch_servers(component: Component, watched: WatchedServers, monitoring: Monitoring) -> None:
    """Have Prometheus read each server, as parts of ``component``."""
    service = f"{watched.name}-metrics"
    selected = labels(service, component="metrics")
    kubernetes.core.v1.Service(
        component.child_name("metrics"),
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=service, namespace=watched.namespace, labels=selected),
        spec=kubernetes.core.v1.ServiceSpecArgs(
            cluster_ip="None",
            # A server that is not ready is the one whose metrics matter.
            publish_not_ready_addresses=True,
            selector=watched.selector,
            ports=[kubernetes.core.v1.ServicePortArgs(name="metrics", port=watched.port, target_port=watched.port)],
        ),
        opts=component.child_options(),
    )
    monitor = service_monitor(watched.name, watched.namespace, selector=selected, port="metrics", interval=_INTERVAL, scrape=watched.scrape)
    declare(component.child_name("monitor"), monitor, component.child_options())
    rule = prometheus_rule(watched.name, watched.namespace, watched.alerts, monitoring.runbook_base_url)
    declare(component.child_name("alerts"), rule, component.child_options())
    dashboard_config(component.child_name("dashboard"), watched.dashboard, namespace=monitoring.namespace, opts=component.child_options())
