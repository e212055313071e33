"""A good database in the cluster, of which each test changes what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from components.database.cloudnativepg.arguments import CloudNativePostgresArgs
from components.database.cloudnativepg.model import DatabaseSettings
from components.database.model import DatabaseClient
from components.foundation import Addresses
from components.observability.monitoring import Monitoring
from components.storage.object_store import S3Store, StoreCredentials
from components.tenancy.traffic import within_namespace

SETTINGS: Mapping[str, Any] = {
    "name": "platform",
    "engineVersion": "17",
    "instances": 3,
    "cpu": "1",
    "memory": "4Gi",
    "storage": "100Gi",
    "walStorage": "20Gi",
    "backupRetention": "30d",
    "backupWindow": "03:30-04:30",
    "recovery": {"rpo": "5m", "rto": "10m"},
}
"""As a stack file has it."""
BUCKET = S3Store(
    bucket="platform-database",
    endpoint="https://minio.database.svc:9000",
    region=None,
    credentials=StoreCredentials(secret="minio", access_key="rootUser", secret_key="rootPassword"),  # noqa: S106 # names
    authority_secret="minio-tls",  # noqa: S106 # likewise
    traffic=(within_namespace(),),
)
ORDERS = DatabaseClient(namespace="shop", service_account="orders", user="orders_app")
ARGS = CloudNativePostgresArgs(
    settings=DatabaseSettings.model_validate(SETTINGS),
    namespace="database",
    clients=[ORDERS],
    bucket=BUCKET,
    storage_class="longhorn",
    zoned=True,
    standby_replicas=2,
    issuer="plinth-ca",
    addresses=Addresses(kubernetes_api=("10.43.0.0/16",), webhook_callers=("192.168.1.0/24",), nodes=("192.168.1.0/24",)),
    priority_class="platform-critical",
    retain=True,
    monitoring=Monitoring(namespace="observability", runbook_base_url="https://runbooks.example.org"),
)


def database_args(**settings: Any) -> CloudNativePostgresArgs:
    """The arguments of a database with other ``settings``, in the keys of a stack file."""
    return replace(ARGS, settings=DatabaseSettings.model_validate({**SETTINGS, **settings}))
