"""MinIO's own chart: its contexts say a user and no more, and the jobs after an installation not even that."""

from __future__ import annotations

from typing import Final

from policies.charts.model import Chart, Container, Knob, Pod, Volume

CHART: Final = Chart(
    name="minio",
    since=(5, 0),
    below=(6, 0),
    pods=(
        Pod(
            name="server",
            context="securityContext",
            is_open=True,
            containers=(Container(context="containerSecurityContext", resources="resources", image="image"),),
            spread=Knob(path="topologySpreadConstraints"),
            budget=Knob(path="podDisruptionBudget.enabled", default=False),
        ),
    ),
    volumes=(
        Volume(
            switches=(Knob(path="persistence.enabled", default=True),),
            size=Knob(path="persistence.size", default="500Gi"),
            storage_class=Knob(path="persistence.storageClass"),
        ),
    ),
    metrics=Knob(path="metrics.serviceMonitor.enabled", default=False),
)
