"""One good fixture for each type: every rule about messaging is content with it."""

from __future__ import annotations

from typing import Any

from policies.rules.messaging.brokers import CONFIG_MAP_TYPE
from policies.rules.messaging.durability import nats_flushes_before_acknowledging_where_rpo_is_zero, nats_keeps_streams_on_disk
from policies.rules.messaging.nats_servers import (
    BUDGET_TYPE,
    nats_servers_form_odd_cluster,
    nats_servers_have_disruption_budget,
    nats_servers_spread_over_zones,
)
from policies.rules.messaging.nats_volume import nats_volume_holds_500gi
from policies.rules.messaging.streams import STREAM_TYPE, nats_stream_has_three_replicas, nats_stream_is_stored_on_disk
from policies.rules.storage.claims import claims_survive_their_stateful_set, volumes_name_approved_storage_class
from policies.rules.storage.classes import (
    STORAGE_CLASS_TYPE,
    storage_class_allows_expansion,
    storage_class_encrypts_volumes,
    storage_class_retains_volumes,
)

RULES = (
    nats_volume_holds_500gi,
    nats_servers_form_odd_cluster,
    nats_servers_spread_over_zones,
    nats_servers_have_disruption_budget,
    nats_stream_has_three_replicas,
    nats_stream_is_stored_on_disk,
    nats_keeps_streams_on_disk,
    nats_flushes_before_acknowledging_where_rpo_is_zero,
    storage_class_allows_expansion,
    storage_class_retains_volumes,
    storage_class_encrypts_volumes,
    volumes_name_approved_storage_class,
    claims_survive_their_stateful_set,
)
RELEASE = "kubernetes:helm.sh/v3:Release"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
CLAIM = "values/config/jetstream/fileStore/pvc"

NATS_RELEASE: dict[str, Any] = {
    "chart": "nats",
    "name": "nats",
    "namespace": "messaging",
    "values": {
        "config": {
            "cluster": {"enabled": True, "replicas": 3.0},
            "jetstream": {
                "enabled": True,
                "merge": {"sync_interval": "always"},
                "fileStore": {"enabled": True, "pvc": {"enabled": True, "size": "500Gi", "storageClassName": "gp3-retain"}},
            },
        },
        "podTemplate": {
            "topologySpreadConstraints": {"topology.kubernetes.io/zone": {"maxSkew": 1.0, "whenUnsatisfiable": "DoNotSchedule"}}
        },
        "podDisruptionBudget": {"enabled": True},
    },
}
STREAM: dict[str, Any] = {
    "apiVersion": "jetstream.nats.io/v1beta2",
    "kind": "Stream",
    "metadata": {"name": "orders", "namespace": "messaging", "annotations": {"platform/rpo": "0"}},
    "spec": {"name": "orders", "subjects": ["orders.>"], "replicas": 3.0, "storage": "file"},
}
SERVERS: dict[str, Any] = {
    "metadata": {"name": "nats", "namespace": "messaging"},
    "spec": {
        "serviceName": "nats",
        "replicas": 3.0,
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
        "template": {
            "metadata": {"labels": {"app": "nats"}},
            "spec": {
                "containers": [
                    {
                        "name": "nats",
                        "image": "nats:2.14.2-alpine",
                        "args": ["--config", "/etc/nats/nats.conf", "--store_dir=/data"],
                        "volumeMounts": [{"name": "config", "mountPath": "/etc/nats"}, {"name": "js", "mountPath": "/data"}],
                    },
                    {"name": "exporter", "image": "natsio/prometheus-nats-exporter:0.20.1"},
                ],
                "volumes": [{"name": "config", "configMap": {"name": "nats"}}],
                "topologySpreadConstraints": [
                    {"maxSkew": 1.0, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "ScheduleAnyway"},
                    {"maxSkew": 1.0, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "DoNotSchedule"},
                ],
            },
        },
        "volumeClaimTemplates": [
            {"metadata": {"name": "js"}, "spec": {"storageClassName": "gp3-retain", "resources": {"requests": {"storage": "500Gi"}}}}
        ],
    },
}
BUDGET: dict[str, Any] = {
    "metadata": {"name": "nats", "namespace": "messaging"},
    "spec": {"maxUnavailable": 1.0, "selector": {"matchLabels": {"app": "nats"}}},
}
CONFIG: dict[str, Any] = {
    "metadata": {"name": "nats", "namespace": "messaging"},
    "data": {"nats.conf": "jetstream {\n  store_dir: /data # sync_interval: 2m\n  sync_interval: always\n}\n"},
}
STORAGE_CLASS: dict[str, Any] = {
    "metadata": {"name": "fast"},
    "provisioner": "ebs.csi.aws.com",
    "allowVolumeExpansion": True,
    "reclaimPolicy": "Retain",
    "parameters": {"type": "gp3", "encrypted": "true"},
}

__all__ = ["BUDGET_TYPE", "CONFIG_MAP_TYPE", "STORAGE_CLASS_TYPE", "STREAM_TYPE"]
