"""The managed databases that the pack knows, and what tells a primary from a replica."""

from __future__ import annotations

from typing import Final

from policies.model import Resource

RDS_INSTANCE: Final = "aws:rds/instance:Instance"
RDS_CLUSTER: Final = "aws:rds/cluster:Cluster"
RDS_CLUSTER_INSTANCE: Final = "aws:rds/clusterInstance:ClusterInstance"
AZURE_SERVER: Final = "azure-native:dbforpostgresql:Server"


def is_postgres(database: Resource) -> bool:
    """Whether a database is PostgreSQL: Azure's by its type, RDS's by its engine (``postgres``, ``aurora-postgresql``).

    An RDS database without an engine takes that of its source or snapshot: it is judged as PostgreSQL, because it may be.
    """
    return database.type == AZURE_SERVER or "postgres" in str(database["engine"].get("postgres"))


def is_replica(database: Resource) -> bool:
    """Whether a database follows another: its standby, backups and last snapshot are those of the primary.

    The primary's id is mostly unknown at preview; that one is given is enough.
    """
    match database.type:
        case "aws:rds/instance:Instance":
            return database.inputs.has("replicateSourceDb")
        case "aws:rds/cluster:Cluster":
            return database.inputs.has("replicationSourceIdentifier")
        case _:
            return not database["createMode"].is_not("Replica")
