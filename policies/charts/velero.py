"""The official chart of Velero, whose own objects (locations, schedules) are values, too.

It writes no security context for its server. Lists of locations replaced single ones in version 3, as did the node agent restic.
"""

from __future__ import annotations

from typing import Final

from policies.charts.model import Chart, Container, Knob, Pod

BACKUPS: Final = Knob(path="backupsEnabled", default=True)
"""Whether the chart makes the locations of its values."""
SNAPSHOTS: Final = Knob(path="snapshotsEnabled", default=True)
NODE_AGENT: Final = Knob(path="deployNodeAgent", default=False)
RESTIC: Final = Knob(path="deployRestic", default=False)
"""What the node agent was before version 3."""
LOCATIONS: Final = "configuration.backupStorageLocation"
DEFAULT_TTL: Final = "configuration.defaultBackupTTL"
FILE_SYSTEM_BACKUP: Final = "configuration.defaultVolumesToFsBackup"
SCHEDULES: Final = "schedules"

CHART: Final = Chart(
    name="velero",
    since=(2, 0),
    below=(14, 0),
    pods=(
        Pod(
            name="server",
            context="podSecurityContext",
            is_open=True,
            containers=(Container(context="containerSecurityContext", resources="resources", image="image"),),
            budget=Knob(path="podDisruptionBudget.enabled", default=False),
        ),
        Pod(
            name="node-agent",
            context="nodeAgent.podSecurityContext",
            is_open=True,
            containers=(Container(context="nodeAgent.containerSecurityContext", resources="nodeAgent.resources", image="image"),),
            switch=NODE_AGENT,
        ),
    ),
    metrics=Knob(path="metrics.serviceMonitor.enabled", default=False),
)
