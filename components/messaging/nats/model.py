"""NATS: servers, streams, consumers and clients."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from components.messaging.nats.jetstream import kept_bytes, stored_bytes, usable_bytes
from components.messaging.nats.subjects import covers, overlap
from components.models.scalars import Count, DnsLabel, Quantity, ResourceName
from components.models.section import Contradiction, Section
from components.models.written import Written, duration, quantity
from facts.duration import format_duration
from facts.quantity import format_quantity

_MOST_COPIES: Final = 3
_LONGEST: Final = "292y"
"""The server counts in nanoseconds, in 64 bits."""
_MOST_DELIVERIES: Final = 2**31 - 1

StreamName = Annotated[
    str,
    Written(
        what="a name of up to 52 of a-z, 0-9 and -, that starts and ends with a letter or digit and does not end in -dlq",
        pattern=r"^(?!.*-dlq$)[a-z0-9]([a-z0-9-]{0,50}[a-z0-9])?$",
        example="orders",
    ),
]
# ASCII and less than 256 characters are what the documentation of NATS recommends; its server has
# no limit but the 4,096 bytes of a command. A leading _ or $ is the server's: inboxes, routes,
# advisories.
Subject = Annotated[
    str,
    Written(
        what=(
            "a NATS subject of up to 255 characters: words of letters, digits, - and _, joined by dots, the first one without a leading _;"
            " further on * stands for one word, and > for all that follow"
        ),
        pattern=r"^(?=.{1,255}$)[A-Za-z0-9-][A-Za-z0-9_-]*(\.([A-Za-z0-9_-]+|\*))*(\.>)?$",
        example="orders.>",
    ),
]


def _refuse_switch(given: object) -> object:
    # Python counts True as 1.
    if isinstance(given, bool):
        raise PydanticCustomError("literal_error", "allowed is {expected}", {"expected": "1, 3 or 5"})
    return given


class Discard(StrEnum):
    """What happens to a full stream.

    New messages are refused, so that nothing acknowledged is lost, or the oldest are dropped.
    """

    NEW = "new"
    OLD = "old"


class LoadSettings(Section):
    """What a stream is expected to get, which its size is checked against (MSG-007)."""

    messages_per_day: Annotated[Count, Field(ge=1, le=10**12)] = Field(description="Messages stored a day.")
    bytes_per_message: Annotated[Count, Field(ge=1, le=64 * 2**20)] = Field(description="Mean stored size of a message, headers included.")


class ConsumerSettings(Section):
    """A durable pull consumer with explicit acknowledgement."""

    filter_subjects: tuple[Subject, ...] = Field(default=(), description="Of the stream's subjects, those that it gets; none is all.")
    ack_wait: Annotated[timedelta, duration(least="1s", most=_LONGEST)] = Field(
        default=timedelta(seconds=30), description="After this long without acknowledgement a message is delivered again."
    )
    max_deliver: Annotated[Count, Field(ge=1, le=_MOST_DELIVERIES)] = Field(
        default=5, description="Deliveries after which a message is a dead letter."
    )
    max_ack_pending: Annotated[Count, Field(ge=1, le=_MOST_DELIVERIES)] = Field(
        default=1000, description="Messages that may await acknowledgement at a time."
    )
    backoff: tuple[Annotated[timedelta, duration(least="1ms", most=_LONGEST)], ...] = Field(
        default=(), description="Waits before each further delivery in place of ackWait; the last one repeats."
    )

    def contradictions(self) -> Iterator[Contradiction]:
        """More waits than deliveries, filters that share messages."""
        if len(self.backoff) > self.max_deliver:
            yield ("backoff",), f"{len(self.backoff)} waits, but only {self.max_deliver} deliveries (maxDeliver)"
        yield from _shared(self.filter_subjects, "filterSubjects")


class StreamSettings(Section):
    """A stream on disk."""

    subjects: Annotated[tuple[Subject, ...], Field(min_length=1)] = Field(description="What it keeps; no two streams may share a subject.")
    max_age: Annotated[timedelta, duration(least="1s", most=_LONGEST)] = Field(description="How long messages are kept.")
    max_bytes: Annotated[Decimal, quantity(least="1Mi", most="1Pi", step="1")] = Field(description="How much one copy may hold.")
    replicas: Annotated[Literal[1, 3, 5], BeforeValidator(_refuse_switch)] | None = Field(
        default=None, description="Copies; where it is left out as many as there are servers, three at most."
    )
    duplicate_window: Annotated[timedelta, duration(least="100ms", most=_LONGEST)] = Field(
        default=timedelta(minutes=2), description="How long a message's id is remembered; at most maxAge."
    )
    discard: Discard = Field(default=Discard.NEW, description="At maxBytes: refuse new messages, or drop the oldest.")
    load: LoadSettings | None = Field(default=None, description="What it is expected to get; maxBytes has to hold maxAge of it.")
    dr_mirror: ResourceName | None = Field(default=None, description="The stack that holds the mirror for disaster recovery.")
    consumers: Mapping[DnsLabel, ConsumerSettings] = Field(default={}, description="Consumers by name.")

    def contradictions(self) -> Iterator[Contradiction]:
        """Limits that contradict each other or the load; subjects that overlap or are not kept."""
        if self.duplicate_window > self.max_age:
            window, age = format_duration(self.duplicate_window), format_duration(self.max_age)
            yield ("duplicateWindow",), f"{window} is longer than messages are kept (maxAge {age})"
        if self.load:
            per_day, size = self.load.messages_per_day, self.load.bytes_per_message
            needed = kept_bytes(messages_per_day=per_day, bytes_per_message=size, max_age=self.max_age)
            if needed > self.max_bytes:
                expected = f"{per_day:,} messages of {size:,} bytes a day, kept for {format_duration(self.max_age)}"
                yield ("maxBytes",), f"{format_quantity(self.max_bytes)} do not hold {expected}: {_in_gib(needed)}; raise maxBytes"
        yield from _shared(self.subjects, "subjects")
        for name, consumer in self.consumers.items():
            for place, wanted in enumerate(consumer.filter_subjects):
                if not any(covers(subject, wanted) for subject in self.subjects):
                    yield ("consumers", name, "filterSubjects", place), f"{wanted} is not within the stream's {', '.join(self.subjects)}"


class ClientSettings(Section):
    """An application that connects with the certificate of its own name and namespace.

    It may neither create nor delete streams: those are declared (MSG-009).
    """

    namespace: DnsLabel = Field(description="The application namespace in which it runs.")
    publishes: tuple[Subject, ...] = Field(default=(), description="Subjects that it may publish.")
    consumes: tuple[StreamName, ...] = Field(default=(), description="Streams whose consumers it may pull from.")


class NatsSettings(Section):
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
    streams: Mapping[StreamName, StreamSettings] = Field(default={}, description="Streams by name.")
    clients: Mapping[DnsLabel, ClientSettings] = Field(default={}, description="Applications that may connect, by name.")

    def replicas_of(self, stream: StreamSettings) -> int:
        """The copies of a stream."""
        return stream.replicas or min(_MOST_COPIES, self.servers)

    def clients_at(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Where each client stands, and its namespace."""
        yield from ((("clients", name), client.namespace) for name, client in self.clients.items())

    def contradictions(self) -> Iterator[Contradiction]:
        """Servers without a quorum; streams that do not fit, share subjects or are not there."""
        if self.servers % 2 == 0:
            yield ("servers",), f"{self.servers} is even, which adds no quorum; allowed are 1, or 3, 5, … for a cluster"
        yield from self._streams_that_do_not_fit()
        yield from self._streams_that_share_subjects()
        for name, client in self.clients.items():
            for place, stream_name in enumerate(client.consumes):
                if stream_name not in self.streams:
                    yield ("clients", name, "consumes", place), f"there is no stream {stream_name}; there are {_listed(self.streams)}"

    def _streams_that_do_not_fit(self) -> Iterator[Contradiction]:
        claimed = 0
        for name, stream in self.streams.items():
            replicas = self.replicas_of(stream)
            claimed += stored_bytes(int(stream.max_bytes), replicas=replicas, dead_letters=bool(stream.consumers))
            if replicas > self.servers:
                yield ("streams", name, "replicas"), f"{stream.replicas} copies do not fit on {self.servers} server(s)"
        room = usable_bytes(self.storage) * self.servers
        if claimed > room:
            volumes = f"{self.servers} volume(s) of {format_quantity(self.storage)}"
            claims = f"streams claim {_in_gib(claimed)} with all copies and dead letters"
            yield ("storage",), f"{claims}, but 85 % of {volumes} are {_in_gib(room)}; lower maxBytes or enlarge storage"

    def _streams_that_share_subjects(self) -> Iterator[Contradiction]:
        # No subject starts with a wildcard, so only those with the same first word can overlap.
        taken: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for name, stream in self.streams.items():
            for place, subject in enumerate(stream.subjects):
                for theirs, other in taken[subject.partition(".")[0]]:
                    if other != name and overlap(subject, theirs):
                        yield ("streams", name, "subjects", place), f"{subject} overlaps with {theirs} of stream {other}"
                taken[subject.partition(".")[0]].append((subject, name))


def _shared(subjects: Sequence[str], field: str) -> Iterator[Contradiction]:
    for place, subject in enumerate(subjects):
        for earlier in subjects[:place]:
            if overlap(subject, earlier):
                yield (field, place), f"{subject} overlaps with {earlier}; one message must not come twice"


def _in_gib(amount: int) -> str:
    return f"{amount / 2**30:.1f}Gi"


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(names) or "none"
