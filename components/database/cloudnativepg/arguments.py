"""What PostgreSQL in the cluster is made from, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pulumi

from components.database.cloudnativepg.model import DatabaseSettings
from components.database.limits import ConnectionLimits
from components.database.model import DatabaseClient
from components.errors import ComponentError
from components.foundation import Addresses
from components.observability.monitoring import Monitoring
from components.pods import Resources
from components.storage.object_store import S3Store

_POOLED_SHARE: Final = 0.8


class CloudNativePgError(ComponentError):
    """A database whose operator could reach nothing."""


@dataclass(frozen=True, kw_only=True)
class CloudNativePostgresArgs:
    """The operator, its archiver and one database.

    Attributes:
        settings: what the user sets.
        namespace: where all of it lives; it has to exist, with the quota and the traffic that the
            functions beside ask for.
        clients: who signs in: each gets a role, a schema and a certificate.
        bucket: where it archives.
        storage_class: of its volumes, expandable.
        zoned: whether the nodes say in which zone they are, so that instances can be made to spread.
        standby_replicas: how many operators and how many of each pooler there are.
        issuer: the cert-manager ClusterIssuer that clients and poolers trust.
        addresses: of the Kubernetes API and of those who call webhooks.
        priority_class: of all of its pods.
        retain: protect the database and its operator.
        monitoring: None where the stack has none.
        client_namespaces: what is ready once the namespace of a client is, by the namespace's name.
        chart_mirror: OCI registry that holds the charts.
        image_registry: registry that holds the images in place of ghcr.io.

    Raises:
        CloudNativePgError: an address is missing.
    """

    settings: DatabaseSettings
    namespace: str
    clients: Sequence[DatabaseClient]
    bucket: S3Store
    storage_class: str
    zoned: bool
    standby_replicas: int
    issuer: str
    addresses: Addresses
    priority_class: str
    retain: bool
    monitoring: Monitoring | None = None
    client_namespaces: Mapping[str, pulumi.Resource] = field(default_factory=dict)
    chart_mirror: str | None = None
    image_registry: str | None = None

    def __post_init__(self) -> None:
        if not (self.addresses.kubernetes_api and self.addresses.webhook_callers):
            raise CloudNativePgError("addresses of the Kubernetes API and of webhooks' callers must not be empty: nobody could reach it")

    @property
    def users(self) -> Sequence[str]:
        """The roles, each once: pods of several service accounts may share one."""
        return list(dict.fromkeys(client.user for client in self.clients))

    @property
    def resources(self) -> Resources:
        """Of each instance."""
        return Resources(cpu=self.settings.cpu, memory=int(self.settings.memory))

    @property
    def limits(self) -> ConnectionLimits:
        """The connections of each instance."""
        return self.settings.connections

    @property
    def pooled_connections(self) -> int:
        """How many connections the pods of a pooler may have each: together eight tenths of all (PG-009)."""
        return int(self.limits.most * _POOLED_SHARE) // self.standby_replicas
