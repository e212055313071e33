"""Velero of a cluster on each kind of store."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from components.backup.arguments import VeleroArgs
from components.backup.model import BackupSettings
from components.foundation import Addresses
from components.observability.monitoring import Monitoring
from components.storage.object_store import BlobStore, S3Store, StoreCredentials
from components.tenancy.traffic import aws_apis

SETTINGS: Final[dict[str, Any]] = {"recovery": {"rpo": "1h", "rto": "4h"}, "every": "30m"}
ON_AWS: Final = S3Store(bucket="plinth-backups", region="eu-west-1", traffic=(aws_apis(),))
ELSEWHERE: Final = S3Store(
    bucket="backups",
    region=None,
    endpoint="https://s3.example.com:9000",
    credentials=StoreCredentials(secret="store", access_key="ID", secret_key="KEY"),  # noqa: S106 # names
    authority_secret="store-authority",  # noqa: S106 # a name
    traffic=(),
)
ON_AZURE: Final = BlobStore(
    account="plinthbackups",
    container="backups",
    resource_group="plinth-data",
    subscription_id="00000000-0000-0000-0000-000000000001",
    traffic=(),
)
ARGS: Final = VeleroArgs(
    settings=BackupSettings.model_validate(SETTINGS),
    namespace="velero",
    store=ON_AWS,
    prefix="plinth-production",
    volume_namespaces=["messaging", "orders"],
    most_nodes=12,
    addresses=Addresses(kubernetes_api=("172.20.0.0/16",), webhook_callers=("10.20.252.0/23",), nodes=("10.20.0.0/17",)),
    priority_class="platform",
    retain=True,
    monitoring=Monitoring(namespace="observability", runbook_base_url="https://runbooks.example.com"),
)


def velero_args(*, settings: dict[str, Any] | None = None, **changes: Any) -> VeleroArgs:
    """The example with changes; ``settings`` are put over its own."""
    changed = BackupSettings.model_validate({**SETTINGS, **(settings or {})})
    return replace(ARGS, **{"settings": changed, **changes})
