"""A good NATS cluster, of which each test changes what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from components.foundation import Addresses
from components.messaging.nats.arguments import NatsArgs
from components.messaging.nats.model import NatsSettings
from components.observability.monitoring import Monitoring

SETTINGS: Mapping[str, Any] = {
    "servers": 3,
    "storage": "500Gi",
    "cpu": "2",
    "memory": "4Gi",
    "rpo": "0s",
    "streams": {
        "orders": {"subjects": ["orders.>"], "maxAge": "7d", "maxBytes": "100Gi", "consumers": {"shipping": {}}},
    },
    "clients": {"orders": {"namespace": "shop", "publishes": ["orders.>"]}},
}
"""As a stack file has it."""
ARGS = NatsArgs(
    settings=NatsSettings.model_validate(SETTINGS),
    namespace="messaging",
    storage_class="gp3-retain",
    retain=True,
    issuer="platform-ca",
    addresses=Addresses(kubernetes_api=("10.20.0.0/16", "172.20.0.1/32"), webhook_callers=("10.20.0.0/16",), nodes=("10.20.0.0/16",)),
    priority_class="platform-critical",
    monitoring=Monitoring(namespace="observability", runbook_base_url="https://runbooks.example.org"),
)


def nats_args(**settings: Any) -> NatsArgs:
    """The arguments of a cluster with other ``settings``, in the keys of a stack file."""
    return replace(ARGS, settings=NatsSettings.model_validate({**SETTINGS, **settings}))


def with_stream(**changes: Any) -> NatsArgs:
    """The same with another stream ``orders``."""
    return nats_args(streams={"orders": SETTINGS["streams"]["orders"] | changes})
