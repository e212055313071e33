"""What rclone is told of an object store by its environment: where it is, and how to sign in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.storage.object_store import ObjectStore, S3Store

AUTHORITY: Final = "/authority"
"""Where the certificate of the authority is mounted that signed the store's, where it is not a public one."""
_REMOTE: Final = "RCLONE_CONFIG_STORE_"


def store_environment(store: ObjectStore, prefix: str) -> list[kubernetes.core.v1.EnvVarArgs]:
    """The remote ``store`` of rclone, and as ``STORE_PATH`` the part of it below ``prefix``."""
    core = kubernetes.core.v1
    plain = {"HOME": "/tmp", **(_s3(store, prefix) if isinstance(store, S3Store) else _blobs(store.account, store.container, prefix))}  # noqa: S108 # mounted
    secret = []
    if isinstance(store, S3Store) and (held := store.credentials):
        secret = [
            core.EnvVarArgs(
                name=f"{_REMOTE}{name}",
                value_from=core.EnvVarSourceArgs(secret_key_ref=core.SecretKeySelectorArgs(name=held.secret, key=key)),
            )
            for name, key in (("ACCESS_KEY_ID", held.access_key), ("SECRET_ACCESS_KEY", held.secret_key))
        ]
    return [*(core.EnvVarArgs(name=name, value=value) for name, value in plain.items()), *secret]


def _s3(store: S3Store, prefix: str) -> Mapping[str, pulumi.Input[str]]:
    return {
        f"{_REMOTE}TYPE": "s3",
        f"{_REMOTE}PROVIDER": "Other" if store.endpoint else "AWS",
        f"{_REMOTE}ENV_AUTH": "false" if store.credentials else "true",
        # It may write below its prefix, and not ask whether the bucket exists.
        f"{_REMOTE}NO_CHECK_BUCKET": "true",
        # 10,000 parts at most, of this size.
        f"{_REMOTE}CHUNK_SIZE": "64Mi",
        f"{_REMOTE}UPLOAD_CONCURRENCY": "2",
        **({f"{_REMOTE}REGION": store.region} if store.region else {}),
        **({f"{_REMOTE}ENDPOINT": store.endpoint} if store.endpoint else {}),
        **({"RCLONE_CA_CERT": f"{AUTHORITY}/ca.crt"} if store.authority_secret else {}),
        "STORE_PATH": pulumi.Output.concat(store.bucket, "/", prefix)
        if isinstance(store.bucket, pulumi.Output)
        else f"{store.bucket}/{prefix}",
    }


def _blobs(account: pulumi.Input[str], container: pulumi.Input[str], prefix: str) -> Mapping[str, pulumi.Input[str]]:
    return {
        f"{_REMOTE}TYPE": "azureblob",
        f"{_REMOTE}ACCOUNT": account,
        # The token of the service account, which the pod has.
        f"{_REMOTE}ENV_AUTH": "true",
        f"{_REMOTE}NO_CHECK_CONTAINER": "true",
        # 50,000 blocks at most, of this size.
        f"{_REMOTE}CHUNK_SIZE": "64Mi",
        f"{_REMOTE}UPLOAD_CONCURRENCY": "2",
        "STORE_PATH": pulumi.Output.concat(container, "/", prefix),
    }
