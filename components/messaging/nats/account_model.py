"""What one account of NATS has, as settings have it: streams, buckets, and the clients that use them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from components.messaging.nats.bucket_model import BucketSettings, KeyValueSettings, ObjectBucketSettings
from components.messaging.nats.link_model import MirrorSettings
from components.messaging.nats.names import StreamName, Subject, TenantName
from components.messaging.nats.stream_model import StreamSettings
from components.messaging.nats.subjects import overlap
from components.models.scalars import Count, DnsLabel
from components.models.section import Contradiction, Section
from components.models.written import quantity


class Access(StrEnum):
    """What a client may do with a bucket."""

    READ = "read"
    WRITE = "write"


Stored = StreamSettings | BucketSettings | MirrorSettings
"""What takes room on the volumes."""


class ClientSettings(Section):
    """An application that connects with the certificate of its own name and namespace.

    It may neither create nor delete streams and buckets: those are declared (MSG-009).
    """

    namespace: DnsLabel = Field(description="The application namespace in which it runs.")
    publishes: tuple[Subject, ...] = Field(default=(), description="Subjects that it may publish.")
    consumes: tuple[StreamName, ...] = Field(default=(), description="Streams whose consumers it may pull from.")
    key_values: Mapping[StreamName, Access] = Field(default={}, description="Buckets of keys that it may read, or read and write.")
    object_stores: Mapping[StreamName, Access] = Field(default={}, description="Buckets of objects that it may read, or read and write.")


class AccountSettings(Section):
    """Streams and buckets that share one space of subjects, and their clients."""

    streams: Mapping[StreamName, StreamSettings] = Field(default={}, description="Streams by name.")
    key_values: Mapping[StreamName, KeyValueSettings] = Field(default={}, description="Buckets of keys by name.")
    object_stores: Mapping[StreamName, ObjectBucketSettings] = Field(default={}, description="Buckets of objects by name.")
    mirrors: Mapping[StreamName, MirrorSettings] = Field(
        default={}, description="Copies of streams of the remote cluster, by the name that both have."
    )
    clients: Mapping[DnsLabel, ClientSettings] = Field(default={}, description="Applications that may connect, by name.")

    def stored(self) -> Iterator[tuple[tuple[str, str], Stored]]:
        """Each stream, mirror and bucket, with its place in the settings."""
        yield from ((("mirrors", name), mirror) for name, mirror in self.mirrors.items())
        yield from ((("streams", name), stream) for name, stream in self.streams.items())
        yield from ((("keyValues", name), bucket) for name, bucket in self.key_values.items())
        yield from ((("objectStores", name), bucket) for name, bucket in self.object_stores.items())

    def contradictions(self) -> Iterator[Contradiction]:
        """Streams that share subjects or are mirrors as well; sources and clients of what is not there."""
        yield from self._streams_that_share_subjects()
        yield from self._sources_that_are_not_there()
        for name in self.mirrors.keys() & self.streams.keys():
            yield ("mirrors", name), "there is a stream of this name; it is either a mirror or a stream"
        for name, client in self.clients.items():
            for place, stream_name in enumerate(client.consumes):
                if stream_name not in self.streams:
                    yield ("clients", name, "consumes", place), f"there is no stream {stream_name}; there are {listed(self.streams)}"
            for field, wanted, there in (
                ("keyValues", client.key_values, self.key_values),
                ("objectStores", client.object_stores, self.object_stores),
            ):
                for bucket in wanted:
                    if bucket not in there:
                        yield ("clients", name, field, bucket), f"there is no bucket {bucket} in {field}; there are {listed(there)}"

    def _sources_that_are_not_there(self) -> Iterator[Contradiction]:
        for name, stream in self.streams.items():
            for place, source in enumerate(stream.sources):
                if not source.remote and (source.stream == name or source.stream not in self.streams):
                    yield ("streams", name, "sources", place), f"there is no other stream {source.stream}; there are {listed(self.streams)}"

    def copied_from_afar(self) -> Iterator[tuple[str | int, ...]]:
        """The places of all that needs a remote cluster."""
        yield from (("mirrors", name) for name in self.mirrors)
        for field, declared in (("keyValues", self.key_values), ("objectStores", self.object_stores)):
            yield from ((field, name, "mirror") for name, bucket in declared.items() if bucket.mirror)
        for name, stream in self.streams.items():
            yield from (("streams", name, "sources", place) for place, source in enumerate(stream.sources) if source.remote)

    def _streams_that_share_subjects(self) -> Iterator[Contradiction]:
        # No subject starts with a wildcard, so only those with the same first word can overlap.
        taken: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for name, stream in self.streams.items():
            for place, subject in enumerate(stream.subjects):
                for theirs, other in taken[subject.partition(".")[0]]:
                    if other != name and overlap(subject, theirs):
                        yield ("streams", name, "subjects", place), f"{subject} overlaps with {theirs} of stream {other}"
                taken[subject.partition(".")[0]].append((subject, name))


class TenantSettings(AccountSettings):
    """A tenant: an account of its own, whose subjects and streams nobody else sees."""

    storage: Annotated[Decimal, quantity(least="1Mi", most="1Pi", step="1Mi", example="60Gi")] = Field(
        description="What its streams and buckets may hold, all copies and dead letters together."
    )
    connections: Annotated[Count, Field(ge=1, le=2**31 - 1)] | None = Field(
        default=None, description="How many connections its clients may have at once; where it is left out, as many as they like."
    )
    shares: Mapping[Subject, tuple[TenantName, ...]] = Field(
        default={}, description="Subjects that other tenants get too, each below the name of this one."
    )

    def contradictions(self) -> Iterator[Contradiction]:
        """A subject that is shared with nobody or twice; and those of the account."""
        for subject, tenants in self.shares.items():
            if not tenants:
                yield ("shares", subject), "shared with nobody; name tenants or leave it out"
            yield from (
                (("shares", subject, place), f"{name} stands twice; name each one once")
                for place, name in enumerate(tenants)
                if name in tenants[:place]
            )
        yield from super().contradictions()


def listed(names: Iterable[str]) -> str:
    """Names, for people."""
    return ", ".join(names) or "none"
