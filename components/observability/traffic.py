"""Who may reach the pods of the monitoring stack, and whom they may reach."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from components.observability.arguments import PrometheusStackArgs
from components.tenancy.traffic import (
    TrafficRule,
    calls_kubernetes_api,
    calls_nodes,
    dns,
    serves_webhooks,
    within_namespace,
)

_PROMETHEUS: Final = {"app.kubernetes.io/name": "prometheus"}
_ALERTMANAGER: Final = {"app.kubernetes.io/name": "alertmanager"}
_OPERATOR: Final = {"app.kubernetes.io/component": "prometheus-operator"}
_ADMISSION_PORT: Final = 10250
_KUBELET_PORT: Final = 10250
_NODE_EXPORTER_PORT: Final = 9100
_PRIVATE: Final = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"]


def traffic(args: PrometheusStackArgs) -> Sequence[TrafficRule]:
    """The ways through the namespace's default-deny.

    Every pod reaches its neighbours and the Kubernetes API, Prometheus each target, Alertmanager
    whom it has to tell.
    """
    outside = {
        "to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": _PRIVATE}}],
        "ports": [{"protocol": "TCP", "port": 443}],
    }
    addresses = args.addresses
    webhooks = serves_webhooks(addresses.webhook_callers, _ADMISSION_PORT, tunnel=addresses.webhook_tunnel)
    nodes = calls_nodes(addresses.nodes, _KUBELET_PORT, _NODE_EXPORTER_PORT, by_address=addresses.nodes_by_address)
    return (
        dns(),
        within_namespace(),
        calls_kubernetes_api(addresses.kubernetes_api, addresses.kubernetes_api_ports),
        webhooks.narrowed("monitoring-webhooks", _OPERATOR),
        TrafficRule(name="prometheus-to-pods", pods=_PROMETHEUS, egress=[{"to": [{"namespaceSelector": {}}]}]),
        nodes.narrowed("prometheus-to-nodes", _PROMETHEUS),
        # Every receiver reads its address or key from a secret.
        *([TrafficRule(name="alertmanager-to-outside", pods=_ALERTMANAGER, egress=[outside])] if args.settings.routing.secrets else []),
    )
