"""What each tier has on AWS: network, cluster, database and object stores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from facts.releases import DEFAULT_KUBERNETES_RELEASE, DEFAULT_POSTGRES_VERSION
from facts.tiers import Tier
from stacks.merge import merge

_COMMON: Final[Mapping[str, Any]] = {
    "network": {"interfaceEndpoints": False},
    "cluster": {"version": DEFAULT_KUBERNETES_RELEASE},
    "database": {
        "name": "platform",
        "engineVersion": DEFAULT_POSTGRES_VERSION,
        "backupWindow": "03:00-04:00",
        "maintenanceWindow": "sun:04:30-sun:05:30",
    },
}

_PRODUCTION: Final[Mapping[str, Any]] = {
    "aws": {"objectStores": {"backups": {"immutableFor": "30d", "keepFor": "90d", "recovery": {"rpo": "1h", "rto": "4h"}}}},
    "network": {"controlPlaneZones": 3, "natGateways": "perZone", "flowLogRetention": "365d"},
    "cluster": {
        "logRetention": "365d",
        "recovery": {"rpo": "1h", "rto": "4h"},
        # Each node holds a broker and a Prometheus, of 2 cores and 8Gi each, beside the rest.
        "nodeGroups": {"general": {"instanceTypes": ["m7i.2xlarge"], "minSize": 3, "maxSize": 12, "diskSize": "100Gi"}},
    },
    "database": {
        "instanceClass": "db.m7g.large",
        "storage": "200Gi",
        "maxStorage": "1000Gi",
        "multiAz": True,
        "backupRetention": "30d",
        "insightsRetention": "465d",
        "logRetention": "90d",
        "recovery": {"rpo": "5m", "rto": "10m"},
        "proxy": True,
    },
}

_STAGING: Final[Mapping[str, Any]] = merge(
    _PRODUCTION,
    {
        "aws": {"objectStores": {"backups": {"immutableFor": "7d", "keepFor": "30d"}}},
        "network": {"flowLogRetention": "30d"},
        "cluster": {"logRetention": "90d", "nodeGroups": {"general": {"instanceTypes": ["m7i.xlarge"], "maxSize": 6}}},
        "database": {
            "storage": "50Gi",
            "maxStorage": "200Gi",
            "backupRetention": "7d",
            "insightsRetention": "31d",
            "logRetention": "30d",
            "recovery": {"rto": "1h"},
        },
    },
)

_DEV: Final[Mapping[str, Any]] = {
    "network": {"controlPlaneZones": 2, "natGateways": "single", "flowLogRetention": "14d"},
    "cluster": {
        "logRetention": "14d",
        "nodeGroups": {"general": {"instanceTypes": ["t3.large"], "minSize": 2, "maxSize": 4, "diskSize": "50Gi"}},
    },
    "database": {
        "instanceClass": "db.t4g.small",
        "storage": "20Gi",
        "maxStorage": "50Gi",
        "multiAz": False,
        "backupRetention": "7d",
        "insightsRetention": "7d",
        "logRetention": "7d",
        "recovery": {"rpo": "5m", "rto": "4h"},
        "proxy": False,
    },
}

_LOCAL: Final[Mapping[str, Any]] = merge(
    _DEV,
    {
        "network": {"flowLogRetention": "1d"},
        "cluster": {"logRetention": "1d", "nodeGroups": {"general": {"instanceTypes": ["t3.medium"], "maxSize": 2, "diskSize": "30Gi"}}},
        "database": {"instanceClass": "db.t4g.micro", "maxStorage": "22Gi", "logRetention": "1d"},
    },
)

AWS: Final[Mapping[Tier, Mapping[str, Any]]] = {
    tier: merge(_COMMON, own)
    for tier, own in {Tier.LOCAL: _LOCAL, Tier.DEV: _DEV, Tier.STAGING: _STAGING, Tier.PRODUCTION: _PRODUCTION}.items()
}
