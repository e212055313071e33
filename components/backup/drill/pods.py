"""The pods of the drill: the canary, the one that looks at what came back, and the job between them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from components.backup.drill.arguments import RestoreDrillArgs
from components.backup.drill.programs.canary import HEALTH, PORT
from components.kubernetes import labels
from components.pods import RESTRICTED_CONTAINER, parse_resources, restricted_pod
from components.tenancy.footprint import Footprint, pod, stateful_set
from components.tenancy.traffic import TrafficRule, calls_kubernetes_api, dns, scraped_by
from facts.quantity import parse_quantity

CANARY: Final = "canary"
DRILL: Final = "restore-drill"
PROGRAMS: Final = "restore-drill-programs"
RESULT: Final = "restore-drill-result"
CLAIM: Final = f"data-{CANARY}-0"
"""As a StatefulSet calls the claim of its first pod."""
VOLUME_SIZE: Final = "1Gi"
METRICS_PORT: Final = "metrics"
CANARY_LABELS: Final = labels(CANARY, component="restore-drill")
_DRILL_LABELS: Final = labels(DRILL, component="restore-drill")
_IMAGE: Final = ("public.ecr.aws", "docker/library/python:3.14.8-slim-trixie")
_RESOURCES: Final = parse_resources("20m", "64Mi", memory_limit="128Mi")
_USER: Final = 10001
_PACKAGE: Final = "components.backup.drill.programs"
_ROOT: Final = "/programs"
_DATA: Final = "/data"
_RESULTS: Final = "/result"
_REPORT: Final = "/dev/termination-log"
CHECKER: Final = "checker.json"
_CHECKERS: Final = "/checker"
# Of a canary so small it is minutes; what else is on its way to or from the store may come first.
PATIENCE: Final = timedelta(minutes=45)
_DAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def programs() -> Mapping[str, str]:
    """The programs by the names of their files."""
    folder = Path(__file__).with_name("programs")
    return {name: (folder / name).read_text(encoding="utf-8") for name in ("api.py", "canary.py", "drill.py")}


def weekly_cron(at: str) -> str:
    """Each week at ``ddd:hh:mm``."""
    day, hours, minutes = at.split(":")
    return f"{int(minutes)} {int(hours)} * * {_DAYS.index(day)}"


def canary_spec(args: RestoreDrillArgs) -> dict[str, Any]:
    """The ``spec`` of the StatefulSet that keeps the canary."""
    container = {
        **_container(args, ["canary", "keep", _DATA, f"{_RESULTS}/metrics"]),
        "ports": [{"name": METRICS_PORT, "containerPort": PORT}],
        "readinessProbe": {"httpGet": {"path": "/metrics", "port": METRICS_PORT}, "periodSeconds": 10},
        "livenessProbe": {"httpGet": {"path": HEALTH, "port": METRICS_PORT}, "periodSeconds": 30, "failureThreshold": 5},
    }
    container["volumeMounts"] = [
        *container["volumeMounts"],
        {"name": "data", "mountPath": _DATA},
        {"name": "result", "mountPath": _RESULTS, "readOnly": True},
    ]
    claim = {
        "metadata": {"name": "data", "labels": CANARY_LABELS},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": args.storage_class,
            "resources": {"requests": {"storage": VOLUME_SIZE}},
        },
    }
    return {
        "serviceName": CANARY,
        "replicas": 1,
        "selector": {"matchLabels": CANARY_LABELS},
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
        "volumeClaimTemplates": [claim],
        "template": {
            # A pod whose program has changed is another pod.
            "metadata": {"labels": CANARY_LABELS, "annotations": {"checksum/programs": _checksum()}},
            # What the last drill found comes by the kubelet: the canary needs no way to the Kubernetes API.
            "spec": _pod(args, container, {"name": "result", "configMap": {"name": RESULT, "optional": True}}, writes=True),
        },
    }


def checker(args: RestoreDrillArgs) -> dict[str, Any]:
    """The pod that looks at the canary that came back."""
    container = _container(args, ["canary", "check", _DATA, _REPORT])
    container["volumeMounts"] = [*container["volumeMounts"], {"name": "data", "mountPath": _DATA}]
    spec = _pod(args, container, {"name": "data", "persistentVolumeClaim": {"claimName": CLAIM}}, writes=True)
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "checker", "namespace": args.scratch, "labels": _DRILL_LABELS},
        "spec": {**spec, "restartPolicy": "Never"},
    }


def job_spec(args: RestoreDrillArgs) -> dict[str, Any]:
    """The ``spec`` of the CronJob."""
    told = {
        "VELERO_NAMESPACE": args.velero,
        "SOURCE_NAMESPACE": args.namespace,
        "SCRATCH_NAMESPACE": args.scratch,
        "CLAIM": CLAIM,
        "RESULT": RESULT,
        "CHECKER": f"{_CHECKERS}/{CHECKER}",
        "PATIENCE_SECONDS": str(int(PATIENCE.total_seconds())),
    }
    container = _container(args, ["drill"])
    container["env"] = [*container["env"], *({"name": name, "value": value} for name, value in told.items())]
    container["volumeMounts"] = [*container["volumeMounts"], {"name": "checker", "mountPath": _CHECKERS, "readOnly": True}]
    shape = {"name": "checker", "configMap": {"name": PROGRAMS, "items": [{"key": CHECKER, "path": CHECKER}]}}
    spec = _pod(args, container, shape, writes=False)
    return {
        "schedule": weekly_cron(args.settings.drill_at),
        "timeZone": "Etc/UTC",
        "concurrencyPolicy": "Forbid",
        # A control plane that was away at that time makes up for it.
        "startingDeadlineSeconds": int(timedelta(hours=12).total_seconds()),
        "successfulJobsHistoryLimit": 3,
        "failedJobsHistoryLimit": 3,
        "jobTemplate": {
            "spec": {
                # A drill that fails has found something: nobody should miss it for a second one.
                "backoffLimit": 0,
                # Each of its waits may take all of its patience.
                "activeDeadlineSeconds": 5 * int(PATIENCE.total_seconds()),
                "template": {
                    "metadata": {"labels": _DRILL_LABELS},
                    "spec": {**spec, "serviceAccountName": DRILL, "automountServiceAccountToken": True, "restartPolicy": "Never"},
                },
            }
        },
    }


def footprint() -> Footprint:
    """The canary with its volume, and a job, with the one before that may not be gone yet."""
    return stateful_set(pod(_RESOURCES), _volume()) + pod(_RESOURCES) * 2


def scratch_footprint() -> Footprint:
    """What came back, and the pod that looks at it."""
    return pod(_RESOURCES) + Footprint(storage=_volume(), claims=1)


def traffic(args: RestoreDrillArgs) -> Sequence[TrafficRule]:
    """The job calls the Kubernetes API; Prometheus calls the canary."""
    api = calls_kubernetes_api(args.addresses.kubernetes_api, args.addresses.kubernetes_api_ports)
    return (
        dns(),
        api.narrowed(f"{DRILL}-{api.name}", _DRILL_LABELS),
        *([scraped_by(args.monitoring.namespace)] if args.monitoring else []),
    )


def _volume() -> int:
    return int(parse_quantity(VOLUME_SIZE))


def _container(args: RestoreDrillArgs, words: Sequence[str]) -> dict[str, Any]:
    program, *arguments = words
    registry, image = _IMAGE
    return {
        "name": program,
        "image": f"{args.image_registry or registry}/{image}",
        "command": ["python", "-m", f"{_PACKAGE}.{program}", *arguments],
        "env": [{"name": "PYTHONPATH", "value": _ROOT}, {"name": "PYTHONDONTWRITEBYTECODE", "value": "1"}],
        "resources": _RESOURCES.render(),
        "securityContext": dict(RESTRICTED_CONTAINER),
        "volumeMounts": [{"name": "programs", "mountPath": _ROOT, "readOnly": True}],
    }


def _pod(args: RestoreDrillArgs, container: Mapping[str, Any], *volumes: Mapping[str, Any], writes: bool) -> dict[str, Any]:
    # Each file lies where its package is: the programs find each other as they do here.
    items = [{"key": name, "path": f"{_PACKAGE.replace('.', '/')}/{name}"} for name in programs()]
    return {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "priorityClassName": args.priority_class,
        "securityContext": restricted_pod(_USER, writes_volumes=writes),
        "terminationGracePeriodSeconds": 10,
        "containers": [container],
        "volumes": [{"name": "programs", "configMap": {"name": PROGRAMS, "items": items}}, *volumes],
    }


def _checksum() -> str:
    return hashlib.sha256("".join(programs().values()).encode()).hexdigest()
