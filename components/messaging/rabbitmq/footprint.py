"""What RabbitMQ and its operators need of their namespace."""

from __future__ import annotations

from components.messaging.rabbitmq.arguments import RabbitmqServersArgs, RabbitmqTopologyArgs
from components.messaging.rabbitmq.cluster import server_resources
from components.messaging.rabbitmq.operators import OPERATOR_RESOURCES
from components.tenancy.footprint import Footprint, deployment, pod, stateful_set


def servers_footprint(args: RabbitmqServersArgs) -> Footprint:
    """The servers with their volumes, and the operator that makes them."""
    servers = stateful_set(pod(server_resources(args)), int(args.settings.storage), args.settings.nodes)
    return servers + deployment(pod(OPERATOR_RESOURCES), args.standby_replicas)


def topology_footprint(args: RabbitmqTopologyArgs) -> Footprint:
    """The operator that declares what is in them."""
    return deployment(pod(OPERATOR_RESOURCES), args.standby_replicas)
