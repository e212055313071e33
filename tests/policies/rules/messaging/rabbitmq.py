"""One good resource of each kind that runs RabbitMQ or is declared in it, and what stands beside those in the cluster."""

from __future__ import annotations

from policies import rabbitmq
from policies.model import Resource
from policies.rules.messaging.budgets import BUDGET_TYPES
from tests.policies.rules.cases import good
from tests.policies.rules.messaging.good import RELEASE, STATEFUL_SET

CLUSTER = good(
    rabbitmq.CLUSTER,
    {
        "metadata": {"name": "bus", "namespace": "messaging"},
        "spec": {
            "replicas": 3.0,
            "persistence": {"storage": "100Gi", "storageClassName": "gp3-retain"},
            "rabbitmq": {"additionalConfig": "cluster_partition_handling = pause_minority\ndefault_queue_type = quorum\n"},
            "terminationGracePeriodSeconds": 600.0,
        },
    },
    "bus",
)
CLUSTER_BUDGET = good(
    BUDGET_TYPES[0],
    {
        "metadata": {"name": "bus", "namespace": "messaging"},
        "spec": {"maxUnavailable": 1.0, "selector": {"matchLabels": {"app.kubernetes.io/name": "bus"}}},
    },
    "bus",
)
SCHEDULE = good(
    "kubernetes:velero.io/v1:Schedule",
    {
        "metadata": {"name": "daily", "namespace": "velero"},
        "spec": {"schedule": "0 2 * * *", "template": {"includedNamespaces": ["orders", "messaging"], "ttl": "168h0m0s"}},
    },
    "daily",
)
CHART = good(
    RELEASE,
    {
        "chart": "rabbitmq",
        "version": "16.0.14",
        "namespace": "messaging",
        "repositoryOpts": {"repo": "https://charts.bitnami.com/bitnami"},
        "values": {
            "replicaCount": 3.0,
            "persistence": {"enabled": True, "size": "100Gi", "storageClass": "gp3-retain"},
            "terminationGracePeriodSeconds": 120.0,
            "updateStrategy": {"type": "RollingUpdate"},
            "pdb": {"create": True},
        },
    },
    "rabbitmq",
)
POD = "spec.template.spec"
TEMPLATES = "spec.volumeClaimTemplates"
IMAGE = f"{POD}.containers[0].image"
MOUNTS = f"{POD}.containers[0].volumeMounts"
PODS = good(
    STATEFUL_SET,
    {
        "metadata": {"name": "rabbit", "namespace": "messaging"},
        "spec": {
            "serviceName": "rabbit",
            "replicas": 3.0,
            "updateStrategy": {"type": "RollingUpdate"},
            "template": {
                "metadata": {"labels": {"app": "rabbit"}},
                "spec": {
                    "terminationGracePeriodSeconds": 300.0,
                    "containers": [
                        {
                            "name": "rabbitmq",
                            "image": "rabbitmq:4.1.2-management",
                            "volumeMounts": [
                                {"name": "config", "mountPath": "/etc/rabbitmq"},
                                {"name": "data", "mountPath": "/var/lib/rabbitmq"},
                            ],
                        },
                        {"name": "exporter", "image": "kbudde/rabbitmq-exporter:1.0.0"},
                    ],
                    "volumes": [{"name": "config", "configMap": {"name": "rabbit"}}],
                },
            },
            "volumeClaimTemplates": [
                {"metadata": {"name": "data"}, "spec": {"storageClassName": "gp3-retain", "resources": {"requests": {"storage": "100Gi"}}}}
            ],
        },
    },
    "rabbit",
)
PODS_BUDGET = good(
    BUDGET_TYPES[0],
    {
        "metadata": {"name": "rabbit", "namespace": "messaging"},
        "spec": {"maxUnavailable": 1.0, "selector": {"matchLabels": {"app": "rabbit"}}},
    },
    "rabbit",
)
SUPPORT: list[Resource] = [CLUSTER_BUDGET, PODS_BUDGET, SCHEDULE]
"""What stands beside brokers in the cluster."""

AMAZON_MQ = good(
    rabbitmq.AMAZON_MQ,
    {
        "brokerName": "bus",
        "engineType": "RabbitMQ",
        "engineVersion": "4.2",
        "hostInstanceType": "mq.m7g.large",
        "deploymentMode": "CLUSTER_MULTI_AZ",
        "autoMinorVersionUpgrade": True,
        "maintenanceWindowStartTime": {"dayOfWeek": "SUNDAY", "timeOfDay": "03:00", "timeZone": "UTC"},
        "users": [{"username": "admin", "password": "from-elsewhere"}],
    },
)
ACTIVE_MQ = good(rabbitmq.AMAZON_MQ, {**AMAZON_MQ.properties, "engineType": "ActiveMQ", "deploymentMode": "SINGLE_INSTANCE"})
CLOUDAMQP = good(rabbitmq.CLOUDAMQP, {"name": "bus", "plan": "rabbit-3", "region": "amazon-web-services::eu-west-1"})

REFERENCE = {"name": "bus"}
QUEUE = good(
    rabbitmq.QUEUE,
    {
        "metadata": {"name": "orders", "namespace": "messaging"},
        "spec": {
            "name": "orders",
            "durable": True,
            "autoDelete": False,
            "type": "quorum",
            "arguments": {"x-dead-letter-exchange": "dead-letters"},
            "rabbitmqClusterReference": REFERENCE,
        },
    },
    "orders",
)
DEAD_LETTERS = good(
    rabbitmq.QUEUE,
    {
        "metadata": {"name": "orders-dlq", "namespace": "messaging", "annotations": {"platform/dlq": "true"}},
        "spec": {"name": "orders-dlq", "durable": True, "type": "quorum", "rabbitmqClusterReference": REFERENCE},
    },
    "orders-dlq",
)
EXCHANGE = good(
    rabbitmq.EXCHANGE,
    {
        "metadata": {"name": "orders", "namespace": "messaging"},
        "spec": {"name": "orders", "type": "topic", "durable": True, "rabbitmqClusterReference": REFERENCE},
    },
    "orders",
)
POLICY = good(
    rabbitmq.POLICY,
    {
        "metadata": {"name": "dead-letters", "namespace": "messaging"},
        "spec": {
            "name": "dead-letters",
            "pattern": "^orders",
            "applyTo": "queues",
            "priority": 1.0,
            "definition": {"dead-letter-exchange": "dead-letters"},
            "rabbitmqClusterReference": REFERENCE,
        },
    },
    "dead-letters",
)
PROVIDER_QUEUE = good(
    rabbitmq.PROVIDER_QUEUE,
    {
        "name": "orders",
        "vhost": "shop",
        "settings": {"durable": True, "arguments": {"x-queue-type": "quorum", "x-dead-letter-exchange": "dead-letters"}},
    },
    "orders",
)
PROVIDER_EXCHANGE = good(
    rabbitmq.PROVIDER_EXCHANGE, {"name": "orders", "vhost": "shop", "settings": {"type": "topic", "durable": True}}, "orders"
)
PROVIDER_POLICY = good(
    rabbitmq.PROVIDER_POLICY,
    {
        "name": "dead-letters",
        "vhost": "shop",
        "policy": {"pattern": ".*", "applyTo": "all", "priority": 0.0, "definition": {"dead-letter-exchange": "dead-letters"}},
    },
    "dead-letters",
)
