"""What a NATS cluster needs of its namespace."""

from __future__ import annotations

from typing import Final

from components.messaging.nats.arguments import NatsArgs
from components.messaging.nats.backup import BACKUP_RESOURCES, backup_store
from components.messaging.nats.values import CONTROLLER_RESOURCES, server_resources
from components.pods import parse_resources
from components.tenancy.footprint import EXPANSION, NOTHING, Footprint, deployment, pod, stateful_set

TOOLBOX_RESOURCES: Final = parse_resources("50m", "64Mi", cpu_limit="500m", memory_limit="256Mi")
"""Of the pod that an operator starts by the runbooks."""


def footprint(args: NatsArgs) -> Footprint:
    """The servers with their volumes, the controller, the toolbox, and backups."""
    settings = args.settings
    servers = stateful_set(pod(*server_resources(args)), int(settings.storage), settings.servers)
    return servers + deployment(pod(CONTROLLER_RESOURCES)) + pod(TOOLBOX_RESOURCES) + _backups(args)


def _backups(args: NatsArgs) -> Footprint:
    """Their volume, expanded with the streams; a pod that runs and one that is ended; that of a restore with two containers."""
    if backup_store(args) is None:
        return NOTHING
    return (
        pod(BACKUP_RESOURCES) * 2
        + pod(BACKUP_RESOURCES, BACKUP_RESOURCES)
        + Footprint(storage=int(args.settings.storage) * EXPANSION, claims=1)
    )
