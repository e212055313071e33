"""What each tier has on a cluster that exists: what is asked of the cluster, and the database within it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from components.database.cloudnativepg.releases import DEFAULT_MAJOR
from facts.releases import DEFAULT_KUBERNETES_RELEASE
from facts.tiers import Tier
from stacks.merge import merge

_COMMON: Final[Mapping[str, Any]] = {
    "cluster": {"version": DEFAULT_KUBERNETES_RELEASE, "networkPolicies": True, "podSecurity": True},
    "database": {"name": "platform", "engineVersion": DEFAULT_MAJOR, "backupWindow": "03:00-04:00"},
}

_PRODUCTION: Final[Mapping[str, Any]] = {
    "database": {
        "instances": 3,
        "cpu": "2",
        "memory": "8Gi",
        "storage": "200Gi",
        "walStorage": "50Gi",
        "backupRetention": "30d",
        "recovery": {"rpo": "5m", "rto": "10m"},
    },
}

_STAGING: Final[Mapping[str, Any]] = merge(
    _PRODUCTION,
    {
        "database": {
            "cpu": "1",
            "memory": "4Gi",
            "storage": "50Gi",
            "walStorage": "20Gi",
            "backupRetention": "7d",
            "recovery": {"rto": "1h"},
        }
    },
)

_DEV: Final[Mapping[str, Any]] = {
    "database": {
        "instances": 1,
        "cpu": "250m",
        "memory": "1Gi",
        "storage": "20Gi",
        "walStorage": "5Gi",
        "backupRetention": "7d",
        # What was written last is archived within six minutes.
        "recovery": {"rpo": "10m", "rto": "4h"},
    },
}

_LOCAL: Final[Mapping[str, Any]] = merge(_DEV, {"database": {"cpu": "100m", "memory": "512Mi", "storage": "5Gi", "walStorage": "2Gi"}})

EXISTING: Final[Mapping[Tier, Mapping[str, Any]]] = {
    tier: merge(_COMMON, own)
    for tier, own in {Tier.LOCAL: _LOCAL, Tier.DEV: _DEV, Tier.STAGING: _STAGING, Tier.PRODUCTION: _PRODUCTION}.items()
}
