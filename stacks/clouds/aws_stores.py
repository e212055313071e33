"""The object stores of a platform on AWS: their copies in the second region, who signs in, and what is watched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pulumi

from components.aws import AwsLocation
from components.ordering import behind
from components.storage.aws.alerts import alert_groups, cloudwatch_jobs
from components.storage.aws.object_store import S3Stores, S3StoresArgs
from components.storage.aws.sign_in import S3SignIn, S3SignInArgs
from components.storage.object_store import S3Store, StoreSignIn, StoreUser
from stacks.clouds.aws_watching import Watched
from stacks.settings.aws import AwsStack


@dataclass(frozen=True, kw_only=True)
class BuiltStores:
    """The stores for the rest of the stack.

    Attributes:
        stores: by name.
        watched: the copies.
    """

    stores: Mapping[str, S3Store] = field(default_factory=dict)
    watched: Watched = field(default_factory=Watched)


def build_stores(settings: AwsStack, name: str, here: pulumi.ResourceOptions, there: pulumi.ResourceOptions | None) -> BuiltStores:
    """Build the stores and, where there is a second region, their copies in it; ``there`` brings AWS in that region."""
    args = store_args(settings, name)
    if not args.stores:
        return BuiltStores()
    recovery = settings.disaster_recovery
    if recovery is None or there is None:
        return BuiltStores(stores=S3Stores("object-stores", args, here).stores)
    elsewhere = replace(args, location=replace(args.location, region=recovery.region))
    copies = S3Stores("object-store-copies", elsewhere, there).buckets
    stores = S3Stores("object-stores", replace(args, copies=copies), here).stores
    return BuiltStores(
        stores=stores,
        watched=Watched(
            jobs=[job for store, copy in copies.items() for job in cloudwatch_jobs(args.bucket(store), copy.spec)],
            alerts=alert_groups([store.bucket for store in stores.values()]),
        ),
    )


def store_args(settings: AwsStack, name: str) -> S3StoresArgs:
    """The stores of the platform called ``name``."""
    return S3StoresArgs(
        stores=settings.aws.object_stores,
        name=name,
        location=AwsLocation(region=settings.aws.region, account_id=settings.aws.account),
        keep_data=settings.keeps_data,
        retain=settings.retain,
    )


def sign_in_to_store(
    settings: AwsStack, name: str, stores: Mapping[str, S3Store], options: pulumi.ResourceOptions, user: StoreUser
) -> StoreSignIn:
    """Let the pods of ``user`` into its store; ``options`` put them behind the cluster."""
    store, location = stores[user.store], store_args(settings, name).location
    args = S3SignInArgs(location=location, cluster_name=name, bucket=store.bucket, user=user)
    return S3SignIn(f"{user.name}-store", args, behind(options, store.ready)).sign_in
