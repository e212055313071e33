"""The servers as their operator has them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from components.kubernetes import CustomResource, labels
from components.messaging.rabbitmq.arguments import RabbitmqServersArgs
from components.messaging.rabbitmq.configuration import ENVIRONMENT, LINK_FILE, TLS_FOLDER, configuration
from components.messaging.rabbitmq.connection import allowed_namespaces
from components.messaging.rabbitmq.definitions import GROUP, VERSION
from components.messaging.rabbitmq.identities import RABBITMQ, SERVER_SECRET
from components.messaging.rabbitmq.releases import server_image
from components.pods import HOST, ZONE, Resources, keep_apart, spread_over
from facts.quantity import format_quantity

SERVER_LABELS: Final = {"app.kubernetes.io/name": RABBITMQ, "app.kubernetes.io/component": "rabbitmq"}
"""Of the pods; an operator's have other ones."""
LINK_CONFIG: Final = f"{RABBITMQ}-inter-node-tls"
METRICS_PORT: Final = 15691
MANAGEMENT_PORT: Final = 15671
# Before it ends, a server waits until every queue has a quorum without it. That takes as long as the
# others need to catch up; a node's drain gives up after a quarter of an hour at EKS, half of one at AKS.
_TERMINATION: Final = timedelta(minutes=10)
# A single server waits for nobody.
_TERMINATION_ALONE: Final = timedelta(minutes=2)


def server_resources(args: RabbitmqServersArgs) -> Resources:
    """Of each server."""
    cpu = args.settings.cpu
    return Resources(cpu=cpu, memory=int(args.settings.memory), cpu_limit=cpu)


def cluster(args: RabbitmqServersArgs) -> CustomResource:
    """The RabbitmqCluster; Pulumi waits until every server is ready.

    Its definition leaves fields open and brings no defaults: what the operator counts on is written out.
    """
    settings = args.settings
    several = settings.nodes > 1
    return CustomResource(
        api_version=f"{GROUP}/{VERSION}",
        kind="RabbitmqCluster",
        name=RABBITMQ,
        namespace=args.namespace,
        labels=labels(RABBITMQ, component="broker"),
        annotations={
            **settings.recovery.annotations,
            **allowed_namespaces(args.application_namespaces),
            "pulumi.com/waitFor": "condition=AllReplicasReady",
        },
        spec={
            "image": server_image(args.image_registry),
            "replicas": settings.nodes,
            # Once all servers are of the new release; from then on there is no way back.
            "autoEnableAllFeatureFlags": True,
            "service": {"type": "ClusterIP"},
            "persistence": {"storageClassName": args.storage_class, "storage": format_quantity(settings.storage)},
            "resources": server_resources(args).render(),
            "terminationGracePeriodSeconds": (_TERMINATION if several else _TERMINATION_ALONE) // timedelta(seconds=1),
            "tls": {"secretName": SERVER_SECRET, "disableNonTLSListeners": True},
            "rabbitmq": {
                "additionalConfig": configuration(settings),
                "envConfig": ENVIRONMENT,
                # Moves dead letters back: runbooks/rabbitmq-dead-letters.md.
                "additionalPlugins": ["rabbitmq_shovel", "rabbitmq_shovel_management"],
            },
            "affinity": keep_apart(SERVER_LABELS),
            "override": {"statefulSet": {"spec": _stateful_set(args)}},
        },
    )


def disruption_budget(args: RabbitmqServersArgs) -> CustomResource:
    """A drain takes one server after another; the operator makes no budget."""
    return CustomResource(
        api_version="policy/v1",
        kind="PodDisruptionBudget",
        name=RABBITMQ,
        namespace=args.namespace,
        labels=labels(RABBITMQ, component="broker"),
        # A server that is not ready would otherwise hold up the drain of its node, which is what
        # would replace it.
        spec={"maxUnavailable": 1, "unhealthyPodEvictionPolicy": "AlwaysAllow", "selector": {"matchLabels": SERVER_LABELS}},
    )


def _stateful_set(args: RabbitmqServersArgs) -> dict[str, Any]:
    several = args.settings.nodes > 1
    return {
        # Claims are the operator's, which lets them go with the cluster; the class keeps what they held.
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
        "template": {
            "spec": {
                "priorityClassName": args.priority_class,
                # A volume of hundreds of gigabytes is not walked at each start.
                "securityContext": {"fsGroupChangePolicy": "OnRootMismatch"},
                "topologySpreadConstraints": [
                    spread_over(ZONE, SERVER_LABELS, required=several),
                    spread_over(HOST, SERVER_LABELS, required=True),
                ],
                "containers": [
                    {
                        "name": "rabbitmq",
                        "volumeMounts": [
                            {"name": "nodes-tls", "mountPath": TLS_FOLDER, "readOnly": True},
                            {"name": "inter-node-tls", "mountPath": LINK_FILE, "subPath": "inter-node-tls.config", "readOnly": True},
                        ],
                    }
                ],
                "volumes": [
                    {"name": "nodes-tls", "secret": {"secretName": SERVER_SECRET, "defaultMode": 0o440}},
                    {"name": "inter-node-tls", "configMap": {"name": LINK_CONFIG}},
                ],
            }
        },
    }
