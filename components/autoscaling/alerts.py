"""Alerts about what moves the number of nodes."""

from __future__ import annotations

from typing import Final

from components.alerts import Alert, AlertGroup, Severity

_NODES: Final = (
    Alert(
        name="NodeAutoscalerInactive",
        # It marks every round, ten seconds apart; of several replicas only the leader does.
        expr='time() - max(cluster_autoscaler_last_activity{activity="main"}) > 300',
        wait="5m",
        severity=Severity.P2,
        summary="The Cluster Autoscaler has not looked at the cluster for {{ $value | humanizeDuration }}",
        description="Pods that find no room wait until somebody adds nodes by hand, and idle nodes stay.",
        runbook="nodes-not-scaling",
    ),
    Alert(
        name="NodeAutoscalerMissing",
        expr='absent(cluster_autoscaler_last_activity{activity="main"})',
        wait="10m",
        severity=Severity.P2,
        summary="Prometheus receives no metrics from the Cluster Autoscaler",
        description="It is not running, or its metrics cannot be scraped. If it is not running, pods that find no room wait.",
        runbook="nodes-not-scaling",
    ),
)

ALERTS: Final = (AlertGroup(name="nodes", alerts=_NODES),)
