"""Who is who: the certificates of servers and webhook, and what clients check a server by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from components.kubernetes import CustomResource
from components.messaging.rabbitmq.model import ClientSettings
from components.security.certificate import CertificateSpec, certificate, service_names

RABBITMQ: Final = "rabbitmq"
"""The RabbitmqCluster, and with it its Service."""
NODES: Final = f"{RABBITMQ}-nodes"
"""The operator's headless Service, in which servers have their names."""
SERVER_SECRET: Final = f"{RABBITMQ}-server-tls"
WEBHOOK: Final = f"{RABBITMQ}-topology-webhook"
WEBHOOK_SECRET: Final = f"{WEBHOOK}-tls"


def server_certificate(namespace: str, issuer: str) -> CustomResource:
    """Of all servers, which are clients of each other; they read a renewed one within minutes."""
    nodes = [name for name in service_names(NODES, namespace) if name != NODES]
    return certificate(
        CertificateSpec(
            secret=SERVER_SECRET,
            namespace=namespace,
            application=RABBITMQ,
            issuer=issuer,
            usages=["server auth", "client auth"],
            dns_names=[*service_names(RABBITMQ, namespace), *(f"*.{name}" for name in nodes), "localhost"],
        )
    )


def webhook_certificate(namespace: str, issuer: str) -> CustomResource:
    """Of the topology operator's webhook."""
    return certificate(
        CertificateSpec(
            secret=WEBHOOK_SECRET,
            namespace=namespace,
            application=RABBITMQ,
            issuer=issuer,
            usages=["server auth"],
            dns_names=service_names(WEBHOOK, namespace),
        )
    )


def client_certificates(clients: Mapping[str, ClientSettings], issuer: str) -> Iterator[CustomResource]:
    """One for each client in its own namespace: its ``ca.crt`` is what the client checks the server by."""
    for name, client in clients.items():
        yield certificate(
            CertificateSpec(
                secret=client_secret(name),
                namespace=client.namespace,
                application=RABBITMQ,
                issuer=issuer,
                usages=["client auth"],
                common_name=name,
            )
        )


def user(client: str) -> str:
    """The name of the User of ``client``; the operator puts its name and password beside it, into ``<user>-user-credentials``."""
    return f"{client}-{RABBITMQ}"


def client_secret(client: str) -> str:
    """The Secret with the authority of the servers, in the client's namespace."""
    return f"{client}-rabbitmq-tls"
