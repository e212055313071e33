"""The official NATS chart.

It writes no security context anywhere. Every object that it renders can be changed by ``merge`` and
``patch`` beside the values that made it: a rule that looked at the plain value alone could be told anything.
"""

from __future__ import annotations

from typing import Final

from policies.charts.model import Chart, Container, Knob, Pod, Volume

CLUSTERED: Final = Knob(path="config.cluster.enabled", default=False)
JETSTREAM: Final = Knob(path="config.jetstream.enabled", default=False)
FILE_STORE: Final = Knob(path="config.jetstream.fileStore.enabled", default=True)
MEMORY_STORE: Final = Knob(path="config.jetstream.memoryStore.enabled", default=False)
MONITOR: Final = Knob(path="config.monitor.enabled", default=True)
SYNC_INTERVAL: Final = Knob(
    path="config.jetstream.merge.sync_interval",
    extensions=(("config", "jetstream.sync_interval"), ("config.jetstream", "sync_interval")),
)
"""When JetStream flushes what it has acknowledged; left out, the server does so every two minutes."""
REPLICAS: Final = Knob(path="config.cluster.replicas", default=3, extensions=(("statefulSet", "spec.replicas"),))
SPREAD: Final = Knob(
    path="podTemplate.topologySpreadConstraints",
    extensions=(("statefulSet", "spec.template.spec.topologySpreadConstraints"), ("podTemplate", "spec.topologySpreadConstraints")),
)
"""The chart's own form is a mapping from the topology key; the extensions hold plain Kubernetes lists."""
BUDGET: Final = Knob(path="podDisruptionBudget.enabled", default=True)
GRACE: Final = Knob(
    path="podTemplate.merge.spec.terminationGracePeriodSeconds",
    default=60,
    extensions=(("statefulSet", "spec.template.spec.terminationGracePeriodSeconds"), ("podTemplate", "spec.terminationGracePeriodSeconds")),
)
STRATEGY: Final = Knob(
    path="statefulSet.merge.spec.updateStrategy.type",
    default="RollingUpdate",
    extensions=(("statefulSet", "spec.updateStrategy.type"),),
)
CLAIMS: Final = Knob(extensions=(("statefulSet", "spec.volumeClaimTemplates"),))
RETENTION: Final = Knob(extensions=(("statefulSet", "spec.persistentVolumeClaimRetentionPolicy.whenDeleted"),))

_CLAIM: Final = "config.jetstream.fileStore.pvc"
_RESOLVER: Final = "config.resolver.pvc"

STREAMS: Final = Volume(
    switches=(JETSTREAM, FILE_STORE, Knob(path=f"{_CLAIM}.enabled", default=True)),
    size=Knob(path=f"{_CLAIM}.size", default="10Gi", extensions=((_CLAIM, "spec.resources.requests.storage"),)),
    storage_class=Knob(path=f"{_CLAIM}.storageClassName", extensions=((_CLAIM, "spec.storageClassName"),)),
)
SERVER: Final = Pod(
    name="server",
    context="podTemplate.merge.spec.securityContext",
    is_open=True,
    containers=(
        Container(
            context="container.merge.securityContext",
            resources="container.merge.resources",
            image="container.image",
            probes="container.merge",
        ),
        Container(
            context="reloader.merge.securityContext",
            resources="reloader.merge.resources",
            image="reloader.image",
            switch=Knob(path="reloader.enabled", default=True),
        ),
        Container(
            context="promExporter.merge.securityContext",
            resources="promExporter.merge.resources",
            image="promExporter.image",
            switch=Knob(path="promExporter.enabled", default=False),
        ),
    ),
    replicas=REPLICAS,
    spread=SPREAD,
    budget=BUDGET,
    grace=GRACE,
    strategy=STRATEGY,
    patches=("podTemplate.patch", "container.patch", "reloader.patch", "promExporter.patch", "statefulSet.patch"),
)
NATS_BOX: Final = Pod(
    name="nats-box",
    context="natsBox.podTemplate.merge.spec.securityContext",
    is_open=True,
    containers=(
        Container(
            context="natsBox.container.merge.securityContext",
            resources="natsBox.container.merge.resources",
            image="natsBox.container.image",
        ),
    ),
    switch=Knob(path="natsBox.enabled", default=True),
    patches=("natsBox.podTemplate.patch", "natsBox.container.patch", "natsBox.deployment.patch"),
)

CHART: Final = Chart(
    name="nats",
    since=(1, 0),
    below=(3, 0),
    pods=(SERVER, NATS_BOX),
    volumes=(
        STREAMS,
        Volume(
            switches=(Knob(path="config.resolver.enabled", default=False), Knob(path=f"{_RESOLVER}.enabled", default=True)),
            size=Knob(path=f"{_RESOLVER}.size", default="1Gi", extensions=((_RESOLVER, "spec.resources.requests.storage"),)),
            storage_class=Knob(path=f"{_RESOLVER}.storageClassName", extensions=((_RESOLVER, "spec.storageClassName"),)),
        ),
    ),
    claims=CLAIMS,
    retention=RETENTION,
    metrics=Knob(path="promExporter.podMonitor.enabled", default=False),
)
