"""A foundation without a cloud, for what is composed on any."""

from __future__ import annotations

from typing import Any, cast

import pulumi

from components.foundation import Addresses, Foundation, ManagedDatabase, Volumes
from components.storage.object_store import S3Store
from components.storage.object_store_model import BACKUPS
from components.tenancy.traffic import calls_addresses, takes_credentials


def a_foundation(**other: Any) -> Foundation:
    offer: dict[str, Any] = {
        "cluster_name": "plinth-example",
        "in_cluster": pulumi.ResourceOptions(),
        "addresses": Addresses(kubernetes_api=("172.20.0.0/16",), webhook_callers=("10.20.252.0/23",), nodes=("10.20.0.0/17",)),
        "most_nodes": 6,
        "volumes": Volumes(
            storage_class="gp3-retain",
            broker_storage_class="gp3-brokers-retain",
            snapshot_class="ebs-retain",
            ready=cast("pulumi.Resource", None),
        ),
        "database": ManagedDatabase(
            variables={"PGHOST": "db.example.com"},
            traffic=[calls_addresses("database", ["10.20.192.0/22", "10.20.196.0/22"], 5432), takes_credentials()],
        ),
    }
    offer["stores"] = {BACKUPS: S3Store(bucket="plinth-example-backups", region="eu-west-1", traffic=())}
    return Foundation(**{**offer, **other})
