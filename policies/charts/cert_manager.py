"""cert-manager: its default security contexts are whole; each of its pods is alone unless told otherwise."""

from __future__ import annotations

from typing import Final

from policies.charts.model import Chart, Container, Knob, Pod


def _pod(name: str, prefix: str, *, probes: str = "", switch: Knob | None = None) -> Pod:
    return Pod(
        name=name,
        context=f"{prefix}securityContext",
        containers=(
            Container(context=f"{prefix}containerSecurityContext", resources=f"{prefix}resources", image=f"{prefix}image", probes=probes),
        ),
        replicas=Knob(path=f"{prefix}replicaCount", default=1),
        spread=Knob(path=f"{prefix}topologySpreadConstraints"),
        budget=Knob(path=f"{prefix}podDisruptionBudget.enabled", default=False),
        switch=switch,
    )


CHART: Final = Chart(
    name="cert-manager",
    since=(1, 12),
    below=(2, 0),
    pods=(
        _pod("controller", ""),
        _pod("webhook", "webhook.", probes="webhook"),
        _pod("cainjector", "cainjector.", switch=Knob(path="cainjector.enabled", default=True)),
    ),
    metrics=Knob(path="prometheus.servicemonitor.enabled", default=False),
)
