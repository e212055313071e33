"""A monitoring stack like production's, for tests to change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from components.foundation import Addresses
from components.observability.arguments import PrometheusStackArgs
from components.observability.model import ObservabilitySettings

SETTINGS = ObservabilitySettings.model_validate(
    {
        "replicas": 2,
        "retention": "30d",
        "storage": "200Gi",
        "cpu": "2",
        "memory": "8Gi",
        "runbookBaseUrl": "https://runbooks.example.org",
        "routing": {
            "slack": {
                "webhook": {"secret": "alertmanager-slack", "key": "url"},
                "channel": "#alerts",
                "teamChannels": {"team_echo": "#echo"},
            },
            "pagerduty": {"secret": "alertmanager-pagerduty", "key": "routing-key"},
        },
    }
)
ARGS = PrometheusStackArgs(
    settings=SETTINGS,
    namespace="observability",
    agents_namespace="node-agents",
    cluster_name="production",
    issuer="platform-ca",
    storage_class="gp3-retain",
    addresses=Addresses(kubernetes_api=("172.20.0.1/32", "10.20.252.0/23"), webhook_callers=("10.20.252.0/23",), nodes=("10.20.0.0/17",)),
    most_nodes=12,
    retain=True,
    priority_class="platform",
)


def stack_args(**settings: Any) -> PrometheusStackArgs:
    """The same with other settings, by their Python names."""
    return replace(ARGS, settings=SETTINGS.model_copy(update=settings))
