"""What one account of NATS has, as settings have it: streams, buckets, and the clients that use them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from components.messaging.nats.bucket_model import BucketSettings, KeyValueSettings, ObjectBucketSettings
from components.messaging.nats.stream_model import StreamName, StreamSettings, Subject
from components.messaging.nats.subjects import overlap
from components.models.scalars import Count, DnsLabel
from components.models.section import Contradiction, Section
from components.models.written import Written, quantity

# The controller's certificate names it behind `jetstream-controller-`, in a label of 63 characters.
TenantName = Annotated[
    str,
    Written(
        what="a name of up to 40 of a-z, 0-9 and -, that starts and ends with a letter or digit",
        pattern=r"^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$",
        example="billing",
    ),
]


class Access(StrEnum):
    """What a client may do with a bucket."""

    READ = "read"
    WRITE = "write"


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
    clients: Mapping[DnsLabel, ClientSettings] = Field(default={}, description="Applications that may connect, by name.")

    def stored(self) -> Iterator[tuple[tuple[str, str], StreamSettings | BucketSettings]]:
        """Each stream and bucket, with its place in the settings."""
        yield from ((("streams", name), stream) for name, stream in self.streams.items())
        yield from ((("keyValues", name), bucket) for name, bucket in self.key_values.items())
        yield from ((("objectStores", name), bucket) for name, bucket in self.object_stores.items())

    def contradictions(self) -> Iterator[Contradiction]:
        """Streams that share subjects; clients of what is not there."""
        yield from self._streams_that_share_subjects()
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
