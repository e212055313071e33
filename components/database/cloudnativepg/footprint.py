"""What PostgreSQL in the cluster needs of its namespace."""

from __future__ import annotations

from components.database.cloudnativepg.archive import SIDECAR
from components.database.cloudnativepg.arguments import CloudNativePostgresArgs
from components.database.cloudnativepg.operator import ARCHIVER, OPERATOR
from components.database.cloudnativepg.poolers import POOLER, roles
from components.tenancy.footprint import EXPANSION, Footprint, deployment, pod, stateful_set


def footprint(args: CloudNativePostgresArgs) -> Footprint:
    """The instances with two volumes each, one more of them that joins or restores, poolers, operator and archiver."""
    settings = args.settings
    changes = Footprint(storage=int(settings.wal_storage) * EXPANSION, claims=1)
    return (
        stateful_set(pod(args.resources, SIDECAR), int(settings.storage), settings.instances)
        + changes * (settings.instances + 1)
        + deployment(pod(POOLER), args.standby_replicas) * len(roles(args))
        + deployment(pod(OPERATOR), args.standby_replicas)
        + deployment(pod(ARCHIVER))
    )
