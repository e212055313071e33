"""One good resource for each type: every rule about messaging is content with it."""

from __future__ import annotations

from policies.config_maps import CONFIG_MAP_TYPE
from policies.model import Resource
from policies.nats import BUCKETS, CONSUMERS, STREAMS
from policies.rules.messaging.budgets import BUDGET_TYPES
from tests.policies.rules.cases import changed, good

RELEASE = "kubernetes:helm.sh/v3:Release"
CHART = "kubernetes:helm.sh/v4:Chart"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"

JETSTREAM = "values.config.jetstream"
CLAIM = f"{JETSTREAM}.fileStore.pvc"
SYNC = f"{JETSTREAM}.merge.sync_interval"
COUNT = "values.config.cluster.replicas"
SPREAD = "values.podTemplate.topologySpreadConstraints"
ZONE = f'{SPREAD}["topology.kubernetes.io/zone"]'
RPO = 'metadata.annotations["platform/rpo"]'

NATS = good(
    RELEASE,
    {
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
                "topologySpreadConstraints": {"topology.kubernetes.io/zone": {"maxSkew": 1.0, "whenUnsatisfiable": "DoNotSchedule"}},
                "merge": {"spec": {"terminationGracePeriodSeconds": 120.0}},
            },
            "podDisruptionBudget": {"enabled": True},
        },
    },
    "nats",
)
NATS_V4 = good(CHART, {**NATS.properties}, "nats")
UNSYNCED = changed(NATS, {f"{JETSTREAM}.merge": None})
BARE = good(RELEASE, {"chart": "nats"}, "nats")
CORE_NATS = changed(NATS, {JETSTREAM: None})
OTHER_CHART = good(RELEASE, {"chart": "redis", "values": {"replicas": 1.0}}, "redis")

STREAM = good(
    STREAMS[0],
    {
        "apiVersion": "jetstream.nats.io/v1beta2",
        "kind": "Stream",
        "metadata": {
            "name": "orders",
            "namespace": "messaging",
            "annotations": {"platform/rpo": "0", "platform/dr-mirror": "production-dr"},
        },
        "spec": {
            "name": "orders",
            "subjects": ["orders.>"],
            "replicas": 3.0,
            "storage": "file",
            "maxAge": "168h",
            "maxBytes": 536870912.0,
            "discard": "new",
        },
    },
    "orders",
)
UNDECLARED = good(STREAMS[0], {**changed(STREAM, {RPO: None, "metadata.name": "logs", "spec.name": "logs"}).properties}, "logs")
DEAD_LETTERS = good(
    STREAMS[0],
    {**changed(STREAM, {"metadata.name": "orders-dlq", "spec.name": "orders-dlq", "spec.maxBytes": 134217728.0}).properties},
    "orders-dlq",
)
CONSUMER = good(
    CONSUMERS[0],
    {
        "metadata": {"name": "billing", "namespace": "messaging"},
        "spec": {"streamName": "orders", "durableName": "billing", "ackPolicy": "explicit", "ackWait": "30s", "maxDeliver": 5.0},
    },
    "billing",
)
BUCKET = good(
    BUCKETS[0],
    {"metadata": {"name": "sessions", "namespace": "messaging"}, "spec": {"bucket": "sessions", "replicas": 3.0, "storage": "file"}},
    "sessions",
)

POD = "spec.template.spec"
TEMPLATES = "spec.volumeClaimTemplates"
SIZE = f"{TEMPLATES}[0].spec.resources.requests.storage"
SERVERS = good(
    STATEFUL_SET,
    {
        "metadata": {"name": "nats", "namespace": "messaging"},
        "spec": {
            "serviceName": "nats",
            "replicas": 3.0,
            "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
            "template": {
                "metadata": {"labels": {"app": "nats"}},
                "spec": {
                    "terminationGracePeriodSeconds": 120.0,
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
    },
    "nats",
)
BUDGET = good(
    BUDGET_TYPES[0],
    {"metadata": {"name": "nats", "namespace": "messaging"}, "spec": {"maxUnavailable": 1.0, "selector": {"matchLabels": {"app": "nats"}}}},
    "budget",
)
CONFIG_TEXT = 'data["nats.conf"]'
CONFIG = good(
    CONFIG_MAP_TYPE,
    {
        "metadata": {"name": "nats", "namespace": "messaging"},
        "data": {"nats.conf": "jetstream {\n  store_dir: /data # sync_interval: 2m\n  sync_interval: always\n}\n"},
    },
    "config",
)
PLAIN: list[Resource] = [BUDGET, CONFIG, STREAM]
"""What stands beside plain servers."""
SMALL_CLAIM = {"metadata": {"name": "tmp"}, "spec": {"storageClassName": "gp3-retain", "resources": {"requests": {"storage": "1Gi"}}}}
LARGE_CLAIM = SERVERS.properties["spec"]["volumeClaimTemplates"][0]
OTHER_IMAGES = ("natsio/nats-box:0.19", "natsio/prometheus-nats-exporter:1", "natsio/jetstream-controller:1", "redis:7")
