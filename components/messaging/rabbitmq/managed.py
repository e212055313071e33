"""RabbitMQ that somebody else runs, for whoever declares something in it and for its clients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component
from components.kubernetes import NAME_LABEL, labels
from components.messaging.rabbitmq.connection import AMQPS, BrokerConnection, allowed_namespaces
from components.messaging.rabbitmq.operators import TOPOLOGY_OPERATOR
from components.tenancy.traffic import calls_addresses

MANAGEMENT: Final = 443
"""The port of the management API of managed brokers."""
_SECRET: Final = "rabbitmq-administrator"  # noqa: S105 # the name of a secret
_MANAGED: Final = "rabbitmq-management"
_DECLARED_THROUGH: Final[Mapping[str, str]] = {"rabbitmq.com/topology-operator": "true"}
"""The label without which the topology operator does not read a Secret."""


@dataclass(frozen=True, kw_only=True)
class ManagedBroker:
    """A broker outside of the cluster.

    Attributes:
        host: of AMQP at port 5671 and of the management API at port 443, both with certificates of a
            public authority.
        username: of its administrator; some are a secret.
        password: likewise; a secret.
        cidrs: where it has addresses, for network policies.
        ready: what uses the broker goes behind this.
    """

    host: pulumi.Output[str]
    username: pulumi.Input[str]
    password: pulumi.Output[str]
    cidrs: Sequence[str]
    ready: pulumi.Resource


@dataclass(frozen=True, kw_only=True)
class BrokerAdministratorArgs:
    """Who administrates which broker.

    Attributes:
        broker: outside of the cluster.
        namespace: of the topology operator.
        application_namespaces: whence clients' users and rights may be declared.
    """

    broker: ManagedBroker
    namespace: str
    application_namespaces: Sequence[str]


class BrokerAdministrator(Component):
    """The Secret by which the topology operator signs in to a managed broker.

    ``opts`` bring the provider, and put the component behind the namespace.

    Attributes:
        ready: what is declared in the broker goes behind this.
    """

    ready: kubernetes.core.v1.Secret

    def __init__(self, name: str, args: BrokerAdministratorArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        broker = args.broker
        self.ready = kubernetes.core.v1.Secret(
            self.child_name("secret"),
            kubernetes.core.v1.SecretInitArgs(
                metadata=kubernetes.meta.v1.ObjectMetaArgs(
                    name=_SECRET,
                    namespace=args.namespace,
                    labels={**labels("rabbitmq", component="administrator"), **_DECLARED_THROUGH},
                    annotations=allowed_namespaces(args.application_namespaces),
                ),
                string_data=pulumi.Output.secret(
                    {
                        "uri": pulumi.Output.concat("https://", broker.host, f":{MANAGEMENT}"),
                        "username": broker.username,
                        "password": broker.password,
                    }
                ),
            ),
            self.child_options(depends_on=[broker.ready]),
        )
        self.register_outputs({})


def managed_connection(broker: ManagedBroker, namespace: str) -> BrokerConnection:
    """How a managed broker is reached from the cluster; the Secret of its administrator is in ``namespace``."""
    return BrokerConnection(
        host=broker.host,
        reference={"connectionSecret": {"name": _SECRET}, "namespace": namespace},
        own_authority=False,
        traffic=(calls_addresses("rabbitmq", broker.cidrs, AMQPS),),
        administration=(calls_addresses(_MANAGED, broker.cidrs, MANAGEMENT).narrowed(_MANAGED, {NAME_LABEL: TOPOLOGY_OPERATOR}),),
    )
