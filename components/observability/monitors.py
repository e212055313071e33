"""What tells Prometheus to scrape a component: its Services, or its pods where they have none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from components.kubernetes import CustomResource, labels


@dataclass(frozen=True, kw_only=True)
class Scrape:
    """What is read of each target beside ``/metrics``, and how it is checked.

    Attributes:
        paths: each with its query; ``/metrics`` alone where nothing else is said.
        authority: the Secret of the monitor's namespace whose ``ca.crt`` checks the targets, which are
            then called by TLS; None where they speak none.
        server_name: the name in their certificate.
    """

    paths: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=lambda: {"/metrics": {}})
    authority: str | None = None
    server_name: str | None = None

    def endpoints(self, port: str, interval: str) -> list[dict[str, Any]]:
        """``spec.endpoints`` of a ServiceMonitor."""
        authority = {"ca": {"secret": {"name": self.authority, "key": "ca.crt"}}, "serverName": self.server_name}
        tls = {"scheme": "https", "tlsConfig": authority} if self.authority else {}
        return [{"port": port, "path": path, "interval": interval, **tls, **_of_query(query)} for path, query in self.paths.items()]


def _of_query(query: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What only a part of the metrics is asked for by, told apart from the rest by its path."""
    path = {"sourceLabels": ["__metrics_path__"], "targetLabel": "metrics_path"}
    return {"params": {key: list(values) for key, values in query.items()}, "relabelings": [path]} if query else {}


PLAIN: Final = Scrape()
"""All metrics of a port, unencrypted."""


def service_monitor(
    name: str, namespace: str, *, selector: Mapping[str, str], port: str, interval: str, scrape: Scrape = PLAIN
) -> CustomResource:
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
            "endpoints": scrape.endpoints(port, interval),
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
