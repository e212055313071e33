"""Buckets and storage accounts as rules see them: which hold backups, and what is set of a bucket beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from policies.model import Resource
from policies.urns import type_of
from policies.values import UNKNOWN, Value
from policies.velero import LOCATION, installations_of, locations_of

BUCKETS: Final = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
ACCOUNT: Final = "azure-native:storage:StorageAccount"
REPLICATION: Final = ("aws:s3/bucketReplicationConfig:BucketReplicationConfig",)
PUBLIC_ACCESS: Final = ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",)


def _family(kind: str) -> tuple[str, ...]:
    """A resource that sets something of a bucket, by its name of today and that of version 6 of the provider."""
    return tuple(f"aws:s3/bucket{name}:Bucket{name}" for name in (kind, f"{kind}V2"))


VERSIONING: Final = _family("Versioning")
ENCRYPTION: Final = _family("ServerSideEncryptionConfiguration")
LIFECYCLE: Final = _family("LifecycleConfiguration")

_BACKUP: Final = re.compile(r"backup|velero", re.IGNORECASE)
_TELLING: Final = "what a store is for is told by the names that are known"
_JOINED: Final = "where a name is unknown, the dependency tells"
_NAMES: Final = ("bucket", "bucketPrefix", "accountName")
_TAGS: Final = ("purpose", "Purpose", "Name", "name", "component", "app")


def stores_of_backups(resources: Sequence[Resource]) -> list[Resource]:
    """The buckets and storage accounts that hold backups: those that say so by name or tag, and those that Velero writes into."""
    named = [(place, holder) for place, holder in _written_to(resources)]
    return [
        each
        for each in resources
        if each.type in (*BUCKETS, ACCOUNT) and (_says_so(each) or any(is_named(place, holder, each) for place, holder in named))
    ]


def _written_to(resources: Sequence[Resource]) -> list[tuple[Value, Resource]]:
    """The places that name a store of Velero's, each with its resource."""
    found = []
    for installation in installations_of(resources):
        for location in locations_of(installation):
            found += [(place, installation.resource) for place in (location["bucket"], location.at("config.storageAccount"))]
    for each in resources:
        if each.type == LOCATION:
            found += [(each.at(place), each) for place in ("spec.objectStorage.bucket", "spec.config.storageAccount")]
    return found


def _says_so(store: Resource) -> bool:
    texts = [store.name, *(store[name].peek(_TELLING) for name in _NAMES), *(store["tags"][name].peek(_TELLING) for name in _TAGS)]
    return any(isinstance(text, str) and _BACKUP.search(text) for text in texts)


def is_named(place: Value, holder: Resource, store: Resource) -> bool:
    """Whether a place names a store: by its name, by its ARN, or by the dependency where a name is unknown."""
    named, own = place.peek(_JOINED), store["accountName" if store.type == ACCOUNT else "bucket"].peek(_JOINED)
    if isinstance(named, str) and isinstance(own, str):
        return named.rpartition(":")[2] == own
    return named is not None and store.urn in holder.dependencies


def set_of(bucket: Resource, resources: Iterable[Resource], kinds: Sequence[str]) -> list[Resource]:
    """The resources of some kinds that set something of a bucket; one that names an unknown bucket may be its (noted)."""
    found = []
    for each in resources:
        if each.type in kinds:
            place = each["bucket"]
            is_lost = place.peek(_JOINED) is UNKNOWN and not any(type_of(urn) in BUCKETS for urn in each.dependencies)
            if is_named(place, each, bucket) or (is_lost and place.is_unknown):
                found.append(each)
    return found
