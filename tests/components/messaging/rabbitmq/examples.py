"""A good RabbitMQ, of which each test changes what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.foundation import Addresses
from components.messaging.rabbitmq.arguments import RabbitmqServersArgs, RabbitmqTopologyArgs
from components.messaging.rabbitmq.model import OperatorSettings
from components.messaging.rabbitmq.traffic import servers_connection
from components.observability.monitoring import Monitoring

VHOST: Mapping[str, Any] = {
    "exchanges": {"orders": {"type": "topic"}, "regions": {"type": "headers"}},
    "queues": {
        "shipping": {
            "bindings": [{"exchange": "orders", "routingKey": "orders.placed"}, {"exchange": "regions", "headers": {"region": "eu"}}],
            "maxBytes": "10Gi",
            "messageTtl": "1d",
        },
    },
    "clients": {
        "checkout": {"namespace": "shop", "publishes": ["orders"]},
        "shipping": {"namespace": "shop", "consumes": ["shipping"], "prefetch": 20},
    },
}
SETTINGS: Mapping[str, Any] = {
    "kind": "operator",
    "recovery": {"rpo": "0s", "rto": "5m"},
    "nodes": 3,
    "storage": "100Gi",
    "cpu": "2",
    "memory": "4Gi",
    "vhosts": {"shop": VHOST},
}
"""As a stack file has it."""


def settings(**changes: Any) -> OperatorSettings:
    """The settings with other ones at the top, in the keys of a stack file."""
    return OperatorSettings.model_validate({**SETTINGS, **changes})


def with_vhost(**changes: Any) -> OperatorSettings:
    """The same with another vhost ``shop``."""
    return settings(vhosts={"shop": {**VHOST, **changes}})


def with_queue(**changes: Any) -> OperatorSettings:
    """The same with another queue ``shipping``."""
    return with_vhost(queues={"shipping": {**VHOST["queues"]["shipping"], **changes}})


ADDRESSES = Addresses(kubernetes_api=("10.20.0.0/16", "172.20.0.1/32"), webhook_callers=("10.20.0.0/16",), nodes=("10.20.0.0/16",))
SERVERS = RabbitmqServersArgs(
    settings=OperatorSettings.model_validate(SETTINGS),
    namespace="messaging",
    application_namespaces=["billing", "shop"],
    storage_class="gp3-retain",
    retain=True,
    standby_replicas=2,
    issuer="platform-ca",
    addresses=ADDRESSES,
    priority_class="platform-critical",
    monitoring=Monitoring(namespace="observability", runbook_base_url="https://runbooks.example.org"),
)
TOPOLOGY = RabbitmqTopologyArgs(
    settings=SERVERS.settings,
    namespace="messaging",
    application_namespaces=["billing", "shop"],
    retain=True,
    standby_replicas=2,
    issuer="platform-ca",
    addresses=ADDRESSES,
    priority_class="platform-critical",
    connection=servers_connection(SERVERS),
)
