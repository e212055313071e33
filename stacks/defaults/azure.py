"""What each tier has on Azure: network, cluster, database and object stores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from facts.releases import DEFAULT_KUBERNETES_RELEASE, DEFAULT_POSTGRES_VERSION
from facts.tiers import Tier
from stacks.merge import merge

_COMMON: Final[Mapping[str, Any]] = {
    "cluster": {"version": DEFAULT_KUBERNETES_RELEASE, "maintenanceWindow": "sun:01:00-sun:05:00"},
    "database": {
        "name": "platform",
        # Azure picks the minor.
        "engineVersion": DEFAULT_POSTGRES_VERSION.partition(".")[0],
        "maintenanceWindow": "sun:05:00-sun:06:00",
    },
}

_PRODUCTION: Final[Mapping[str, Any]] = {
    "azure": {
        "objectStores": {"backups": {"immutableFor": "30d", "keepFor": "90d", "geoRedundant": True, "recovery": {"rpo": "1h", "rto": "4h"}}}
    },
    "network": {"logRetention": "365d", "trafficAnalytics": True},
    "cluster": {
        "uptimeSla": True,
        "recovery": {"rpo": "1h", "rto": "4h"},
        "systemPool": {"vmSize": "Standard_D4ds_v5", "nodes": 3},
        # Each node holds a broker and a Prometheus, of 2 cores and 8Gi each, beside the rest.
        "nodePools": {"general": {"vmSize": "Standard_D8ds_v5", "minPerZone": 1, "maxPerZone": 4}},
    },
    "database": {
        "sku": "Standard_D2ds_v5",
        "storage": "256Gi",
        "multiAz": True,
        "geoRedundantBackup": True,
        "backupRetention": "30d",
        "recovery": {"rpo": "5m", "rto": "10m"},
    },
}

_STAGING: Final[Mapping[str, Any]] = merge(
    _PRODUCTION,
    {
        "azure": {"objectStores": {"backups": {"immutableFor": "7d", "keepFor": "30d"}}},
        "network": {"logRetention": "90d"},
        "cluster": {"nodePools": {"general": {"vmSize": "Standard_D4ds_v5", "maxPerZone": 2}}},
        "database": {"storage": "64Gi", "backupRetention": "7d", "recovery": {"rto": "1h"}},
    },
)

_DEV: Final[Mapping[str, Any]] = {
    "network": {"logRetention": "30d", "trafficAnalytics": False},
    "cluster": {
        "uptimeSla": False,
        "systemPool": {"vmSize": "Standard_D4ds_v5", "nodes": 2},
        "nodePools": {"general": {"vmSize": "Standard_D2ds_v5", "minPerZone": 1, "maxPerZone": 2, "diskSize": "64Gi"}},
    },
    "database": {
        "sku": "Standard_B2s",
        "storage": "32Gi",
        "multiAz": False,
        "geoRedundantBackup": False,
        "backupRetention": "7d",
        "recovery": {"rpo": "5m", "rto": "12h"},
    },
}

_LOCAL: Final[Mapping[str, Any]] = merge(
    _DEV,
    {
        "cluster": {"nodePools": {"general": {"maxPerZone": 1}}},
        "database": {"sku": "Standard_B1ms"},
    },
)

AZURE: Final[Mapping[Tier, Mapping[str, Any]]] = {
    tier: merge(_COMMON, own)
    for tier, own in {Tier.LOCAL: _LOCAL, Tier.DEV: _DEV, Tier.STAGING: _STAGING, Tier.PRODUCTION: _PRODUCTION}.items()
}
