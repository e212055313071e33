"""kube-prometheus-stack with the charts that it brings: Grafana, the node exporter and kube-state-metrics."""

from __future__ import annotations

from typing import Final

from policies.charts.model import Chart, Container, Knob, Pod, Volume

GRAFANA: Final = Knob(path="grafana.enabled", default=True)
GRAFANA_VOLUME: Final = Knob(path="grafana.persistence.enabled", default=False)
GRAFANA_CHOWN: Final = Knob(path="grafana.initChownData.enabled", default=True)
"""With a volume, an init container changes its owner as root."""
GRAFANA_GENERATES_PASSWORD: Final = 79
"""The major version from which the chart generates Grafana's password; before, it is a default that everybody knows."""
NODE_EXPORTER: Final = Knob(path="nodeExporter.enabled", default=True)
NODE_EXPORTER_VALUES: Final = "prometheus-node-exporter"
"""The exporter's own values; by default it uses the network, the processes and paths of its host."""


def _managed(name: str, section: str, spec: str, *, enabled: bool) -> Pod:
    """Pods that the Prometheus operator runs from a custom resource; it closes the contexts of their containers itself."""
    return Pod(
        name=name,
        context=f"{section}.{spec}.securityContext",
        containers=(),
        replicas=Knob(path=f"{section}.{spec}.replicas", default=1),
        spread=Knob(path=f"{section}.{spec}.topologySpreadConstraints"),
        budget=Knob(path=f"{section}.podDisruptionBudget.enabled", default=False),
        switch=Knob(path=f"{section}.enabled", default=enabled),
    )


def _claim(section: str, storage: str, *, enabled: bool) -> Volume:
    template = f"{section}.{storage}.volumeClaimTemplate.spec"
    return Volume(
        switches=(Knob(path=f"{section}.enabled", default=enabled), Knob(path=f"{section}.{storage}.volumeClaimTemplate", default=False)),
        size=Knob(path=f"{template}.resources.requests.storage"),
        storage_class=Knob(path=f"{template}.storageClassName"),
    )


CHART: Final = Chart(
    name="kube-prometheus-stack",
    since=(45, 0),
    below=(100, 0),
    pods=(
        _managed("prometheus", "prometheus", "prometheusSpec", enabled=True),
        _managed("alertmanager", "alertmanager", "alertmanagerSpec", enabled=True),
        _managed("thanos-ruler", "thanosRuler", "thanosRulerSpec", enabled=False),
        Pod(
            name="operator",
            context="prometheusOperator.securityContext",
            containers=(
                Container(
                    context="prometheusOperator.containerSecurityContext",
                    resources="prometheusOperator.resources",
                    image="prometheusOperator.image",
                    probes="prometheusOperator",
                ),
            ),
            switch=Knob(path="prometheusOperator.enabled", default=True),
        ),
    ),
    volumes=(
        _claim("prometheus", "prometheusSpec.storageSpec", enabled=True),
        _claim("alertmanager", "alertmanagerSpec.storage", enabled=True),
        _claim("thanosRuler", "thanosRulerSpec.storage", enabled=False),
    ),
)
