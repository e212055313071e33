"""What RabbitMQ needs besides its settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.errors import ComponentError
from components.foundation import Addresses
from components.messaging.rabbitmq.connection import BrokerConnection
from components.messaging.rabbitmq.model import OperatorSettings, RabbitmqSettings
from components.observability.monitoring import Monitoring


class RabbitmqError(ComponentError):
    """An operator that could reach nothing."""


@dataclass(frozen=True, kw_only=True)
class RabbitmqServersArgs:
    """The servers in the cluster, and the operator that makes them.

    Attributes:
        settings: what a user sets.
        namespace: where they live; it has to exist, with the quota and the traffic that the
            functions beside ask for.
        application_namespaces: of which clients may be declared; likewise below.
        storage_class: an expandable, retained, encrypted class (MSG-012).
        retain: protect the servers.
        standby_replicas: how many operators there are.
        issuer: the cert-manager ClusterIssuer that servers and clients trust.
        addresses: of the Kubernetes API.
        priority_class: of servers and operator.
        monitoring: None where the stack has none.
        image_registry: registry that holds the images in place of public ones.

    Raises:
        RabbitmqError: the operator could not reach the Kubernetes API.
    """

    settings: OperatorSettings
    namespace: str
    application_namespaces: Sequence[str]
    storage_class: str
    retain: bool
    standby_replicas: int
    issuer: str
    addresses: Addresses
    priority_class: str
    monitoring: Monitoring | None = None
    image_registry: str | None = None

    def __post_init__(self) -> None:
        if not self.addresses.kubernetes_api:
            raise RabbitmqError("addresses.kubernetes_api is empty: the operator could not reach the Kubernetes API")


@dataclass(frozen=True, kw_only=True)
class RabbitmqTopologyArgs:
    """What is declared in a broker, whoever runs it, and the operator that declares it.

    Attributes:
        settings: what a user sets.
        namespace: of the operator and of all that is not a client's; likewise.
        application_namespaces: which the operator watches, whether or not they have clients: of one that
            it no longer watched, the last client could not leave.
        retain: protect vhosts and queues, and have the operator keep them.
        standby_replicas: how many operators there are.
        issuer: the cert-manager ClusterIssuer of the webhook, and of the servers in the cluster.
        addresses: of the Kubernetes API and of those who call webhooks.
        priority_class: of the operator.
        connection: how the broker is reached.
        ready_namespaces: what is ready once an application namespace is, by the namespace's name.
        image_registry: registry that holds the image in place of GitHub's.

    Raises:
        RabbitmqError: an address is missing.
    """

    settings: RabbitmqSettings
    namespace: str
    application_namespaces: Sequence[str]
    retain: bool
    standby_replicas: int
    issuer: str
    addresses: Addresses
    priority_class: str
    connection: BrokerConnection
    ready_namespaces: Mapping[str, pulumi.Resource] = field(default_factory=dict)
    image_registry: str | None = None

    def __post_init__(self) -> None:
        if not (self.addresses.kubernetes_api and self.addresses.webhook_callers):
            raise RabbitmqError(
                "addresses of the Kubernetes API and of webhooks' callers must not be empty: nobody could reach the operator"
            )
