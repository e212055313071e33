"""Who may reach the pods of the monitoring stack over the network, and whom they may reach, beyond the namespace's default-deny."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from components.tenancy.traffic import Allowance, calls_addresses, calls_kubernetes_api, serves_webhooks, within_namespace

_ALL: Final[dict[str, str]] = {}
_PROMETHEUS: Final = {"app.kubernetes.io/name": "prometheus"}
_ALERTMANAGER: Final = {"app.kubernetes.io/name": "alertmanager"}
_OPERATOR: Final = {"app.kubernetes.io/component": "prometheus-operator"}
_ADMISSION_PORT: Final = 10250
_KUBELET_PORT: Final = 10250
_NODE_EXPORTER_PORT: Final = 9100
_PRIVATE: Final = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"]


def allowances(*, node_cidrs: Sequence[str], api_server_cidrs: Sequence[str], notifies: bool) -> Sequence[Allowance]:
    """Each pod reaches its neighbours and the Kubernetes API, Prometheus every target, Alertmanager the outside where it ``notifies``."""
    outside = {
        "to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": _PRIVATE}}],
        "ports": [{"protocol": "TCP", "port": 443}],
    }
    return (
        within_namespace().narrowed("monitoring-within", _ALL),
        calls_kubernetes_api(api_server_cidrs).narrowed("monitoring-kubernetes-api", _ALL),
        serves_webhooks(api_server_cidrs, _ADMISSION_PORT).narrowed("monitoring-webhooks", _OPERATOR),
        Allowance(name="prometheus-to-pods", pods=_PROMETHEUS, egress=[{"to": [{"namespaceSelector": {}}]}]),
        calls_addresses("nodes", node_cidrs, _KUBELET_PORT, _NODE_EXPORTER_PORT).narrowed("prometheus-to-nodes", _PROMETHEUS),
        *([Allowance(name="alertmanager-to-outside", pods=_ALERTMANAGER, egress=[outside])] if notifies else []),
    )
