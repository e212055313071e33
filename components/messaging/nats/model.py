"""NATS: servers, and what its accounts have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import Field

from components.messaging.nats.account_model import AccountSettings, ClientSettings, Stored, TenantSettings, listed
from components.messaging.nats.backup_model import BackupSettings
from components.messaging.nats.jetstream import stored_bytes, usable_bytes
from components.messaging.nats.link_model import LeafNodeSettings, RemoteSettings
from components.messaging.nats.names import ClusterName, TenantName
from components.messaging.nats.stream_model import in_gib
from components.models.scalars import Count, Quantity
from components.models.section import Contradiction
from components.models.written import quantity
from facts.quantity import format_quantity

_MOST_COPIES: Final = 3


class NatsSettings(AccountSettings):
    """NATS with JetStream."""

    servers: Annotated[Count, Field(ge=1, le=9)] = Field(description="1, or an odd number from 3 on.")
    storage: Annotated[Decimal, quantity(least="1Gi", most="64Ti")] = Field(description="Each server's volume.")
    cpu: Quantity = Field(description="Cores of each server, request and limit.")
    memory: Annotated[Decimal, quantity(least="256Mi", most="1Ti", example="4Gi")] = Field(
        description="Memory of each server, request and limit."
    )
    rpo: Literal["0s", "2m"] = Field(
        description="What may be lost of acknowledged messages if all replicas fail at once: 0s flushes before each acknowledgement."
    )

    name: ClusterName = Field(
        default="nats",
        description="By which other clusters know it, each by another one; never change it: the servers would not find their streams.",
    )
    leaf_nodes: LeafNodeSettings | None = Field(
        default=None, description="A way in for clusters elsewhere that copy from this one; null opens none."
    )
    backup: BackupSettings | None = Field(default=None, description="Daily backups of all streams and buckets; null makes none.")
    remote: RemoteSettings | None = Field(default=None, description="The cluster elsewhere that mirrors and sources are copied from.")
    tenants: Mapping[TenantName, TenantSettings] = Field(
        default={}, description="Accounts of their own beside the platform's, by name: neither sees the other's messages."
    )

    def replicas_of(self, stored: Stored) -> int:
        """The copies of a stream, mirror or bucket."""
        return stored.replicas or min(_MOST_COPIES, self.servers)

    def accounts(self) -> Iterator[tuple[str | None, AccountSettings]]:
        """Each account, and the name of its tenant: None for the platform's own."""
        yield None, self
        yield from self.tenants.items()

    def all_clients(self) -> Iterator[tuple[tuple[str, ...], str, ClientSettings]]:
        """Each client of any account: its place in the settings, its name and what it may do."""
        for tenant, account in self.accounts():
            for name, client in account.clients.items():
                yield (*_place(tenant), "clients", name), name, client

    def clients_at(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Where each client of any account stands, and its namespace."""
        yield from ((path, client.namespace) for path, _, client in self.all_clients())

    def contradictions(self) -> Iterator[Contradiction]:
        """Servers without a quorum; streams and buckets that do not fit; accounts that get in each other's way; and those of its own."""
        if self.servers % 2 == 0:
            yield ("servers",), f"{self.servers} is even, which adds no quorum; allowed are 1, or 3, 5, … for a cluster"
        if self.remote and self.remote.name == self.name:
            yield ("remote", "name"), f"this cluster is called {self.name} itself; each needs a name of its own"
        if self.remote is None:
            for tenant, account in self.accounts():
                for path in account.copied_from_afar():
                    yield (*_place(tenant), *path), "there is no cluster to copy from; set plinth:nats.remote"
        yield from self._copies_without_servers()
        yield from self._what_does_not_fit()
        yield from self._clients_that_are_two()
        yield from self._shares_of_nobody()
        yield from super().contradictions()

    def _copies_without_servers(self) -> Iterator[Contradiction]:
        for tenant, account in self.accounts():
            for path, stored in account.stored():
                if (replicas := self.replicas_of(stored)) > self.servers:
                    yield (*_place(tenant), *path, "replicas"), f"{replicas} copies do not fit on {self.servers} server(s)"

    def _what_does_not_fit(self) -> Iterator[Contradiction]:
        claimed = self._claimed_by(self)
        for name, tenant in self.tenants.items():
            if (own := self._claimed_by(tenant)) > tenant.storage:
                claims = f"streams and buckets claim {in_gib(own)} with all copies and dead letters"
                yield ("tenants", name, "storage"), f"{claims}; lower maxBytes or raise storage"
            claimed += int(tenant.storage)
        room = usable_bytes(self.storage) * self.servers
        if claimed > room:
            volumes = f"{self.servers} volume(s) of {format_quantity(self.storage)}"
            claims = f"streams, buckets and tenants claim {in_gib(claimed)} with all copies and dead letters"
            yield ("storage",), f"{claims}, but 85 % of {volumes} are {in_gib(room)}; lower maxBytes or enlarge storage"

    def _claimed_by(self, account: AccountSettings) -> int:
        return sum(
            stored_bytes(
                int(stored.max_bytes),
                replicas=self.replicas_of(stored),
                dead_letters=stored.has_dead_letters,
            )
            for _, stored in account.stored()
        )

    def _clients_that_are_two(self) -> Iterator[Contradiction]:
        # The server tells users apart by their certificate alone, which has no account in it.
        seen: dict[tuple[str, str], str] = {}
        for path, name, client in self.all_clients():
            if (other := seen.setdefault((name, client.namespace), ".".join(path))) != ".".join(path):
                yield path, f"{other} has the same name and namespace; a client belongs to one account"

    def _shares_of_nobody(self) -> Iterator[Contradiction]:
        for name, tenant in self.tenants.items():
            for subject, others in tenant.shares.items():
                for place, other in enumerate(others):
                    if other == name or other not in self.tenants:
                        there = listed([each for each in self.tenants if each != name])
                        yield ("tenants", name, "shares", subject, place), f"there is no other tenant {other}; there are {there}"


def _place(tenant: str | None) -> tuple[str, ...]:
    return () if tenant is None else ("tenants", tenant)
