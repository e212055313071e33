"""Object stores on AWS: versioned, immutable for a while, encrypted with keys of their own, and copied to a second region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

from components.aws import AwsLocation
from components.base import Component
from components.storage.aws.bucket import BucketSpec, KeptBucket, create_bucket
from components.storage.aws.replication import replicate
from components.storage.object_store import S3Store
from components.storage.object_store_model import StoreSettings
from components.tenancy.traffic import aws_apis


@dataclass(frozen=True, kw_only=True)
class S3StoresArgs:
    """What stores there are, and where.

    Attributes:
        stores: by name.
        name: of the platform.
        location: where they are.
        keep_data: the stores stay when the stack is taken down.
        retain: protects them.
        copies: where what is written into a store is copied to, by the store's name; none without a second region.
    """

    stores: Mapping[str, StoreSettings]
    name: str
    location: AwsLocation
    keep_data: bool
    retain: bool
    copies: Mapping[str, KeptBucket] = field(default_factory=dict)

    def bucket(self, store: str) -> BucketSpec:
        """The bucket of a store."""
        settings = self.stores[store]
        return BucketSpec(
            role=store,
            name=bucket_name(self.name, store, self.location),
            location=self.location,
            keep_for=settings.keep_for,
            immutable_for=settings.immutable_for,
            tags=settings.recovery.tags if settings.recovery else {},
            keep_data=self.keep_data,
            retain=self.retain,
        )


class S3Stores(Component):
    """A bucket for each store; of those in the second region, for the copy of each.

    What was overwritten or deleted becomes a former version and is kept for a while, whoever deleted it.
    What is current is never deleted by age: backups that share objects would lose them. Copies have a
    key of their own region: whoever loses or deletes the first one still opens them.

    Attributes:
        stores: for whoever writes into them, by name.
        buckets: likewise, for what copies into them.
    """

    def __init__(self, name: str, args: S3StoresArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self.buckets = {store: create_bucket(self, args.bucket(store)) for store in args.stores}
        self.stores = {store: self._open_store(args, store, bucket) for store, bucket in self.buckets.items()}
        self.register_outputs({})

    def _open_store(self, args: S3StoresArgs, store: str, bucket: KeptBucket) -> S3Store:
        copy = args.copies.get(store)
        return S3Store(
            bucket=bucket.spec.name,
            region=args.location.region,
            immutable_for=bucket.spec.immutable_for,
            traffic=(aws_apis(),),
            # What was written before the copying began would not be copied.
            ready=replicate(self, bucket, copy) if copy else bucket.ready,
        )


def bucket_name(platform: str, store: str, location: AwsLocation) -> str:
    """Bucket names are unique among all customers of AWS; the account and region make it so."""
    return f"{platform}-{store}-{location.account_id}-{location.region}"
