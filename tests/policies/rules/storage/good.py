"""Good storage classes and volumes of every kind."""

from __future__ import annotations

from policies.cloudnative_pg import CLUSTER as CLOUDNATIVE_PG
from policies.rabbitmq import CLUSTER as RABBITMQ_TYPE
from policies.rules.storage.claims import CLAIM_TYPE, MONITORING_TYPES
from policies.rules.storage.classes import STORAGE_CLASS_TYPE
from tests.policies.rules.cases import good
from tests.policies.rules.messaging.good import RELEASE, STATEFUL_SET

FAST = good(
    STORAGE_CLASS_TYPE,
    {
        "metadata": {"name": "fast"},
        "provisioner": "ebs.csi.aws.com",
        "allowVolumeExpansion": True,
        "reclaimPolicy": "Retain",
        "parameters": {"type": "gp3", "encrypted": "true"},
    },
    "fast",
)
AZURE_CLASS = good(
    STORAGE_CLASS_TYPE,
    {
        "metadata": {"name": "premium"},
        "provisioner": "disk.csi.azure.com",
        "allowVolumeExpansion": True,
        "reclaimPolicy": "Retain",
        "parameters": {"skuName": "Premium_LRS"},
    },
    "premium",
)
DATABASE = good(
    STATEFUL_SET,
    {
        "metadata": {"name": "redis", "namespace": "cache"},
        "spec": {
            "template": {"spec": {"containers": [{"name": "redis", "image": "redis:7.4.1"}]}},
            "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {"storageClassName": "fast"}}],
        },
    },
)
IN_CLUSTER = good(
    CLOUDNATIVE_PG,
    {
        "metadata": {"name": "database"},
        "spec": {
            "storage": {"size": "50Gi", "storageClass": "fast"},
            "walStorage": {"size": "10Gi", "storageClass": "fast"},
            "tablespaces": [{"name": "archive", "storage": {"size": "100Gi", "storageClass": "fast"}}],
        },
    },
)
CLAIM = good(CLAIM_TYPE, {"spec": {"storageClassName": "fast"}})
BOUND_CLAIM = good(CLAIM_TYPE, {"spec": {"volumeName": "pv-1", "storageClassName": ""}})
RABBITMQ = good(RABBITMQ_TYPE, {"metadata": {"name": "bus"}, "spec": {"persistence": {"storage": "100Gi", "storageClassName": "fast"}}})
TRANSIENT_RABBITMQ = good(RABBITMQ_TYPE, {"metadata": {"name": "bus"}, "spec": {"persistence": {"storage": "0"}}})
MONITORING = tuple(
    good(token, {"spec": {"storage": {"volumeClaimTemplate": {"spec": {"storageClassName": "fast"}}}}}) for token in MONITORING_TYPES
)
STACK = good(
    RELEASE,
    {
        "chart": "kube-prometheus-stack",
        "values": {
            "prometheus": {
                "prometheusSpec": {
                    "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain"},
                    "storageSpec": {"volumeClaimTemplate": {"spec": {"storageClassName": "fast"}}},
                }
            },
            "alertmanager": {"alertmanagerSpec": {"storage": {"volumeClaimTemplate": {"spec": {"storageClassName": "fast"}}}}},
            "thanosRuler": {"enabled": False, "thanosRulerSpec": {"storage": {"volumeClaimTemplate": {"spec": {}}}}},
            "grafana": {"persistence": {"enabled": True, "storageClassName": "gp3-retain"}},
        },
    },
)
LOKI = good(
    RELEASE,
    {
        "chart": "loki",
        "values": {"singleBinary": {"persistence": {"storageClass": "fast", "enableStatefulSetAutoDeletePVC": False}}},
    },
)
OTHER_CHARTS = (
    good(RELEASE, {"chart": "velero", "values": {"storageClass": "STANDARD_IA"}}),
    good(RELEASE, {"chart": "longhorn", "values": {"persistence": {"defaultClass": True, "reclaimPolicy": "Retain"}}}),
    good(RELEASE, {"chart": "rabbitmq", "values": {"global": {"storageClass": "fast"}, "persistence": {"enabled": True}}}),
    good(RELEASE, {"chart": "tempo", "values": {"persistence": {"enabled": True, "existingClaim": "tempo"}}}),
    good(RELEASE, {"chart": "tempo", "values": {"persistence": {"enabled": False, "storageClassName": "gp2"}}}),
    good(RELEASE, {"chart": "nginx"}),
)
