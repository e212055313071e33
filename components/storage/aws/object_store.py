"""Object stores on AWS: versioned, immutable for a while, encrypted with keys of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.aws import AwsLocation
from components.base import Component
from components.storage.aws.bucket import BucketSpec, create_bucket
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
    """

    stores: Mapping[str, StoreSettings]
    name: str
    location: AwsLocation
    keep_data: bool
    retain: bool


class S3Stores(Component):
    """A bucket for each store.

    What was overwritten or deleted becomes a former version and is kept for a while, whoever deleted it.
    What is current is never deleted by age: backups that share objects would lose them.

    Attributes:
        stores: for whoever writes into them, by name.
    """

    def __init__(self, name: str, args: S3StoresArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self.stores = {store: self._create_store(args, store, settings) for store, settings in args.stores.items()}
        self.register_outputs({})

    def _create_store(self, args: S3StoresArgs, store: str, settings: StoreSettings) -> S3Store:
        spec = BucketSpec(
            role=store,
            name=bucket_name(args.name, store, args.location),
            location=args.location,
            keep_for=settings.keep_for,
            immutable_for=settings.immutable_for,
            tags=settings.recovery.tags if settings.recovery else {},
            keep_data=args.keep_data,
            retain=args.retain,
        )
        bucket = create_bucket(self, spec)
        return S3Store(
            bucket=spec.name,
            region=args.location.region,
            immutable_for=settings.immutable_for,
            traffic=(aws_apis(),),
            ready=bucket.ready,
        )


def bucket_name(platform: str, store: str, location: AwsLocation) -> str:
    """Bucket names are unique among all customers of AWS; the account and region make it so."""
    return f"{platform}-{store}-{location.account_id}-{location.region}"
