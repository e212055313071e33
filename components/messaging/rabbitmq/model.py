"""RabbitMQ: what is declared in it, whoever runs it, and the servers in the cluster."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field

from components.messaging.rabbitmq.capacity import queue_bytes, usable_bytes
from components.models.recovery import RecoveryTargets
from components.models.scalars import Count, DnsLabel, Quantity
from components.models.section import Contradiction, Section, twice
from components.models.written import Written, duration, quantity
from facts.quantity import format_quantity

DEAD_LETTERS: Final = "dead-letters"
"""The exchange of each vhost that dead letters go through."""
_LONGEST: Final = "49d"
"""The server counts in milliseconds, in 32 bits."""
_MOST_PREFETCHED: Final = 2**16 - 1
_MOST_CHANNELS: Final = 2047
"""Channels that a connection may have: the server's default of channel_max."""
_WORD: Final = r"([A-Za-z0-9_-]+|\*|#)"


def _named(example: str) -> Written:
    return Written(
        what=(
            "a name of up to 63 of a-z, 0-9, - and ., that starts and ends with a letter or digit "
            f"and is not {DEAD_LETTERS}, amq.… or …-dlq, which the platform and the server keep"
        ),
        pattern=rf"^(?!amq\.|{DEAD_LETTERS}$|.*-dlq$)[a-z0-9]([a-z0-9.-]{{0,61}}[a-z0-9])?$",
        example=example,
    )


ExchangeName = Annotated[str, _named("orders")]
QueueName = Annotated[str, _named("shipping")]
RoutingKey = Annotated[
    str,
    Written(
        what="a routing key of up to 255 characters: words of letters, digits, - and _, joined by dots; * is one word, # any number",
        pattern=rf"^(?=.{{1,255}}$){_WORD}(\.{_WORD})*$",
        example="orders.placed",
    ),
]
HeaderName = Annotated[
    str, Written(what="a header's name of letters, digits, -, _ and .", pattern=r"^(?!x-match$)[\w.-]{1,128}$", example="region")
]


class ExchangeType(StrEnum):
    """How an exchange finds the queues of a message."""

    TOPIC = "topic"
    DIRECT = "direct"
    FANOUT = "fanout"
    HEADERS = "headers"


class ExchangeSettings(Section):
    """A durable exchange."""

    type: ExchangeType = Field(description="topic: by words of the key; direct: by the key; fanout: to all; headers: by headers.")


class BindingSettings(Section):
    """Which messages of an exchange a queue gets."""

    exchange: ExchangeName = Field(description="An exchange of the same vhost.")
    routing_key: RoutingKey | None = Field(default=None, description="Of a topic or direct exchange: the messages with such a key.")
    headers: Mapping[HeaderName, str] = Field(default={}, description="Of a headers exchange: the messages with such headers.")
    match: Literal["all", "any"] = Field(default="all", description="Of a headers exchange: how many of the headers have to match.")


class QueueSettings(Section):
    """A quorum queue with a dead-letter queue of its own.

    What a consumer rejects, what is too old and what was delivered too often goes to ``<queue>-dlq``, and
    leaves the queue only once it is stored there. A full queue refuses its publishers.
    """

    bindings: Annotated[tuple[BindingSettings, ...], Field(min_length=1)] = Field(description="Which messages it gets.")
    max_bytes: Annotated[Decimal, quantity(least="1Mi", most="1Ti", step="1", example="10Gi")] = Field(
        description="How much of message bodies one copy may hold; beyond it publishers are refused."
    )
    delivery_limit: Annotated[Count, Field(ge=1, le=1000)] = Field(
        default=5, description="After so many deliveries that ended without an acknowledgement a message is a dead letter."
    )
    message_ttl: Annotated[timedelta, duration(least="1s", most=_LONGEST)] | None = Field(
        default=None, description="Older messages are dead letters; without it they wait for ever."
    )
    ack_timeout: Annotated[timedelta, duration(least="1m", most="1d", example="30m")] = Field(
        default=timedelta(minutes=30), description="A consumer that holds a message for longer loses its channel, and the message returns."
    )


class ClientSettings(Section):
    """An application with a user of its own, whose name and password are in a Secret of its namespace.

    It may neither declare nor delete anything: that is done here.
    """

    namespace: DnsLabel = Field(description="The application namespace in which it runs.")
    publishes: tuple[ExchangeName, ...] = Field(default=(), description="Exchanges that it may publish to.")
    consumes: tuple[QueueName, ...] = Field(default=(), description="Queues that it may consume from.")
    prefetch: Annotated[Count, Field(ge=1, le=_MOST_PREFETCHED)] = Field(
        default=50, description="Messages that a consumer may hold without having acknowledged them."
    )
    connections: Annotated[Count, Field(ge=1, le=10_000)] = Field(
        default=20, description="Connections that all of its pods may have at once."
    )
    channels: Annotated[Count, Field(ge=1, le=100_000)] = Field(default=200, description="Channels that it may have at once.")

    def contradictions(self) -> Iterator[Contradiction]:
        """Rights that stand twice, and channels that no connection could hold."""
        yield from twice(self.publishes, "publishes")
        yield from twice(self.consumes, "consumes")
        if self.channels > self.connections * _MOST_CHANNELS:
            yield ("channels",), f"{self.connections} connections hold {self.connections * _MOST_CHANNELS} at most"


class VhostSettings(Section):
    """A virtual host: exchanges, queues and clients that know nothing of those of others."""

    exchanges: Annotated[Mapping[ExchangeName, ExchangeSettings], Field(min_length=1)] = Field(description="Exchanges by name.")
    queues: Mapping[QueueName, QueueSettings] = Field(default={}, description="Queues by name.")
    clients: Mapping[DnsLabel, ClientSettings] = Field(default={}, description="Applications that may connect, by name.")

    def contradictions(self) -> Iterator[Contradiction]:
        """Bindings that match nothing, or twice, and rights to what is not there."""
        for name, queue in self.queues.items():
            for place, binding in enumerate(queue.bindings):
                if binding in queue.bindings[:place]:
                    yield ("queues", name, "bindings", place), "this binding stands twice; name each one once"
                yield from ((("queues", name, "bindings", place, key), problem) for key, problem in self._misbound(binding))
        for name, client in self.clients.items():
            known = {"publishes": self.exchanges, "consumes": self.queues}
            for field, names in (("publishes", client.publishes), ("consumes", client.consumes)):
                for place, wanted in enumerate(names):
                    if wanted not in known[field]:
                        yield ("clients", name, field, place), f"{wanted} is not in this vhost; there are {_listed(known[field])}"

    def _misbound(self, binding: BindingSettings) -> Iterator[tuple[str, str]]:
        exchange = self.exchanges.get(binding.exchange)
        if exchange is None:
            yield "exchange", f"{binding.exchange} is not an exchange of this vhost; there are {_listed(self.exchanges)}"
            return
        keyed = exchange.type in {ExchangeType.TOPIC, ExchangeType.DIRECT}
        if keyed and binding.routing_key is None:
            yield "routingKey", f"is missing; {binding.exchange} is a {exchange.type} exchange and finds queues by it"
        if not keyed and binding.routing_key is not None:
            yield "routingKey", f"{binding.exchange} is a {exchange.type} exchange, which ignores it; remove it"
        if exchange.type is ExchangeType.DIRECT and binding.routing_key and re.search(r"[*#]", binding.routing_key):
            yield "routingKey", f"{binding.exchange} is a direct exchange, which takes * and # as they are; make it a topic exchange"
        if (exchange.type is ExchangeType.HEADERS) is not bool(binding.headers):
            problem = "is missing; it finds queues by them" if exchange.type is ExchangeType.HEADERS else "it ignores them; remove them"
            yield "headers", f"{binding.exchange} is a {exchange.type} exchange: {problem}"


class RabbitmqSettings(Section):
    """What RabbitMQ of every kind has: recovery targets, and what is declared in it."""

    recovery: RecoveryTargets = Field(description="What it has to achieve when a server or a zone is lost.")
    vhosts: Mapping[DnsLabel, VhostSettings] = Field(default={}, description="Virtual hosts by name.")

    @property
    def clients(self) -> Mapping[str, ClientSettings]:
        """All clients by name, which is unique."""
        return {name: client for vhost in self.vhosts.values() for name, client in vhost.clients.items()}

    @property
    def client_namespaces(self) -> tuple[str, ...]:
        """The namespaces of clients, each once."""
        return tuple(sorted({client.namespace for client in self.clients.values()}))

    def clients_at(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Where each client stands, and its namespace."""
        for vhost_name, vhost in self.vhosts.items():
            yield from ((("vhosts", vhost_name, "clients", name), client.namespace) for name, client in vhost.clients.items())

    def contradictions(self) -> Iterator[Contradiction]:
        """Clients that share a name, which is that of their user."""
        counted = Counter(name for vhost in self.vhosts.values() for name in vhost.clients)
        for vhost_name, vhost in self.vhosts.items():
            for name in vhost.clients:
                if counted[name] > 1:
                    yield ("vhosts", vhost_name, "clients", name), "another vhost has a client of this name; call each by its own"


class OperatorSettings(RabbitmqSettings):
    """RabbitMQ by its own operator: servers in the cluster."""

    kind: Literal["operator"] = Field(description="In the cluster, by RabbitMQ's operators.")
    nodes: Annotated[Count, Field(ge=1, le=7)] = Field(description="1, or an odd number from 3 on.")
    storage: Annotated[Decimal, quantity(least="4Gi", most="16Ti", example="100Gi")] = Field(
        description="Each server's volume; it can grow."
    )
    cpu: Quantity = Field(description="Cores of each server, request and limit.")
    memory: Annotated[Decimal, quantity(least="1Gi", most="256Gi", example="4Gi")] = Field(
        description="Memory of each server, request and limit."
    )

    @property
    def copies(self) -> int:
        """How many servers hold a queue: the server's default for quorum queues."""
        return min(3, self.nodes)

    def contradictions(self) -> Iterator[Contradiction]:
        """Servers without a quorum, and queues that do not fit."""
        yield from super().contradictions()
        if self.nodes % 2 == 0:
            yield ("nodes",), f"{self.nodes} is even, which adds no quorum; allowed are 1, or 3, 5, 7 for a cluster"
        claimed = sum(queue_bytes(int(queue.max_bytes)) for vhost in self.vhosts.values() for queue in vhost.queues.values()) * self.copies
        room = usable_bytes(self.storage) * self.nodes
        if claimed > room:
            volumes = f"{self.nodes} volume(s) of {format_quantity(self.storage)}"
            claims = f"queues claim {claimed / 2**30:.1f}Gi with all copies and dead letters"
            yield ("storage",), f"{claims}, but {volumes} have room for {room / 2**30:.1f}Gi; lower maxBytes or enlarge storage"


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(names) or "none"
