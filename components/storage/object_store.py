"""A store of objects for whoever writes into it, wherever it is: plain data, no cloud's SDK."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pulumi

from components.tenancy.traffic import TrafficRule


@dataclass(frozen=True, kw_only=True)
class StoreCredentials:
    """A Secret with the keys of a store, which is in the namespace of each of its users.

    Attributes:
        secret: its name.
        access_key: the key within it that holds the access key's id.
        secret_key: the key within it that holds the secret access key.
    """

    secret: str
    access_key: str
    secret_key: str


@dataclass(frozen=True, kw_only=True)
class S3Store:
    """A bucket that speaks S3; it encrypts by itself, and uploads that ask for another encryption may be refused.

    Attributes:
        bucket: its name.
        region: that requests are signed for; None where the service does not look at it.
        endpoint: the https address of its service; None for AWS itself.
        credentials: None where pods sign in as themselves.
        authority_secret: the Secret whose ``ca.crt`` signed the service's certificate; None where a
            public authority did.
        immutable_for: for how long no version can be deleted; None where nothing says so.
        traffic: what its users have to call.
        ready: what writes into it goes behind this; None where it has always been there.
    """

    bucket: str
    region: str | None
    endpoint: str | None = None
    credentials: StoreCredentials | None = None
    authority_secret: str | None = None
    immutable_for: timedelta | None = None
    traffic: Sequence[TrafficRule]
    ready: pulumi.Resource | None = None


@dataclass(frozen=True, kw_only=True)
class BlobStore:
    """A container of blobs on Azure, into which pods sign in as themselves.

    Attributes:
        account: the storage account's name.
        container: its name.
        resource_group: of the storage account.
        subscription_id: likewise.
        immutable_for: for how long no version can be deleted; None where nothing says so.
        traffic: what its users have to call.
        ready: what writes into it goes behind this.
    """

    account: str
    container: str
    resource_group: str
    subscription_id: str
    immutable_for: timedelta | None = None
    traffic: Sequence[TrafficRule]
    ready: pulumi.Resource | None = None


ObjectStore = S3Store | BlobStore


@dataclass(frozen=True, kw_only=True)
class StoreUser:
    """The pods of one service account that read and write below one prefix of a store.

    Attributes:
        name: of the user, a part of the names of resources.
        store: the purpose of the store.
        namespace: of the service account.
        service_account: its name.
        prefix: below which its objects are, without a slash at either end; empty for all of the store.
    """

    name: str
    store: str
    namespace: str
    service_account: str
    prefix: str = ""


@dataclass(frozen=True, kw_only=True)
class StoreSignIn:
    """By what pods sign in to a store as themselves.

    Attributes:
        annotations: of their service account.
        labels: of the pods.
        ready: the pods go behind this; None where nothing is made for them.
    """

    annotations: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    ready: pulumi.Resource | None = None
