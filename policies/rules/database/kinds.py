"""The databases that the pack knows, managed and in the cluster, and what tells a primary from a replica."""

from __future__ import annotations

from typing import Final

from policies import cloudnative_pg
from policies.model import Resource

RDS_INSTANCE: Final = "aws:rds/instance:Instance"
RDS_CLUSTER: Final = "aws:rds/cluster:Cluster"
RDS_CLUSTER_INSTANCE: Final = "aws:rds/clusterInstance:ClusterInstance"
AZURE_SERVER: Final = "azure-native:dbforpostgresql:Server"

TAKES_OVER: Final = frozenset({"Replica", "PointInTimeRestore", "GeoRestore", "ReviveDropped"})
"""How a server of Azure begins with another's data, whose release and password it takes."""
_SOURCES: Final = {RDS_INSTANCE: "replicateSourceDb", RDS_CLUSTER: "replicationSourceIdentifier"}


def is_postgres(database: Resource) -> bool:
    """Whether a database is PostgreSQL: by its type, on RDS by its engine (``postgres``, ``aurora-postgresql``).

    An RDS database without an engine takes that of its source or snapshot: it is judged as PostgreSQL, because it may be.
    """
    return database.type not in _SOURCES or "postgres" in database["engine"].text("postgres")


def is_replica(database: Resource) -> bool:
    """Whether a database follows another: its standby, backups and last snapshot are those of the primary.

    The primary's id is mostly unknown at preview; that one is given is enough.
    """
    if database.type == AZURE_SERVER:
        return database["createMode"].may_equal("Replica")
    if database.type == cloudnative_pg.CLUSTER:
        return database.at("spec.replica.enabled").may_equal(expected=True)
    return database[_SOURCES[database.type]].is_present


def is_postgres_primary(database: Resource) -> bool:
    """Whether a database is PostgreSQL and answers for its own standby and backups."""
    return is_postgres(database) and not is_replica(database)
