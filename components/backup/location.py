"""How Velero reaches the store: its plugin, the location of its backups, and whose credentials it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from components.storage.object_store import BlobStore, ObjectStore, S3Store

LOCATION: Final = "default"
"""The name that Velero looks for where a backup names none."""
_AUTHORITY: Final = "store-authority"
_AUTHORITY_PATH: Final = "/etc/store-authority"
# The plugins' table of versions: 1.14 goes with Velero 1.18.
_AWS_PLUGIN: Final = ("velero/velero-plugin-for-aws", "v1.14.2")
_AZURE_PLUGIN: Final = ("velero/velero-plugin-for-microsoft-azure", "v1.14.2")
# Whoever speaks S3 and has no regions asks for one all the same, to sign requests for.
_ANY_REGION: Final = "us-east-1"


@dataclass(frozen=True, kw_only=True)
class Location:
    """A store in Velero's words.

    Attributes:
        plugin: repository and tag of the image.
        provider: the plugin's name for its stores.
        bucket: or container.
        config: of the location.
        environment: of all pods of Velero, those included that move data.
        volumes: likewise, by Kubernetes' own names.
        mounts: likewise.
    """

    plugin: tuple[str, str]
    provider: str
    bucket: str
    config: Mapping[str, str]
    environment: Sequence[Mapping[str, Any]] = ()
    volumes: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    mounts: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


def location_of(store: ObjectStore) -> Location:
    """The location that is this store."""
    return _container(store) if isinstance(store, BlobStore) else _bucket(store)


def _bucket(store: S3Store) -> Location:
    if store.endpoint is None:
        # Its key is the bucket's default: naming it once more would ask Velero for rights of its own.
        return Location(plugin=_AWS_PLUGIN, provider="aws", bucket=store.bucket, config={"region": store.region or _ANY_REGION})
    config = {"region": store.region or _ANY_REGION, "s3Url": store.endpoint, "s3ForcePathStyle": "true"}
    credentials = store.credentials
    environment = (
        [
            {"name": name, "valueFrom": {"secretKeyRef": {"name": credentials.secret, "key": key}}}
            for name, key in (("AWS_ACCESS_KEY_ID", credentials.access_key), ("AWS_SECRET_ACCESS_KEY", credentials.secret_key))
        ]
        if credentials
        else []
    )
    if store.authority_secret is None:
        return Location(plugin=_AWS_PLUGIN, provider="aws", bucket=store.bucket, config=config, environment=environment)
    return Location(
        plugin=_AWS_PLUGIN,
        provider="aws",
        bucket=store.bucket,
        config=config,
        # The chart passes on no reference to an authority. Velero, its plugin and Kopia are programs of
        # Go, which read this beside the file with the public ones.
        environment=[*environment, {"name": "SSL_CERT_DIR", "value": f"/etc/ssl/certs:{_AUTHORITY_PATH}"}],
        volumes=[{"name": _AUTHORITY, "secret": {"secretName": store.authority_secret, "items": [{"key": "ca.crt", "path": "ca.crt"}]}}],
        mounts=[{"name": _AUTHORITY, "mountPath": _AUTHORITY_PATH, "readOnly": True}],
    )


def _container(store: BlobStore) -> Location:
    return Location(
        plugin=_AZURE_PLUGIN,
        provider="azure",
        bucket=store.container,
        config={
            "storageAccount": store.account,
            # With its address Velero need not ask the resource manager for it, to which it has no way in.
            "storageAccountURI": f"https://{store.account}.blob.core.windows.net",
            "resourceGroup": store.resource_group,
            "subscriptionId": store.subscription_id,
            "useAAD": "true",
        },
    )
