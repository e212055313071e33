"""Promtool cases of the alerts about the number of nodes."""

from __future__ import annotations

from typing import Final

from components.autoscaling import alerts
from tests.alerts.cases import Case, fires, silent

ACTIVE: Final = 'cluster_autoscaler_last_activity{activity="main", pod="a"}'
STANDBY: Final = 'cluster_autoscaler_last_activity{activity="main", pod="b"}'

GROUPS: Final = alerts.ALERTS
CASES: Final[tuple[Case, ...]] = (
    fires("NodeAutoscalerInactive", {ACTIVE: "0+60x5 300x30"}, "25m", {}),
    # The one that worked is gone, and the other has taken over.
    silent("NodeAutoscalerInactive", {ACTIVE: "0+60x5 300x30", STANDBY: "0+60x60"}, "25m"),
    # A minute's pause, as between two leaders.
    silent("NodeAutoscalerInactive", {ACTIVE: "0+60x10 600x4 840+60x30"}, "30m"),
    fires("NodeAutoscalerMissing", {}, "12m", {"activity": "main"}),
    silent("NodeAutoscalerMissing", {STANDBY: "0+60x60"}, "12m"),
)
