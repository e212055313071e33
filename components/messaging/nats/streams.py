"""Streams, consumers and buckets as resources of the JetStream controller (MSG-006, MSG-009, MSG-011)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from components.kubernetes import CustomResource, labels
from components.messaging.nats.account_model import AccountSettings
from components.messaging.nats.arguments import NatsArgs
from components.messaging.nats.bucket_model import BucketSettings, KeyValueSettings
from components.messaging.nats.definitions import GROUP, VERSION
from components.messaging.nats.jetstream import DEAD_LETTER_BYTES
from components.messaging.nats.link_model import RemoteSettings
from components.messaging.nats.links import api_prefix, dead_letter_stream, key_value_stream, object_stream
from components.messaging.nats.names import LONGEST
from components.messaging.nats.stream_model import ConsumerSettings, StreamSettings
from components.messaging.nats.values import tenant_directory
from facts.duration import format_duration, parse_duration

DEAD_LETTER_AGE: Final = timedelta(days=30)
# Consumers that give up on a message, and applications that terminate one, both publish an advisory
# with its stream sequence.
_ADVISORIES: Final = ("MAX_DELIVERIES", "MSG_TERMINATED")
# The update then fails where the server refuses a stream, instead of leaving a resource that is
# never reconciled.
_WAIT_UNTIL_READY: Final = {"pulumi.com/waitFor": "condition=Ready"}


def streams(tenant: str | None, name: str, args: NatsArgs) -> tuple[CustomResource, ...]:
    """The stream ``name`` of an account and, where it has consumers, the stream that keeps their dead letters."""
    stream = account_of(tenant, args).streams[name]
    specs = {name: _stream_spec(stream, args.settings.remote)}
    if stream.has_dead_letters:
        specs[dead_letter_stream(name)] = _dead_letter_spec(name)
    owned = _Owned(args=args, tenant=tenant, replicas=args.settings.replicas_of(stream), dr_mirror=stream.dr_mirror or args.dr_stack)
    return tuple(owned.resource("Stream", each, {"name": each, "storage": "file", **spec}, labelled=each) for each, spec in specs.items())


def consumers(tenant: str | None, name: str, args: NatsArgs) -> tuple[CustomResource, ...]:
    """The consumers of the stream ``name``, which has to exist before them.

    Each is called ``<stream>.<consumer>``, behind its tenant: no name can hold a dot, so no two are the same.
    """
    stream = account_of(tenant, args).streams[name]
    owned = _Owned(args=args, tenant=tenant, replicas=args.settings.replicas_of(stream), dr_mirror=None)
    return tuple(
        owned.resource(
            "Consumer",
            f"{name}.{consumer_name}",
            {"streamName": name, "durableName": consumer_name, **_consumer_spec(consumer)},
            labelled=name,
        )
        for consumer_name, consumer in stream.consumers.items()
    )


def mirrors(tenant: str | None, args: NatsArgs) -> Iterator[CustomResource]:
    """The copies that an account has of streams of the remote cluster, each with that of its dead letters."""
    if (remote := args.settings.remote) is None:
        return
    account = account_of(tenant, args)
    for name, mirror in account.mirrors.items():
        owned = _Owned(args=args, tenant=tenant, replicas=args.settings.replicas_of(mirror), dr_mirror=None, is_kept=True)
        spec = _mirror_spec(name, mirror.max_bytes, mirror.max_age, remote)
        if mirror.work_queue:
            # The server changes no other stream into one.
            spec["retention"] = "workqueue"
        yield owned.resource("Stream", name, spec, labelled=name)
        if mirror.has_dead_letters:
            letters = dead_letter_stream(name)
            yield owned.resource("Stream", letters, _mirror_spec(letters, DEAD_LETTER_BYTES, DEAD_LETTER_AGE, remote), labelled=letters)
    for name, bucket in account.object_stores.items():
        if bucket.mirror:
            # The controller's ObjectStore has no mirror; its stream has.
            owned = _Owned(args=args, tenant=tenant, replicas=args.settings.replicas_of(bucket), dr_mirror=None, is_kept=True)
            stream = object_stream(name)
            spec = {**_mirror_spec(stream, bucket.max_bytes, bucket.ttl, remote), "mirrorDirect": True}
            yield owned.resource("Stream", f"object-store-{name}", spec, labelled=name)


def buckets(tenant: str | None, args: NatsArgs) -> Iterator[CustomResource]:
    """The buckets of an account, of keys and of objects."""
    account = account_of(tenant, args)
    kinds: tuple[tuple[str, Mapping[str, BucketSettings]], ...] = (("KeyValue", account.key_values), ("ObjectStore", account.object_stores))
    for kind, declared in kinds:
        for name, bucket in declared.items():
            if bucket.mirror and kind == "ObjectStore":
                continue
            own = None if bucket.mirror else bucket.dr_mirror or args.dr_stack
            owned = _Owned(args=args, tenant=tenant, replicas=args.settings.replicas_of(bucket), dr_mirror=own)
            mirror = {"mirror": _source(key_value_stream(name), args.settings.remote)} if bucket.mirror else {}
            yield owned.resource(kind, name, {"bucket": name, "storage": "file", **_bucket_spec(bucket), **mirror}, labelled=name)


def account_of(tenant: str | None, args: NatsArgs) -> AccountSettings:
    """What a tenant has, or the platform itself."""
    return args.settings if tenant is None else args.settings.tenants[tenant]


@dataclass(frozen=True, kw_only=True)
class _Owned:
    """What the resources of one stream or bucket have in common."""

    args: NatsArgs
    tenant: str | None
    replicas: int
    dr_mirror: str | None
    # Where a mirror becomes a stream of its own, its resource goes and its data must not.
    is_kept: bool = False

    def resource(self, kind: str, name: str, spec: dict[str, Any], *, labelled: str) -> CustomResource:
        """The resource; its name is behind that of its tenant."""
        marks = {} if kind == "Consumer" else {"platform/rpo": self.args.settings.rpo}
        mirrored = {"platform/dr-mirror": self.dr_mirror} if self.dr_mirror else {}
        return CustomResource(
            api_version=f"{GROUP}/{VERSION}",
            kind=kind,
            name=name if self.tenant is None else f"{self.tenant}.{name}",
            namespace=self.args.namespace,
            # Of the stream: a label holds 63 characters, the names of a stream and a consumer together
            # can have more.
            labels=labels(labelled, component=kind.lower()),
            annotations={**marks, **mirrored, **_WAIT_UNTIL_READY},
            spec={**spec, "replicas": self.replicas, "preventDelete": self.is_kept or self.args.retain, **self._sign_in()},
        )

    def _sign_in(self) -> dict[str, Any]:
        if self.tenant is None:
            return {}
        directory = tenant_directory(self.tenant)
        return {"tls": {"clientCert": f"{directory}/tls.crt", "clientKey": f"{directory}/tls.key", "rootCas": [f"{directory}/ca.crt"]}}


def _source(stream: str, remote: RemoteSettings | None) -> dict[str, str]:
    """Where messages are copied from: a stream of the remote cluster, or of this one where it is None."""
    return {"name": stream, **({"externalApiPrefix": api_prefix(remote.name)} if remote else {})}


def _mirror_spec(name: str, max_bytes: Decimal | int, max_age: timedelta | None, remote: RemoteSettings) -> dict[str, Any]:
    return {
        "name": name,
        "storage": "file",
        "mirror": _source(name, remote),
        "retention": "limits",
        # Left out, the controller would keep messages for a year.
        "maxAge": format_duration(max_age or parse_duration(LONGEST)),
        "maxBytes": int(max_bytes),
        # It has to go on: with `new` a full one would stop where it is.
        "discard": "old",
    }


def _stream_spec(stream: StreamSettings, remote: RemoteSettings | None) -> dict[str, Any]:
    sources = [
        {
            **_source(source.stream, remote if source.remote else None),
            **({"filterSubject": source.filter_subject} if source.filter_subject else {}),
        }
        for source in stream.sources
    ]
    return {
        **({"subjects": list(stream.subjects)} if stream.subjects else {}),
        **({"sources": sources} if sources else {}),
        "duplicateWindow": format_duration(stream.duplicate_window),
        "retention": stream.retention.value,
        "maxAge": format_duration(stream.max_age),
        "maxBytes": int(stream.max_bytes),
        "discard": stream.discard.value,
        "compression": stream.compression.value,
        **_given(
            maxMsgs=stream.max_messages,
            maxMsgsPerSubject=stream.max_messages_per_subject,
            maxMsgSize=stream.max_message_size,
            denyDelete=stream.deny_delete,
            denyPurge=stream.deny_purge,
            allowRollup=stream.allow_rollup,
            allowDirect=stream.allow_direct,
        ),
    }


def _bucket_spec(bucket: BucketSettings) -> dict[str, Any]:
    ttl = {} if bucket.ttl is None else {"ttl": format_duration(bucket.ttl)}
    keys = _given(history=bucket.history, maxValueSize=bucket.max_value_size) if isinstance(bucket, KeyValueSettings) else {}
    return {"maxBytes": int(bucket.max_bytes), "compression": bucket.compression, **ttl, **keys}


def _given(**fields: Decimal | int | None) -> dict[str, Any]:
    """Those that were set: the server's own default stands for the others."""
    return {name: value if isinstance(value, bool) else int(value) for name, value in fields.items() if value}


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
