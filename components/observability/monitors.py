"""What tells Prometheus to scrape a component: its Services, or its pods where they have none."""

from __future__ import annotations

from collections.abc import Mapping

from components.kubernetes import CustomResource, labels


def service_monitor(name: str, namespace: str, *, selector: Mapping[str, str], port: str, interval: str) -> CustomResource:
    """A ServiceMonitor for services of ``namespace`` with these labels; ``port`` is a name."""
    return CustomResource(
        api_version="monitoring.coreos.com/v1",
        kind="ServiceMonitor",
        name=name,
        namespace=namespace,
        labels=labels(name, component="metrics"),
        spec={
            "selector": {"matchLabels": dict(selector)},
            "namespaceSelector": {"matchNames": [namespace]},
            "endpoints": [{"port": port, "path": "/metrics", "interval": interval}],
        },
    )


def pod_monitor(name: str, namespace: str, *, selector: Mapping[str, str], port: str, interval: str) -> CustomResource:
    """A PodMonitor for pods of ``namespace`` with these labels; ``port`` is a name."""
    return CustomResource(
        api_version="monitoring.coreos.com/v1",
        kind="PodMonitor",
        name=name,
        namespace=namespace,
        labels=labels(name, component="metrics"),
        spec={
            "selector": {"matchLabels": dict(selector)},
            "namespaceSelector": {"matchNames": [namespace]},
            "podMetricsEndpoints": [{"port": port, "path": "/metrics", "interval": interval}],
        },
    )
