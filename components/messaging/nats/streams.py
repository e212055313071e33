"""Streams and consumers as resources of the JetStream controller (MSG-006, MSG-009, MSG-011)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from components.kubernetes import CustomResource, labels
from components.messaging.nats.arguments import NatsArgs
from components.messaging.nats.definitions import GROUP, VERSION
from components.messaging.nats.jetstream import DEAD_LETTER_BYTES
from components.messaging.nats.model import ConsumerSettings, StreamSettings
from facts.duration import format_duration

DEAD_LETTER_AGE: Final = timedelta(days=30)
# Consumers that give up on a message, and applications that terminate one, both publish an advisory
# with its stream sequence.
_ADVISORIES: Final = ("MAX_DELIVERIES", "MSG_TERMINATED")
# The update then fails where the server refuses a stream, instead of leaving a resource that is
# never reconciled.
_WAIT_UNTIL_READY: Final = {"pulumi.com/waitFor": "condition=Ready"}


def streams(name: str, args: NatsArgs) -> tuple[CustomResource, ...]:
    """The stream ``name`` and, where it has consumers, the stream that keeps their dead letters."""
    stream = args.settings.streams[name]
    marks: dict[str, str] = {"platform/rpo": args.settings.rpo}
    if stream.dr_mirror:
        marks["platform/dr-mirror"] = stream.dr_mirror
    specs = {name: _stream_spec(stream)}
    if stream.consumers:
        specs[f"{name}-dlq"] = _dead_letter_spec(name)
    common = {"storage": "file", "replicas": args.settings.replicas_of(stream), "preventDelete": args.retain}
    return tuple(
        _resource("Stream", each, {"name": each, **common, **spec}, labelled=each, namespace=args.namespace, marks=marks)
        for each, spec in specs.items()
    )


def consumers(name: str, args: NatsArgs) -> tuple[CustomResource, ...]:
    """The consumers of the stream ``name``, which has to exist before them.

    Each is called ``<stream>.<consumer>``: neither name can hold a dot, so no two are the same.
    """
    stream = args.settings.streams[name]
    common = {"streamName": name, "replicas": args.settings.replicas_of(stream), "preventDelete": args.retain}
    return tuple(
        _resource(
            "Consumer",
            f"{name}.{consumer_name}",
            {**common, "durableName": consumer_name, **_consumer_spec(consumer)},
            labelled=name,
            namespace=args.namespace,
            marks={},
        )
        for consumer_name, consumer in stream.consumers.items()
    )


def _resource(kind: str, name: str, spec: dict[str, Any], *, labelled: str, namespace: str, marks: dict[str, str]) -> CustomResource:
    return CustomResource(
        api_version=f"{GROUP}/{VERSION}",
        kind=kind,
        name=name,
        namespace=namespace,
        # Of the stream: a label holds 63 characters, the names of a stream and a consumer together
        # can have more.
        labels=labels(labelled, component=kind.lower()),
        annotations={**marks, **_WAIT_UNTIL_READY},
        spec=spec,
    )


def _stream_spec(stream: StreamSettings) -> dict[str, Any]:
    return {
        "subjects": list(stream.subjects),
        "duplicateWindow": format_duration(stream.duplicate_window),
        "retention": "limits",
        "maxAge": format_duration(stream.max_age),
        "maxBytes": int(stream.max_bytes),
        "discard": stream.discard.value,
    }


def _dead_letter_spec(name: str) -> dict[str, Any]:
    return {
        "description": f"Dead letters of {name}: each message holds the stream sequence of one that was given up",
        "subjects": [f"$JS.EVENT.ADVISORY.CONSUMER.{advisory}.{name}.*" for advisory in _ADVISORIES],
        "retention": "limits",
        "maxAge": format_duration(DEAD_LETTER_AGE),
        "maxBytes": DEAD_LETTER_BYTES,
        # Nobody could be told that there is no room: the newest dead letters count more than the
        # oldest.
        "discard": "old",
    }


def _consumer_spec(consumer: ConsumerSettings) -> dict[str, Any]:
    filters = {"filterSubjects": list(consumer.filter_subjects)} if consumer.filter_subjects else {}
    backoff = {"backoff": [format_duration(wait) for wait in consumer.backoff]} if consumer.backoff else {}
    return {
        "deliverPolicy": "all",
        "replayPolicy": "instant",
        "ackPolicy": "explicit",
        # The server takes the first wait of a backoff for it: written here so that the resource
        # never differs from what is.
        "ackWait": format_duration(consumer.backoff[0] if consumer.backoff else consumer.ack_wait),
        "maxDeliver": consumer.max_deliver,
        "maxAckPending": consumer.max_ack_pending,
        **filters,
        **backoff,
    }
