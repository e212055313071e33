"""What each tier has wherever it stands: messaging, metrics and backups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from facts.tiers import Tier
from stacks.merge import merge

_PRODUCTION: Final[Mapping[str, Any]] = {
    "nats": {"servers": 3, "storage": "500Gi", "cpu": "2", "memory": "8Gi", "rpo": "0s", "backup": {}},
    "observability": {"replicas": 2, "retention": "30d", "storage": "200Gi", "cpu": "2", "memory": "8Gi"},
    "backups": {"recovery": {"rpo": "1h", "rto": "4h"}, "every": "20m"},
}

_STAGING: Final[Mapping[str, Any]] = merge(
    _PRODUCTION,
    {
        "nats": {"storage": "100Gi", "cpu": "1", "memory": "4Gi"},
        "observability": {"retention": "15d", "storage": "100Gi", "cpu": "1", "memory": "4Gi"},
        "backups": {"recovery": {"rpo": "12h", "rto": "8h"}, "every": "6h", "keepDaily": "7d", "keepWeekly": "30d"},
    },
)

_DEV: Final[Mapping[str, Any]] = {
    "nats": {"servers": 1, "storage": "20Gi", "cpu": "500m", "memory": "1Gi", "rpo": "2m"},
    "observability": {"replicas": 1, "retention": "7d", "storage": "30Gi", "cpu": "500m", "memory": "2Gi"},
}

_LOCAL: Final[Mapping[str, Any]] = merge(
    _DEV,
    {
        "nats": {"storage": "5Gi", "cpu": "250m", "memory": "512Mi"},
        "observability": {"retention": "1d", "storage": "10Gi", "cpu": "250m", "memory": "1Gi"},
    },
)

COMMON: Final[Mapping[Tier, Mapping[str, Any]]] = {
    Tier.LOCAL: _LOCAL,
    Tier.DEV: _DEV,
    Tier.STAGING: _STAGING,
    Tier.PRODUCTION: _PRODUCTION,
}
