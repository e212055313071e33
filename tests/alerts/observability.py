"""Promtool cases of the alerts about any workload."""

from __future__ import annotations

from typing import Final

from components.observability import alerts
from tests.alerts.cases import Case, fires, silent

CONTAINER: Final = {"namespace": "shop", "pod": "orders-1", "container": "orders"}
LABELS: Final = 'namespace="shop", pod="orders-1", container="orders"'
RESTARTS: Final = f"kube_pod_container_status_restarts_total{{{LABELS}}}"
BACK_OFF: Final = f'kube_pod_container_status_waiting_reason{{{LABELS}, reason="CrashLoopBackOff"}}'
WAITING: Final = 'kube_pod_status_unschedulable{namespace="shop", pod="orders-1"}'
CLAIM: Final = {"namespace": "shop", "persistentvolumeclaim": "data-postgres-0"}


def volume(kind: str) -> str:
    return f'kubelet_volume_stats_{kind}_bytes{{namespace="shop", persistentvolumeclaim="data-postgres-0"}}'


GROUPS: Final = alerts.ALERTS
CASES: Final[tuple[Case, ...]] = (
    fires("ContainerRestartingOften", {RESTARTS: "0+1x20"}, "15m", CONTAINER),
    silent("ContainerRestartingOften", {RESTARTS: "0 1 2 3 4 5x20"}, "12m"),
    fires("ContainerCrashLooping", {BACK_OFF: "1 1 0 1 1 1 0 1 1 1"}, "7m", {**CONTAINER, "reason": "CrashLoopBackOff"}),
    # One failed start: the reason stays for less than five minutes.
    silent("ContainerCrashLooping", {BACK_OFF: "1 0x20"}, "8m"),
    silent("ContainerCrashLooping", {BACK_OFF.replace("CrashLoopBackOff", "ContainerCreating"): "1x20"}, "10m"),
    fires("PodsWaitForNodes", {WAITING: "_x5 1x30"}, "22m", {}),
    silent("PodsWaitForNodes", {WAITING: "_x5 1x10 _x30"}, "22m"),
    fires("VolumeFilling", {volume("used"): "86x20", volume("capacity"): "100x20"}, "12m", CLAIM),
    silent("VolumeFilling", {volume("used"): "85x20", volume("capacity"): "100x20"}, "15m"),
)
