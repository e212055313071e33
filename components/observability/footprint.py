"""What the monitoring stack needs of its namespaces."""

from __future__ import annotations

from components.observability.arguments import PrometheusStackArgs
from components.observability.values import (
    ALERTMANAGER,
    ALERTMANAGER_VOLUME,
    GRAFANA,
    GRAFANA_VOLUME,
    NODE_EXPORTER,
    OPERATOR,
    RELOADER,
    SIDECAR,
    STATE_METRICS,
    prometheus_resources,
)
from components.tenancy.footprint import Footprint, daemon_set, deployment, pod, stateful_set


def footprint(args: PrometheusStackArgs) -> Footprint:
    """Prometheus, Alertmanager and Grafana with their volumes, operator, kube-state-metrics."""
    settings = args.settings
    return (
        stateful_set(pod(prometheus_resources(settings), RELOADER), int(settings.storage), settings.replicas)
        + stateful_set(pod(ALERTMANAGER, RELOADER), ALERTMANAGER_VOLUME, settings.replicas)
        # A Deployment that lets go of its one volume before the next pod takes it.
        + stateful_set(pod(GRAFANA, SIDECAR, SIDECAR), GRAFANA_VOLUME)
        + deployment(pod(OPERATOR))
        + deployment(pod(STATE_METRICS))
    )


def agents_footprint(args: PrometheusStackArgs) -> Footprint:
    """The node exporter."""
    return daemon_set(pod(NODE_EXPORTER), args.most_nodes)
