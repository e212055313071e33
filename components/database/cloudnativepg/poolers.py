"""What stands between clients and instances: PgBouncer, to which clients sign in by certificate (PG-009)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from components.database.cloudnativepg.arguments import CloudNativePostgresArgs
from components.database.cloudnativepg.cluster import API_VERSION
from components.database.cloudnativepg.identities import POOLER_SECRET, POOLERS
from components.database.cloudnativepg.model import CLUSTER
from components.database.cloudnativepg.releases import pgbouncer_image
from components.kubernetes import CustomResource, labels
from components.pods import HOST, ZONE, parse_resources, spread_over

# The operator's init container states nothing, and gets the namespace's default limit: less would not hold it.
POOLER: Final = parse_resources("50m", "64Mi", memory_limit="256Mi")
PATIENCE_SECONDS: Final = 30
"""How long a client waits for a connection before it is refused."""
POOLER_LABELS: Final = {"cnpg.io/cluster": CLUSTER, "cnpg.io/podRole": "pooler"}


def roles(args: CloudNativePostgresArgs) -> Sequence[str]:
    """What poolers lead to: the primary, and the standbys where there are any."""
    return ("rw", "ro") if args.settings.instances > 1 else ("rw",)


def pooler(role: str, args: CloudNativePostgresArgs) -> CustomResource:
    """The pooler that leads to ``role``."""
    pods = _pods(role)
    return CustomResource(
        api_version=API_VERSION,
        kind="Pooler",
        name=POOLERS[role],
        namespace=args.namespace,
        labels=labels(CLUSTER, component="pooler"),
        spec={
            "cluster": {"name": CLUSTER},
            "type": role,
            "instances": args.standby_replicas,
            "pgbouncer": {
                "image": pgbouncer_image(args.image_registry),
                "poolMode": args.settings.pool_mode,
                "clientTLSSecret": {"name": POOLER_SECRET},
                # The certificates of clients are of the same issuer.
                "clientCASecret": {"name": POOLER_SECRET},
                "pg_hba": _rules(args),
                "parameters": _parameters(args),
            },
            "template": {
                "metadata": {"labels": pods},
                "spec": {
                    "containers": [{"name": "pgbouncer", "resources": POOLER.render()}],
                    "priorityClassName": args.priority_class,
                    "topologySpreadConstraints": [spread_over(ZONE, pods), spread_over(HOST, pods)],
                },
            },
        },
    )


def disruption_budget(role: str, args: CloudNativePostgresArgs) -> CustomResource:
    """A drain takes the pods of a pooler one after another; the operator has no budget for them."""
    return CustomResource(
        api_version="policy/v1",
        kind="PodDisruptionBudget",
        name=POOLERS[role],
        namespace=args.namespace,
        labels=labels(CLUSTER, component="pooler"),
        spec={"maxUnavailable": 1, "unhealthyPodEvictionPolicy": "AlwaysAllow", "selector": {"matchLabels": _pods(role)}},
    )


def _rules(args: CloudNativePostgresArgs) -> list[str]:
    admitted = [f"hostssl {args.settings.name} {user} 0.0.0.0/0 cert" for user in args.users]
    # The operator's own rules come last, and would ask for passwords.
    return [*admitted, "host all all 0.0.0.0/0 reject", "host all all ::/0 reject"]


def _parameters(args: CloudNativePostgresArgs) -> dict[str, str]:
    return {
        "client_tls_sslmode": "verify-ca",
        "max_client_conn": "1000",
        "default_pool_size": str(args.pooled_connections),
        "max_db_connections": str(args.pooled_connections),
        "max_prepared_statements": "200",
        "query_wait_timeout": str(PATIENCE_SECONDS),
    }


def _pods(role: str) -> dict[str, str]:
    return {"cnpg.io/poolerName": POOLERS[role]}
