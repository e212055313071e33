"""The certificates of NATS, of those who operate it and of its clients, by the cluster's own issuer."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from components.kubernetes import CustomResource
from components.messaging.nats.access import OPERATOR, backup_client, controller, identity
from components.messaging.nats.arguments import NatsArgs
from components.messaging.nats.links import leaf_identity, readers
from components.security.certificate import CertificateSpec, certificate, service_names
from facts.duration import format_duration

RELEASE: Final = "nats"
"""The servers' Helm release, and with it their Service and StatefulSet."""
LINK_LIFETIME: Final = timedelta(days=365)
"""Of the certificate by which another cluster calls; renewed after half of it."""
SERVER_SECRET: Final = "nats-server-tls"  # noqa: S105 # the name of a secret


def certificates(args: NatsArgs) -> tuple[CustomResource, ...]:
    """One Certificate for the servers and operators each, one for the controller in each account, and one for every client.

    A client's is in its own namespace, in the secret ``<name>-nats-tls`` with ``tls.crt``, ``tls.key``
    and ``ca.crt``; cert-manager renews all of them.
    """
    controllers = ((controller(tenant), args.namespace) for tenant, _ in args.settings.accounts())
    backups = ((backup_client(tenant), args.namespace) for tenant, _ in args.settings.accounts()) if args.settings.backup else ()
    clients = ((name, client.namespace) for _, name, client in args.settings.all_clients())
    named = (*controllers, (OPERATOR, args.namespace), *backups, *clients)
    copying = readers(args.settings, args.dr_stack)
    return (
        # Servers are clients of each other on the routes.
        _certificate(SERVER_SECRET, args.namespace, args.issuer, _server_names(args), ["server auth", "client auth"]),
        *(_certificate(client_secret(name), place, args.issuer, [identity(name, place)], ["client auth"]) for name, place in named),
        *(_leaf_certificate(stack, tenant, args) for stack, tenant in copying),
    )


def leaf_secret(stack: str, tenant: str | None) -> str:
    """The secret with the certificate by which ``stack`` calls, for people to take there."""
    return f"leaf-{stack}-nats-tls" if tenant is None else f"leaf-{stack}-{tenant}-nats-tls"


def _leaf_certificate(stack: str, tenant: str | None, args: NatsArgs) -> CustomResource:
    return certificate(
        CertificateSpec(
            secret=leaf_secret(stack, tenant),
            namespace=args.namespace,
            application="nats",
            issuer=args.issuer,
            usages=["client auth"],
            dns_names=[leaf_identity(stack, tenant, args.namespace)],
            # It is taken to the other cluster by hand: there is half a year for it after each renewal.
            lifetime=format_duration(LINK_LIFETIME),
            renew_before=format_duration(LINK_LIFETIME / 2),
        )
    )


def client_secret(name: str) -> str:
    """The secret that holds the certificate of the client ``name``, in the client's namespace."""
    return f"{name}-nats-tls"


def _certificate(secret: str, namespace: str, issuer: str, dns_names: list[str], usages: list[str]) -> CustomResource:
    return certificate(
        CertificateSpec(secret=secret, namespace=namespace, application="nats", issuer=issuer, usages=usages, dns_names=dns_names)
    )


def _server_names(args: NatsArgs) -> list[str]:
    """The DNS names under which clients, peers and probes reach the servers."""
    namespace, leaf_nodes = args.namespace, args.settings.leaf_nodes
    peers = f"*.{RELEASE}-headless"
    return [
        *service_names(RELEASE, namespace),
        *(f"{peers}{suffix}" for suffix in ("", f".{namespace}.svc", f".{namespace}.svc.cluster.local")),
        "localhost",
        *([leaf_nodes.host] if leaf_nodes else []),
    ]
