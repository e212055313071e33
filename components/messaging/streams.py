"""Streams and consumers as the JetStream controller's custom resources, each with its dead-letter path (MSG-006, MSG-009, MSG-011)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final, Literal

from components.base import ComponentError
from components.kubernetes import CustomResource, labels
from components.messaging.sizing import SizingError
from facts.duration import format_duration
from facts.jetstream import DEAD_LETTER_BYTES, stored_bytes, usable_bytes
from facts.quantity import format_quantity, parse_quantity

API_VERSION: Final = "jetstream.nats.io/v1beta2"
DEAD_LETTER_SUFFIX: Final = "-dlq"
DEAD_LETTER_AGE: Final = timedelta(days=30)
_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,50}[a-z0-9])?")
# Consumers that give up on a message, and applications that terminate one, both publish an advisory with its stream sequence.
_ADVISORIES: Final = ("MAX_DELIVERIES", "MSG_TERMINATED")
# The update then fails where the server refuses a stream, instead of leaving a resource that is never reconciled.
_WAIT_UNTIL_READY: Final = {"pulumi.com/waitFor": "condition=Ready"}


class StreamError(ComponentError):
    """A stream or consumer that the server would refuse, or that could lose messages unseen."""


@dataclass(frozen=True, kw_only=True)
class Consumer:
    """A durable pull consumer with explicit acknowledgement.

    A message that is not acknowledged within ``ack_wait`` is delivered again, up to ``max_deliver`` times in all, then it is a dead
    letter. ``backoff`` replaces ``ack_wait`` by one wait per delivery; the last one repeats.

    Raises:
        StreamError: the name is not a DNS label, there is no limit of deliveries, or more waits than deliveries.
    """

    name: str
    filter_subjects: tuple[str, ...] = ()
    ack_wait: timedelta = timedelta(seconds=30)
    max_deliver: int = 5
    max_ack_pending: int = 1000
    backoff: tuple[timedelta, ...] = ()

    def __post_init__(self) -> None:
        _check_name("consumer", self.name)
        if self.max_deliver < 1:
            raise StreamError(
                f"consumer {self.name}: max_deliver = {self.max_deliver}; without a limit there are no dead letters, write 1 or more"
            )
        if len(self.backoff) > self.max_deliver:
            raise StreamError(
                f"consumer {self.name}: {len(self.backoff)} waits in backoff, but only {self.max_deliver} deliveries (max_deliver)"
            )
        if any(wait <= timedelta(0) for wait in (self.ack_wait, *self.backoff)):
            raise StreamError(f"consumer {self.name}: ack_wait and every wait in backoff must be longer than 0s")


@dataclass(frozen=True, kw_only=True)
class Mirror:
    """The stream that this one copies; ``api_prefix`` (``$JS.<domain>.API``) where it lives in another cluster."""

    stream: str
    api_prefix: str | None = None


@dataclass(frozen=True, kw_only=True)
class Stream:
    """A file-backed stream. ``max_bytes`` is a quantity such as ``100Gi`` and counts one copy.

    ``discard`` says what happens at ``max_bytes``: ``new`` refuses publishers, so that nothing acknowledged is lost, ``old`` drops the
    oldest messages. ``duplicate_window`` is how long a message id is remembered. ``dr_mirror`` names the stack that holds the mirror for
    disaster recovery; ``mirror`` makes this stream one.

    Raises:
        StreamError: name, limits or subjects are ones that the server or a requirement refuses.
    """

    name: str
    subjects: tuple[str, ...] = ()
    max_age: timedelta
    max_bytes: str
    replicas: int
    discard: Literal["new", "old"] = "new"
    retention: Literal["limits", "interest", "workqueue"] = "limits"
    duplicate_window: timedelta = timedelta(minutes=2)
    consumers: tuple[Consumer, ...] = ()
    mirror: Mirror | None = None
    dr_mirror: str | None = None

    def __post_init__(self) -> None:
        _check_name("stream", self.name)
        if self.name.endswith(DEAD_LETTER_SUFFIX):
            raise StreamError(f"stream {self.name}: names that end in {DEAD_LETTER_SUFFIX} are kept for the dead letters of a stream")
        if bool(self.subjects) == bool(self.mirror):
            raise StreamError(f"stream {self.name}: give either subjects or the stream that it mirrors")
        if not self.subjects and self.retention != "limits":
            raise StreamError(
                f"stream {self.name}: a mirror keeps messages by limits; retention = {self.retention!r} is refused by the server"
            )
        if self.max_age <= timedelta(0) or self.bytes <= 0:
            raise StreamError(f"stream {self.name}: max_age = {self.max_age}, max_bytes = {self.max_bytes!r}; both limits must be above 0")
        if not timedelta(0) < self.duplicate_window <= self.max_age:
            raise StreamError(
                f"stream {self.name}: duplicate_window = {self.duplicate_window} must be above 0 and at most max_age ({self.max_age})"
            )
        if self.replicas not in {1, 3, 5}:
            raise StreamError(f"stream {self.name}: replicas = {self.replicas}; a stream has 1, 3 or 5 copies")
        names = [consumer.name for consumer in self.consumers]
        if len(names) != len(set(names)):
            raise StreamError(f"stream {self.name}: two consumers share a name ({', '.join(names)})")

    @property
    def bytes(self) -> int:
        """``max_bytes`` in bytes."""
        return int(parse_quantity(self.max_bytes))

    @property
    def dead_letters(self) -> str:
        """The name of the stream that keeps the dead letters of this one's consumers."""
        return f"{self.name}{DEAD_LETTER_SUFFIX}"


def check_streams(streams: Sequence[Stream], *, servers: int, volume: Decimal) -> None:
    """Whether all streams and their dead letters fit on the servers' volumes (MSG-009).

    Raises:
        StreamError: two streams share a name, or one has more copies than there are servers.
        SizingError: the copies claim more than 85 % of the volumes.
    """
    names = [stream.name for stream in streams]
    if len(names) != len(set(names)):
        raise StreamError(f"two streams share a name ({', '.join(names)})")
    for stream in streams:
        if stream.replicas > servers:
            raise StreamError(f"stream {stream.name}: {stream.replicas} copies do not fit on {servers} server(s)")
    claimed = sum(stored_bytes(stream.bytes, replicas=stream.replicas, dead_letters=bool(stream.consumers)) for stream in streams)
    if claimed > usable_bytes(volume) * servers:
        raise SizingError(
            f"streams claim {format_quantity(claimed)} with all copies, but {servers} volume(s) of {format_quantity(volume)} hold"
            f" {format_quantity(usable_bytes(volume) * servers)} (85 %); lower max_bytes or enlarge the volumes"
        )


def stream_resources(stream: Stream, *, namespace: str, retain: bool, rpo: timedelta) -> tuple[CustomResource, ...]:
    """The stream, its dead-letter stream and its consumers, in the order in which they have to be created.

    With ``retain`` the controller keeps the data when the resource is deleted. ``rpo`` is what the servers' settings promise.
    """
    marks = {"platform/rpo": format_duration(rpo)}
    if stream.dr_mirror:
        marks["platform/dr-mirror"] = stream.dr_mirror
    resources = [_resource("Stream", stream.name, namespace, _stream_spec(stream, retain=retain), marks)]
    if stream.consumers:
        resources.append(_resource("Stream", stream.dead_letters, namespace, _dead_letter_spec(stream, retain=retain), marks))
    resources.extend(
        _resource("Consumer", f"{stream.name}-{consumer.name}", namespace, _consumer_spec(stream, consumer, retain=retain), {})
        for consumer in stream.consumers
    )
    return tuple(resources)


def _check_name(kind: str, name: str) -> None:
    if not _NAME.fullmatch(name):
        raise StreamError(f"{kind} {name!r}: a name has up to 52 of a-z, 0-9 and - and starts and ends with a letter or digit")


def _resource(kind: str, name: str, namespace: str, spec: dict[str, Any], annotations: dict[str, str]) -> CustomResource:
    return CustomResource(
        api_version=API_VERSION,
        kind=kind,
        name=name,
        namespace=namespace,
        labels=labels(name, component=kind.lower()),
        annotations={**annotations, **_WAIT_UNTIL_READY},
        spec=spec,
    )


def _stream_spec(stream: Stream, *, retain: bool) -> dict[str, Any]:
    content: dict[str, Any] = {"subjects": list(stream.subjects), "duplicateWindow": format_duration(stream.duplicate_window)}
    if stream.mirror:
        prefix = {"externalApiPrefix": stream.mirror.api_prefix} if stream.mirror.api_prefix else {}
        content = {"mirror": {"name": stream.mirror.stream, **prefix}}
    return {
        "name": stream.name,
        **content,
        "storage": "file",
        "replicas": stream.replicas,
        "retention": stream.retention,
        "maxAge": format_duration(stream.max_age),
        "maxBytes": stream.bytes,
        "discard": stream.discard,
        "preventDelete": retain,
    }


def _dead_letter_spec(stream: Stream, *, retain: bool) -> dict[str, Any]:
    return {
        "name": stream.dead_letters,
        "description": f"Dead letters of {stream.name}: each message holds the stream sequence of one that was given up",
        "subjects": [f"$JS.EVENT.ADVISORY.CONSUMER.{advisory}.{stream.name}.*" for advisory in _ADVISORIES],
        "storage": "file",
        "replicas": stream.replicas,
        "retention": "limits",
        "maxAge": format_duration(DEAD_LETTER_AGE),
        "maxBytes": DEAD_LETTER_BYTES,
        # Nobody could be told that there is no room: the newest dead letters count more than the oldest.
        "discard": "old",
        "preventDelete": retain,
    }


def _consumer_spec(stream: Stream, consumer: Consumer, *, retain: bool) -> dict[str, Any]:
    filters = {"filterSubjects": list(consumer.filter_subjects)} if consumer.filter_subjects else {}
    backoff = {"backoff": [format_duration(wait) for wait in consumer.backoff]} if consumer.backoff else {}
    return {
        "streamName": stream.name,
        "durableName": consumer.name,
        "deliverPolicy": "all",
        "replayPolicy": "instant",
        "ackPolicy": "explicit",
        # The server takes the first wait of a backoff for it: written here so that the resource never differs from what is.
        "ackWait": format_duration(consumer.backoff[0] if consumer.backoff else consumer.ack_wait),
        "maxDeliver": consumer.max_deliver,
        "maxAckPending": consumer.max_ack_pending,
        "replicas": stream.replicas,
        **filters,
        **backoff,
        "preventDelete": retain,
    }
