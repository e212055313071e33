"""The values of the Velero chart."""

from __future__ import annotations

import json
from typing import Any, Final

from components.backup.arguments import VeleroArgs
from components.backup.location import LOCATION, location_of
from components.kubernetes import NAME_LABEL
from components.pods import RESTRICTED_CONTAINER, parse_resources, restricted_pod

NAME: Final = "velero"
"""The Helm release, and with it the Deployment, the Service and the service account."""
AGENT: Final = "node-agent"
"""The DaemonSet; Velero finds its agents by this name."""
AGENT_LABELS: Final = {NAME_LABEL: NAME, "name": AGENT}
METRICS_PORT: Final = "http-monitoring"
QUEUE: Final = 4
"""How many volumes are prepared at a time, beside the one of each node whose data is on its way."""
SERVER_RESOURCES: Final = parse_resources("100m", "512Mi", memory_limit="1Gi")
AGENT_RESOURCES: Final = parse_resources("20m", "128Mi", memory_limit="512Mi")
# Kopia holds the index of what it has stored: for a million files it needs a gigabyte and more
# (Velero's documentation, "Performance Guidance").
MOVER_RESOURCES: Final = parse_resources("100m", "256Mi", memory_limit="2Gi")
MAINTENANCE_RESOURCES: Final = parse_resources("50m", "128Mi", memory_limit="1Gi")
UPGRADE_RESOURCES: Final = parse_resources("50m", "128Mi", memory_limit="256Mi")
_TAG: Final = "v1.18.1"
_REGISTRY: Final = "docker.io"
_NOBODY: Final = 65532
_AGENT_CONFIG: Final = "node-agent"
_POLICIES: Final = "volume-policies"
VOLUME_POLICIES: Final = f"{NAME}-{_POLICIES}"
"""The ConfigMap of what backups do with which volumes, by the name that the chart gives it."""
# A claim that waits for its first pod has nothing to back up. Without this rule it would make every
# backup of its namespace one that failed in part.
_VOLUME_POLICIES: Final = {
    "version": "v1",
    "volumePolicies": [{"conditions": {"pvcPhase": ["Pending"]}, "action": {"type": "skip"}}],
}
_SCRATCH: Final = "/scratch"


def render_values(args: VeleroArgs) -> dict[str, Any]:
    """Values of the chart: server, an agent on each node, and the one location of backups."""
    location = location_of(args.store)
    registry = args.image_registry or _REGISTRY
    repository, tag = location.plugin
    plugin = {
        "name": repository.rpartition("/")[2],
        "image": f"{registry}/{repository}:{tag}",
        "volumeMounts": [{"name": "plugins", "mountPath": "/target"}],
        "resources": UPGRADE_RESOURCES.render(),
        "securityContext": dict(RESTRICTED_CONTAINER),
    }
    labels = dict(args.sign_in.labels)
    return {
        "fullnameOverride": NAME,
        "image": {"repository": f"{registry}/velero/velero", "tag": _TAG},
        "initContainers": [plugin],
        # Whoever uninstalls the chart keeps the definitions, and with them the record of the backups.
        "upgradeCRDs": True,
        "cleanUpCRDs": False,
        "upgradeJobResources": UPGRADE_RESOURCES.render(),
        "podLabels": labels,
        "priorityClassName": args.priority_class,
        "resources": SERVER_RESOURCES.render(),
        "podSecurityContext": restricted_pod(_NOBODY),
        "containerSecurityContext": dict(RESTRICTED_CONTAINER),
        # The data is moved by pods of their own: the server and its agents have nothing to finish.
        "terminationGracePeriodSeconds": 60,
        "extraVolumes": list(location.volumes),
        "extraVolumeMounts": list(location.mounts),
        "metrics": {"enabled": True, "serviceMonitor": {"enabled": False}, "nodeAgentPodMonitor": {"enabled": False}},
        "serviceAccount": {"server": {"name": NAME, "annotations": dict(args.sign_in.annotations)}},
        # The keys of a store that asks for some come by the environment: pods that move data inherit it.
        "credentials": {"useSecret": False},
        "configuration": {
            "backupStorageLocation": [
                {
                    "name": LOCATION,
                    "default": True,
                    "provider": location.provider,
                    "bucket": location.bucket,
                    "prefix": args.prefix,
                    "accessMode": "ReadWrite",
                    "config": dict(location.config),
                }
            ],
            # Snapshots are taken through CSI, which needs no location.
            "volumeSnapshotLocation": [],
            "features": "EnableCSI",
            "defaultSnapshotMoveData": True,
            "defaultVolumesToFsBackup": False,
            # The first snapshot of a large disk is ready once all of it is copied.
            "dataMoverPrepareTimeout": "2h",
            "logFormat": "json",
            "extraEnvVars": [
                # Whoever has no home writes its caches here, on a root that is read-only too.
                {"name": "HOME", "value": _SCRATCH},
                *location.environment,
            ],
            "repositoryMaintenanceJob": {
                "repositoryConfigData": {
                    "global": {
                        "keepLatestMaintenanceJobs": 1,
                        "podResources": _pod_resources(MAINTENANCE_RESOURCES.render()),
                        "priorityClassName": args.priority_class,
                    }
                }
            },
        },
        "snapshotsEnabled": False,
        "deployNodeAgent": True,
        "nodeAgent": {
            # The volumes that are read are restored ones of their own: nothing of the host is needed.
            "disableHostPath": True,
            "podLabels": labels,
            "priorityClassName": args.priority_class,
            "resources": AGENT_RESOURCES.render(),
            # Who restores files gives them to their owners; the agent itself needs no right of root.
            "podSecurityContext": {"runAsUser": 0, "seccompProfile": {"type": "RuntimeDefault"}},
            "containerSecurityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
            "extraArgs": [f"--node-agent-configmap={NAME}-{_AGENT_CONFIG}"],
            "extraVolumes": list(location.volumes),
            "extraVolumeMounts": list(location.mounts),
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "25%"}},
        },
        "configMaps": {
            _AGENT_CONFIG: {"data": {"node-agent.json": json.dumps(_agent_config(args), indent=2, sort_keys=True)}},
            _POLICIES: {"data": {"policies.yaml": json.dumps(_VOLUME_POLICIES, indent=2)}},
        },
        # Schedules are resources of their own, for the preview to see.
        "schedules": {},
    }


def _agent_config(args: VeleroArgs) -> dict[str, Any]:
    """What agents and the pods that move data go by (Velero's documentation, "Node-agent Configuration")."""
    return {
        "loadConcurrency": {"globalConfig": 1, "prepareQueueLength": QUEUE},
        "podResources": _pod_resources(MOVER_RESOURCES.render()),
        "priorityClassName": args.priority_class,
    }


def _pod_resources(rendered: dict[str, Any]) -> dict[str, str]:
    """Resources in Velero's own words; where it is told no limit of CPU, there is none."""
    requests, limits = rendered["requests"], rendered["limits"]
    return {"cpuRequest": requests["cpu"], "cpuLimit": "0", "memoryRequest": requests["memory"], "memoryLimit": limits["memory"]}
