"""The charts that are called rabbitmq, told apart by their versions.

CloudPirates' is below 1.0 and leaves the grace period to Kubernetes, groundhog2k's below 3.0, Bitnami's
above; from 14.4 on Bitnami's brings a PodDisruptionBudget.
"""

from __future__ import annotations

from typing import Final

from policies.charts.model import Chart, Knob, Pod, Volume

_CLAIM: Final = Volume(
    switches=(Knob(path="persistence.enabled"),),
    size=Knob(path="persistence.size"),
    storage_class=Knob(path="persistence.storageClass"),
)
"""MSG-001 asks for both to be written, whatever the chart does by default."""


def _chart(since: tuple[int, int], below: tuple[int, int], *, grace: int, strategy: str, budget: Knob) -> Chart:
    server = Pod(
        name="server",
        context="podSecurityContext",
        containers=(),
        replicas=Knob(path="replicaCount", default=1),
        budget=budget,
        grace=Knob(path="terminationGracePeriodSeconds", default=grace),
        strategy=Knob(path=strategy, default="RollingUpdate"),
    )
    return Chart(name="rabbitmq", since=since, below=below, pods=(server,), volumes=(_CLAIM,))


CHARTS: Final = (
    _chart((0, 0), (1, 0), grace=30, strategy="updateStrategy.type", budget=Knob(path="pdb.create", default=False)),
    _chart((1, 0), (3, 0), grace=60, strategy="updateStrategyType", budget=Knob(path="podDisruptionBudget")),
    _chart((3, 0), (14, 4), grace=120, strategy="updateStrategy.type", budget=Knob(path="pdb.create", default=False)),
    _chart((14, 4), (17, 0), grace=120, strategy="updateStrategy.type", budget=Knob(path="pdb.create", default=True)),
)
