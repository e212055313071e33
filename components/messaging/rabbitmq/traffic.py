"""Who may reach RabbitMQ and its operators over the network, and whom they may reach (NET-002)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from components.kubernetes import NAME_LABEL
from components.messaging.rabbitmq.arguments import RabbitmqServersArgs, RabbitmqTopologyArgs
from components.messaging.rabbitmq.cluster import MANAGEMENT_PORT, SERVER_LABELS
from components.messaging.rabbitmq.connection import AMQPS, BrokerConnection
from components.messaging.rabbitmq.identities import RABBITMQ
from components.messaging.rabbitmq.operators import CLUSTER_OPERATOR, TOPOLOGY_OPERATOR, WEBHOOK_PORT
from components.tenancy.traffic import TrafficRule, called_from, calls, calls_kubernetes_api, dns, scraped_by, serves_webhooks

_PEERS: Final = ({"port": 4369}, {"port": 25672}, {"port": 35672, "endPort": 35682})
"""Where servers find each other, where they talk, and where commands within them are answered."""
_OPERATORS: Final = (CLUSTER_OPERATOR, TOPOLOGY_OPERATOR)


def servers_connection(args: RabbitmqServersArgs) -> BrokerConnection:
    """How the servers in the cluster are reached."""
    return BrokerConnection(
        host=f"{RABBITMQ}.{args.namespace}.svc",
        reference={"name": RABBITMQ, "namespace": args.namespace},
        own_authority=True,
        traffic=(calls(args.namespace, AMQPS).narrowed(f"to-{RABBITMQ}", {}),),
        administration=(_calls_management(TOPOLOGY_OPERATOR),),
    )


def servers_traffic(args: RabbitmqServersArgs) -> Sequence[TrafficRule]:
    """Clients reach the servers by TLS alone, servers each other, both operators the management, Prometheus the metrics."""
    api = calls_kubernetes_api(args.addresses.kubernetes_api, args.addresses.kubernetes_api_ports)
    peers = [{"protocol": "TCP", **each} for each in _PEERS]
    return (
        dns(),
        *(called_from(place, AMQPS).narrowed(f"{RABBITMQ}-from-{place}", SERVER_LABELS) for place in args.settings.client_namespaces),
        *([scraped_by(args.monitoring.namespace).narrowed(f"{RABBITMQ}-scrape", SERVER_LABELS)] if args.monitoring else []),
        TrafficRule(
            name=f"{RABBITMQ}-servers",
            pods=SERVER_LABELS,
            ingress=[
                {"from": _pods(SERVER_LABELS), "ports": peers},
                *({"from": _pods(_labels(operator)), "ports": _tcp(MANAGEMENT_PORT)} for operator in _OPERATORS),
            ],
            egress=[{"to": _pods(SERVER_LABELS), "ports": peers}],
        ),
        api.narrowed(f"{CLUSTER_OPERATOR}-api", _labels(CLUSTER_OPERATOR)),
        _calls_management(CLUSTER_OPERATOR),
    )


def topology_traffic(args: RabbitmqTopologyArgs) -> Sequence[TrafficRule]:
    """The operator calls the broker's management and the Kubernetes API, which calls its webhook."""
    api = calls_kubernetes_api(args.addresses.kubernetes_api, args.addresses.kubernetes_api_ports)
    webhooks = serves_webhooks(args.addresses.webhook_callers, WEBHOOK_PORT, tunnel=args.addresses.webhook_tunnel)
    return (
        dns(),
        api.narrowed(f"{TOPOLOGY_OPERATOR}-api", _labels(TOPOLOGY_OPERATOR)),
        webhooks.narrowed(f"{TOPOLOGY_OPERATOR}-webhooks", _labels(TOPOLOGY_OPERATOR)),
        *args.connection.administration,
    )


def _calls_management(operator: str) -> TrafficRule:
    egress = [{"to": _pods(SERVER_LABELS), "ports": _tcp(MANAGEMENT_PORT)}]
    return TrafficRule(name=operator, pods=_labels(operator), egress=egress)


def _labels(operator: str) -> dict[str, str]:
    return {NAME_LABEL: operator}


def _pods(labels: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"podSelector": {"matchLabels": dict(labels)}}]


def _tcp(port: int) -> list[dict[str, Any]]:
    return [{"protocol": "TCP", "port": port}]
