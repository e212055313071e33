"""Streams and consumers of NATS as settings have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from components.messaging.nats.jetstream import kept_bytes, kept_messages
from components.messaging.nats.link_model import SourceSettings
from components.messaging.nats.names import LONGEST, Replicas, Subject
from components.messaging.nats.subjects import covers, overlap
from components.models.scalars import Count, DnsLabel, Flag, ResourceName
from components.models.section import Contradiction, Section
from components.models.written import duration, quantity
from facts.duration import format_duration
from facts.quantity import format_quantity

_MOST_DELIVERIES: Final = 2**31 - 1
_MOST_MESSAGES: Final = 2**53
"""What a number in JSON holds exactly."""


class Discard(StrEnum):
    """What happens to a full stream.

    New messages are refused, so that nothing acknowledged is lost, or the oldest are dropped.
    """

    NEW = "new"
    OLD = "old"


class Retention(StrEnum):
    """Until when a message is kept, within the stream's limits.

    Until it is old enough, until every consumer has acknowledged it, or until one has.
    """

    LIMITS = "limits"
    INTEREST = "interest"
    WORKQUEUE = "workqueue"


class Compression(StrEnum):
    """How the files of a stream are compressed."""

    NONE = "none"
    S2 = "s2"


class LoadSettings(Section):
    """What a stream is expected to get, which its size is checked against (MSG-007)."""

    messages_per_day: Annotated[Count, Field(ge=1, le=10**12)] = Field(description="Messages stored a day.")
    bytes_per_message: Annotated[Count, Field(ge=1, le=64 * 2**20)] = Field(description="Mean stored size of a message, headers included.")


class ConsumerSettings(Section):
    """A durable pull consumer with explicit acknowledgement."""

    filter_subjects: tuple[Subject, ...] = Field(default=(), description="Of the stream's subjects, those that it gets; none is all.")
    ack_wait: Annotated[timedelta, duration(least="1s", most=LONGEST)] = Field(
        default=timedelta(seconds=30), description="After this long without acknowledgement a message is delivered again."
    )
    max_deliver: Annotated[Count, Field(ge=1, le=_MOST_DELIVERIES)] = Field(
        default=5, description="Deliveries after which a message is a dead letter."
    )
    max_ack_pending: Annotated[Count, Field(ge=1, le=_MOST_DELIVERIES)] = Field(
        default=1000, description="Messages that may await acknowledgement at a time."
    )
    backoff: tuple[Annotated[timedelta, duration(least="1ms", most=LONGEST)], ...] = Field(
        default=(), description="Waits before each further delivery in place of ackWait; the last one repeats."
    )

    def contradictions(self) -> Iterator[Contradiction]:
        """More waits than deliveries, filters that share messages."""
        if len(self.backoff) > self.max_deliver:
            yield ("backoff",), f"{len(self.backoff)} waits, but only {self.max_deliver} deliveries (maxDeliver)"
        yield from _shared(self.filter_subjects, "filterSubjects")


class StreamSettings(Section):
    """A stream on disk."""

    subjects: tuple[Subject, ...] = Field(default=(), description="What it keeps; no two streams may share a subject.")
    sources: tuple[SourceSettings, ...] = Field(default=(), description="Streams whose messages it keeps too.")
    max_age: Annotated[timedelta, duration(least="1s", most=LONGEST)] = Field(description="How long messages are kept.")
    max_bytes: Annotated[Decimal, quantity(least="1Mi", most="1Pi", step="1")] = Field(description="How much one copy may hold.")
    max_messages: Annotated[Count, Field(ge=1, le=_MOST_MESSAGES)] | None = Field(default=None, description="How many it may hold.")
    max_messages_per_subject: Annotated[Count, Field(ge=1, le=_MOST_MESSAGES)] | None = Field(
        default=None, description="How many it keeps of one subject: the newest. It can be changed, but not taken back."
    )
    max_message_size: Annotated[Decimal, quantity(least="1", most="1Mi", step="1", example="64Ki")] | None = Field(
        default=None, description="Of one message with its headers; the server takes none above 1Mi."
    )
    retention: Retention = Field(
        default=Retention.LIMITS,
        description="Whether acknowledged messages stay (limits), go once every consumer (interest) or one (workqueue) has them;"
        " to and from workqueue it cannot be changed.",
    )
    compression: Compression = Field(default=Compression.NONE, description="Of its files; s2 costs CPU and saves volume and network.")
    deny_delete: Flag = Field(default=False, description="Nobody can delete single messages; it cannot be taken back.")
    deny_purge: Flag = Field(default=False, description="Nobody can purge it; it cannot be taken back.")
    allow_rollup: Flag = Field(
        default=False, description="A message may replace all earlier ones (header Nats-Rollup); it cannot be taken back."
    )
    allow_direct: Flag = Field(
        default=False, description="Single messages are read from any copy, which may lag behind the leader; it cannot be taken back."
    )
    replicas: Replicas | None = Field(default=None, description="Copies; where it is left out as many as there are servers, three at most.")
    duplicate_window: Annotated[timedelta, duration(least="100ms", most=LONGEST)] = Field(
        default=timedelta(minutes=2), description="How long a message's id is remembered; at most maxAge."
    )
    discard: Discard = Field(default=Discard.NEW, description="At maxBytes: refuse new messages, or drop the oldest.")
    load: LoadSettings | None = Field(default=None, description="What it is expected to get; maxBytes has to hold maxAge of it.")
    dr_mirror: ResourceName | None = Field(default=None, description="The stack that holds the mirror for disaster recovery.")
    consumers: Mapping[DnsLabel, ConsumerSettings] = Field(default={}, description="Consumers by name.")

    @property
    def has_dead_letters(self) -> bool:
        """Whether something could be given up."""
        return bool(self.consumers)

    def contradictions(self) -> Iterator[Contradiction]:
        """Nothing to keep; limits that contradict each other or the load; subjects that overlap or are not kept."""
        if not self.subjects and not self.sources:
            yield ("subjects",), "the stream keeps nothing; name subjects, or sources"
        if self.duplicate_window > self.max_age:
            window, age = format_duration(self.duplicate_window), format_duration(self.max_age)
            yield ("duplicateWindow",), f"{window} is longer than messages are kept (maxAge {age})"
        if self.load:
            yield from self._what_does_not_hold(self.load)
        if self.deny_purge and self.allow_rollup:
            yield ("allowRollup",), "a roll-up purges what it replaces, which denyPurge forbids; leave one of them out"
        if self.retention is Retention.INTEREST and not self.consumers:
            yield (
                ("retention",),
                "without consumers every message is dropped at once; name consumers or use limits",
            )
        if self.retention is Retention.WORKQUEUE:
            yield from self._consumers_that_share_work()
        yield from _shared(self.subjects, "subjects")
        for name, consumer in self.consumers.items():
            for place, wanted in enumerate(consumer.filter_subjects):
                # What comes from sources has the subjects of those.
                if not self.sources and not any(covers(subject, wanted) for subject in self.subjects):
                    yield ("consumers", name, "filterSubjects", place), f"{wanted} is not within the stream's {', '.join(self.subjects)}"

    def _what_does_not_hold(self, load: LoadSettings) -> Iterator[Contradiction]:
        per_day, size = load.messages_per_day, load.bytes_per_message
        expected = f"{per_day:,} messages of {size:,} bytes a day, kept for {format_duration(self.max_age)}"
        needed = kept_bytes(messages_per_day=per_day, bytes_per_message=size, max_age=self.max_age)
        if needed > self.max_bytes:
            yield ("maxBytes",), f"{format_quantity(self.max_bytes)} do not hold {expected}: {in_gib(needed)}; raise maxBytes"
        count = kept_messages(messages_per_day=per_day, max_age=self.max_age)
        if self.max_messages is not None and count > self.max_messages:
            yield ("maxMessages",), f"{self.max_messages:,} are fewer than {expected}: {count:,}; raise maxMessages"
        if self.max_message_size is not None and size > self.max_message_size:
            yield ("maxMessageSize",), f"{format_quantity(self.max_message_size)} is less than a mean message ({size:,} bytes); raise it"

    def _consumers_that_share_work(self) -> Iterator[Contradiction]:
        # The server refuses a second consumer of the same work.
        seen: list[tuple[str, str]] = []
        for name, consumer in self.consumers.items():
            wanted = consumer.filter_subjects or self.subjects
            for subject in wanted:
                for theirs, other in seen:
                    if other != name and overlap(subject, theirs):
                        path = ("consumers", name, "filterSubjects")
                        yield (
                            path,
                            f"{subject} overlaps with {theirs} of consumer {other}; a message of a work queue is for one",
                        )
            seen.extend((subject, name) for subject in wanted)


def _shared(subjects: Sequence[str], field: str) -> Iterator[Contradiction]:
    for place, subject in enumerate(subjects):
        for earlier in subjects[:place]:
            if overlap(subject, earlier):
                yield (field, place), f"{subject} overlaps with {earlier}; one message must not come twice"


def in_gib(amount: int) -> str:
    """An amount of bytes, for people."""
    return f"{amount / 2**30:.1f}Gi"
