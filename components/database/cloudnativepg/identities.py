"""Who is who: the certificates of instances, poolers and clients, by the cluster's own issuer.

Instances and poolers prove themselves to instances by an authority of the operator's, of which nobody
else gets a certificate. Clients prove themselves to poolers alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from components.database.cloudnativepg.arguments import CloudNativePostgresArgs
from components.database.cloudnativepg.model import CLUSTER
from components.database.model import DatabaseClient
from components.kubernetes import CustomResource
from components.security.certificate import CertificateSpec, certificate, service_names

SERVER_SECRET: Final = f"{CLUSTER}-server-tls"
POOLER_SECRET: Final = f"{CLUSTER}-pooler-tls"
POOLERS: Final[Mapping[str, str]] = {"rw": f"{CLUSTER}-pooler-rw", "ro": f"{CLUSTER}-pooler-ro"}
"""By what they lead to, the primary or the standbys: the names of poolers and of their Services."""
# A renewed certificate is taken up at once where its Secret is marked.
_RELOADED: Final = {"cnpg.io/reload": ""}


def certificates(args: CloudNativePostgresArgs) -> Sequence[CustomResource]:
    """Those of instances, of poolers, and of every client in its own namespace."""
    instances = [f"{CLUSTER}-{role}" for role in ("rw", "ro", "r")]
    return [
        _serving(SERVER_SECRET, instances, args),
        _serving(POOLER_SECRET, list(POOLERS.values()), args),
        *(_client(client, args.issuer) for client in args.clients),
    ]


def client_secret(client: DatabaseClient) -> str:
    """The Secret with the certificate of a client, in the client's namespace: whoever has it signs in as the client's user."""
    return f"{client.service_account}-database-tls"


def _serving(secret: str, services: Sequence[str], args: CloudNativePostgresArgs) -> CustomResource:
    return certificate(
        CertificateSpec(
            secret=secret,
            namespace=args.namespace,
            application=CLUSTER,
            issuer=args.issuer,
            usages=["server auth"],
            dns_names=[name for service in services for name in service_names(service, args.namespace)],
            secret_labels=_RELOADED,
        )
    )


def _client(client: DatabaseClient, issuer: str) -> CustomResource:
    return certificate(
        CertificateSpec(
            secret=client_secret(client),
            namespace=client.namespace,
            application=CLUSTER,
            issuer=issuer,
            usages=["client auth"],
            common_name=client.user,
        )
    )
