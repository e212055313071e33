"""Alerts about any workload: crashing containers, pods without a node, filling volumes (ALERT-009, ALERT-010)."""

from __future__ import annotations

from typing import Final

from components.alerts import Alert, AlertGroup, Severity

_WORKLOADS: Final = (
    Alert(
        name="ContainerRestartingOften",
        expr="increase(kube_pod_container_status_restarts_total[10m]) > 5",
        wait="0s",
        severity=Severity.P2,
        summary="Container {{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} keeps restarting",
        description="{{ $value | humanize }} restarts within ten minutes: it starts, works for a moment and dies.",
        runbook="container-crash-looping",
    ),
    Alert(
        name="ContainerCrashLooping",
        # Between two attempts the reason is gone for a moment; the maximum over five minutes
        # bridges it.
        expr='max_over_time(kube_pod_container_status_waiting_reason{reason="CrashLoopBackOff"}[5m]) >= 1',
        wait="5m",
        severity=Severity.P2,
        summary="Container {{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} is in CrashLoopBackOff",
        description="For five minutes and more Kubernetes has been waiting longer and longer before it starts the container again.",
        runbook="container-crash-looping",
    ),
    Alert(
        name="PodsWaitForNodes",
        # Of the scheduler: whatever moves the number of nodes, some clouds tell nothing of it.
        expr="sum(kube_pod_status_unschedulable) > 0",
        wait="15m",
        severity=Severity.P2,
        summary="{{ $value }} pods have been waiting for a node for 15 minutes",
        description="A new node joins within minutes. Groups are at their largest, the cloud is out of such machines, or no node suits.",
        runbook="nodes-not-scaling",
    ),
)

_VOLUMES: Final = (
    Alert(
        name="VolumeFilling",
        expr="kubelet_volume_stats_used_bytes / kubelet_volume_stats_capacity_bytes > 0.85",
        wait="10m",
        severity=Severity.P2,
        summary="Volume {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} is {{ $value | humanizePercentage }} full",
        description="Above 85 % there is time to expand the volume or to clean it; a full one stops its workload.",
        runbook="volume-filling",
    ),
)

ALERTS: Final = (
    AlertGroup(name="workloads", alerts=_WORKLOADS),
    AlertGroup(name="volumes", alerts=_VOLUMES),
)
