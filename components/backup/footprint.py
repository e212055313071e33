"""What Velero needs of its namespace, and of the network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from components.backup.arguments import VeleroArgs
from components.backup.values import (
    AGENT_RESOURCES,
    MAINTENANCE_RESOURCES,
    MOVER_RESOURCES,
    QUEUE,
    SERVER_RESOURCES,
    UPGRADE_RESOURCES,
)
from components.tenancy.footprint import Footprint, daemon_set, deployment, pod
from components.tenancy.traffic import TrafficRule, calls_kubernetes_api, dns, scraped_by

# Of namespaces whose volumes are in the full backups alone.
_MORE_REPOSITORIES: Final = 4
# An attempt, and the one before that may not be gone yet.
_ATTEMPTS: Final = 2


def footprint(args: VeleroArgs, copied: Footprint) -> Footprint:
    """The server, the agents, and the pods that move data and tidy up repositories.

    ``copied`` is what others may claim of storage: each volume that is backed up or restored is here for
    a while, in its full size, and there is no saying how many of them at once.
    """
    server = deployment(pod(SERVER_RESOURCES)) + pod(UPGRADE_RESOURCES) * _ATTEMPTS
    movers = pod(MOVER_RESOURCES) * (args.most_nodes + QUEUE)
    # Each namespace with volumes has a repository of its own, tidied up every hour.
    maintenance = pod(MAINTENANCE_RESOURCES) * (len(args.volume_namespaces) + _MORE_REPOSITORIES)
    copies = Footprint(storage=copied.storage, claims=copied.claims)
    return server + daemon_set(pod(AGENT_RESOURCES), args.most_nodes) + movers + maintenance + copies


def traffic(args: VeleroArgs) -> Sequence[TrafficRule]:
    """All its pods call the Kubernetes API and the store, for all of them move data; Prometheus calls those with metrics.

    Of the pods that Velero starts itself nobody can choose the labels.
    """
    return (
        dns(),
        calls_kubernetes_api(args.addresses.kubernetes_api, args.addresses.kubernetes_api_ports),
        *args.store.traffic,
        *([scraped_by(args.monitoring.namespace)] if args.monitoring else []),
    )
