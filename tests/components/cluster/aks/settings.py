from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from components.cluster.aks.model import ClusterSettings

ADMINS: Final = "aaaaaaaa-0000-4000-8000-000000000001"
VIEWERS: Final = "bbbbbbbb-0000-4000-8000-000000000002"
POOL: Final[Mapping[str, Any]] = {"vmSize": "Standard_D8ds_v5", "minPerZone": 1, "maxPerZone": 4}
SETTINGS: Final[Mapping[str, Any]] = {
    "version": "1.36",
    "adminGroupIds": [ADMINS],
    "viewerGroupIds": [VIEWERS],
    "uptimeSla": True,
    "maintenanceWindow": "sun:02:00-sun:08:00",
    "systemPool": {"vmSize": "Standard_D4ds_v5", "nodes": 3},
    "nodePools": {"general": POOL},
}


def settings(**changed: Any) -> ClusterSettings:
    return ClusterSettings.model_validate({**SETTINGS, **changed})


def of_pool(**changed: Any) -> ClusterSettings:
    """The settings with a changed pool ``general``."""
    return settings(nodePools={"general": {**POOL, **changed}})
