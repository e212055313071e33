"""A foundation without a cloud, for what is composed on any."""

from __future__ import annotations

from typing import Any, cast

import pulumi

from components.foundation import Addresses, Foundation, ManagedDatabase, Volumes


def a_foundation(**other: Any) -> Foundation:
    offer: dict[str, Any] = {
        "cluster_name": "plinth-example",
        "in_cluster": pulumi.ResourceOptions(),
        "addresses": Addresses(kubernetes_api=("172.20.0.0/16",), webhook_callers=("10.20.252.0/23",), nodes=("10.20.0.0/17",)),
        "most_nodes": 6,
        "volumes": Volumes(storage_class="gp3-retain", ready=cast("pulumi.Resource", None)),
        "database": ManagedDatabase(cidrs=("10.20.192.0/22", "10.20.196.0/22"), port=5432),
    }
    return Foundation(**{**offer, **other})
