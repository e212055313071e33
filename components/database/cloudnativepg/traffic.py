"""Who may reach the database and its operator over the network, and whom they may reach (NET-002)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from components.database.cloudnativepg.arguments import CloudNativePostgresArgs
from components.database.cloudnativepg.model import CLUSTER
from components.database.cloudnativepg.operator import ARCHIVER_LABELS, OPERATOR_LABELS, WEBHOOK_PORT
from components.database.cloudnativepg.poolers import POOLER_LABELS
from components.tenancy.traffic import (
    TrafficRule,
    called_from,
    calls,
    calls_kubernetes_api,
    dns,
    scraped_by,
    serves_webhooks,
    within_namespace,
)

PORT: Final = 5432
# Instances, poolers, and the jobs that make instances.
_DATABASE_LABELS: Final = {"cnpg.io/cluster": CLUSTER}


def traffic(args: CloudNativePostgresArgs) -> Sequence[TrafficRule]:
    """Clients reach poolers alone; what is in the namespace reaches each other, the Kubernetes API and the bucket.

    The operator asks its instances, the archiver and instances each other. Kubelet's probes come from
    the node and need no rule.
    """
    api = calls_kubernetes_api(args.addresses.kubernetes_api, args.addresses.kubernetes_api_ports)
    callers = sorted({client.namespace for client in args.clients})
    return (
        dns(),
        within_namespace(),
        api.narrowed("database-api", _DATABASE_LABELS),
        api.narrowed("operator-api", OPERATOR_LABELS),
        api.narrowed("archiver-api", ARCHIVER_LABELS),
        serves_webhooks(args.addresses.webhook_callers, WEBHOOK_PORT).narrowed("operator-webhooks", OPERATOR_LABELS),
        *(called_from(caller, PORT).narrowed(f"database-from-{caller}", POOLER_LABELS) for caller in callers),
        *([scraped_by(args.monitoring.namespace)] if args.monitoring else []),
        *args.bucket.traffic,
    )


def client_traffic(args: CloudNativePostgresArgs) -> Sequence[TrafficRule]:
    """What the namespaces of clients have to call."""
    return (calls(args.namespace, PORT),)
