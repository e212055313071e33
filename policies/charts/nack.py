"""The controller of JetStream's custom resources: both of its security contexts are empty."""

from __future__ import annotations

from typing import Final

from policies.charts.model import Chart, Container, Pod

CHART: Final = Chart(
    name="nack",
    since=(0, 20),
    below=(1, 0),
    pods=(
        Pod(
            name="controller",
            context="securityContext",
            is_open=True,
            containers=(Container(context="containerSecurityContext", resources="resources", image="jetstream.image"),),
        ),
    ),
)
