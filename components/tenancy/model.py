"""Namespaces of applications."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from components.database.model import DatabaseClient
from components.models.scalars import GIB, Count, DatabaseUser, DnsLabel, Flag, Port, Quantity
from components.models.section import Contradiction, Section
from components.tenancy.footprint import Footprint


class QuotaSettings(Section):
    """The most that all pods of the namespace together may ask for."""

    cpu: Quantity = Field(default=Decimal(8), description="Cores requested.")
    memory: Quantity = Field(default=Decimal(16 * GIB), description="Memory requested and limited.")
    pods: Annotated[Count, Field(ge=1)] = Field(default=50, description="Pods.")
    storage: Quantity = Field(default=Decimal(100 * GIB), description="Storage claimed.")
    volume_claims: Annotated[Count, Field(ge=0)] = Field(default=10, description="Claims of volumes.")

    @property
    def footprint(self) -> Footprint:
        """What the application may need in all; memory counts for requests and limits alike."""
        memory = int(self.memory)
        return Footprint(
            cpu=self.cpu,
            memory=memory,
            memory_limit=memory,
            pods=self.pods,
            storage=int(self.storage),
            claims=self.volume_claims,
        )


class DatabasePoolSettings(Section):
    """The connections that an application keeps to the database, so that all of them together fit (PG-009)."""

    max: Annotated[Count, Field(ge=1)] = Field(description="The most that one pod holds.")
    replicas: Annotated[Count, Field(ge=1)] = Field(description="The most pods there are, with those of a rollout.")

    @property
    def connections(self) -> int:
        """The most that all pods hold."""
        return self.max * self.replicas


class NamespaceSettings(Section):
    """A namespace, closed to all traffic but what is allowed by name."""

    quota: QuotaSettings = Field(default=QuotaSettings(), description="Its bounds.")
    pod_security: Literal["restricted", "baseline"] = Field(
        default="restricted", description="The level of the Pod Security Standards that is enforced."
    )
    database: Flag = Field(default=False, description="Whether its pods may sign in to the database.")
    database_users: Mapping[DnsLabel, DatabaseUser] = Field(
        default={},
        description="Database users by service account; without any, both have the namespace's name, the user with _ for -.",
    )
    database_pool: DatabasePoolSettings | None = Field(
        default=None, description="Its pods' own pools; those of all namespaces are held against what the database has."
    )
    ingress_from: Mapping[DnsLabel, Annotated[tuple[Port, ...], Field(min_length=1, description="TCP ports.")]] = Field(
        default={}, description="Namespaces, such as an ingress controller's, whose pods may call its pods, each with the TCP ports."
    )

    def database_clients(self, namespace: str) -> Sequence[DatabaseClient]:
        """Who of the namespace of this name signs in to the database."""
        users = self.database_users or {namespace: namespace.replace("-", "_")}
        return [DatabaseClient(namespace=namespace, service_account=account, user=user) for account, user in users.items() if self.database]

    def contradictions(self) -> Iterator[Contradiction]:
        """Ports that stand twice, and users and pools of a database that nobody may sign in to."""
        if self.database_users and not self.database:
            yield ("databaseUsers",), "its pods may not sign in; set database to true, or remove the users"
        if self.database_pool and not self.database:
            yield ("databasePool",), "its pods may not sign in; set database to true, or remove the pool"
        for caller, ports in self.ingress_from.items():
            for place, port in enumerate(ports):
                if port in ports[:place]:
                    yield ("ingressFrom", caller, place), f"port {port} stands twice; name each one once"


def colliding_namespaces(namespaces: Mapping[str, NamespaceSettings]) -> Iterator[Contradiction]:
    """Namespaces whose name begins like the network policy of another.

    ``a-allow-from-b`` is one, beside a namespace ``a`` that ``b-c`` may call.
    """
    for name, wanted in namespaces.items():
        for caller in wanted.ingress_from:
            policy = f"{name}-allow-from-{caller}"
            for other in namespaces:
                if other.startswith(f"{name}-allow-from") and policy.startswith(f"{other}-"):
                    yield (other,), f"its resources would be named like {policy}, a network policy of {name}; choose another name"
