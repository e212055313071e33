"""How RabbitMQ is reached, said in one shape whoever runs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi

from components.messaging.rabbitmq.model import ClientSettings
from components.tenancy.traffic import TrafficRule

AMQPS: Final = 5671


@dataclass(frozen=True, kw_only=True)
class BrokerConnection:
    """What clients and the topology operator need to know.

    Attributes:
        host: where clients connect, at port 5671 with TLS.
        reference: ``rabbitmqClusterReference`` of what is declared: a RabbitmqCluster by name, or a Secret
            with ``uri``, ``username`` and ``password`` of a broker elsewhere, each with its namespace.
            The Secret has the label ``rabbitmq.com/topology-operator: "true"``; both have the annotation
            ``rabbitmq.com/topology-allowed-namespaces`` with the namespaces of applications.
        own_authority: whether the cluster's own issuer signs its certificate; else a public one does.
        traffic: what the namespaces of clients have to call.
        administration: what the topology operator has to call.
    """

    host: pulumi.Input[str]
    reference: Mapping[str, Any]
    own_authority: bool
    traffic: Sequence[TrafficRule]
    administration: Sequence[TrafficRule]


def allowed_namespaces(namespaces: Sequence[str]) -> dict[str, str]:
    """The annotation that lets what is declared in these namespaces refer to the broker."""
    return {"rabbitmq.com/topology-allowed-namespaces": ",".join(namespaces)} if namespaces else {}


def variables(connection: BrokerConnection, vhost: str, client: ClientSettings) -> dict[str, pulumi.Input[str]]:
    """The environment of a client: where the broker is, and how to consume; nothing of it is secret (MSG-013)."""
    return {
        "RABBITMQ_HOST": connection.host,
        "RABBITMQ_PORT": str(AMQPS),
        "RABBITMQ_VHOST": vhost,
        "RABBITMQ_PREFETCH": str(client.prefetch),
        "RABBITMQ_MAX_CONNECTIONS": str(client.connections),
        "RABBITMQ_MAX_CHANNELS": str(client.channels),
        # What is delivered is gone with the first loss of a connection where nobody acknowledges it.
        "RABBITMQ_ACKNOWLEDGE": "manual",
        # Only what the broker confirmed is stored.
        "RABBITMQ_PUBLISHER_CONFIRMS": "true",
    }
