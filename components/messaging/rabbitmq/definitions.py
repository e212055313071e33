"""The kinds that RabbitMQ's two operators read."""

from __future__ import annotations

from typing import Final

from components.definitions import Definition

GROUP: Final = "rabbitmq.com"
VERSION: Final = "v1beta1"
CLUSTER: Final = Definition(
    group=GROUP,
    version=VERSION,
    kind="RabbitmqCluster",
    plural="rabbitmqclusters",
    application="rabbitmq-cluster-operator",
    columns={
        "AllReplicasReady": ".status.conditions[?(@.type == 'AllReplicasReady')].status",
        "ReconcileSuccess": ".status.conditions[?(@.type == 'ReconcileSuccess')].status",
    },
)
"""Servers. The topology operator watches it too, and does not start without it."""
_PLURALS: Final = {
    "Binding": "bindings",
    "Exchange": "exchanges",
    "Federation": "federations",
    "OperatorPolicy": "operatorpolicies",
    "Permission": "permissions",
    "Policy": "policies",
    "Queue": "queues",
    "SchemaReplication": "schemareplications",
    "Shovel": "shovels",
    "SuperStream": "superstreams",
    "TopicPermission": "topicpermissions",
    "User": "users",
    "Vhost": "vhosts",
}
TOPOLOGY: Final = tuple(
    Definition(
        group=GROUP,
        version="v1alpha1" if kind == "SuperStream" else VERSION,
        kind=kind,
        plural=plural,
        application="rabbitmq-topology-operator",
        columns={"Ready": ".status.conditions[?(@.type == 'Ready')].status"},
    )
    for kind, plural in _PLURALS.items()
)
"""All that the topology operator watches: it does not start where one of them is missing."""
