"""PG-013: a password that RDS manages, and read replicas, which RDS then refuses."""

from __future__ import annotations

from collections.abc import Sequence

from policies.findings import Findings
from policies.model import Resource, Stack, stack_rule
from policies.rules.database.kinds import RDS_INSTANCE, is_replica


@stack_rule("PG-013", on=RDS_INSTANCE)
def replicated_database_has_password_of_its_own(databases: Sequence[Resource], _: Stack) -> Findings:
    """RDS creates no read replica of an instance whose password it manages, except of SQL Server (limitations in its user guide)."""
    for replica in databases:
        if not is_replica(replica):
            continue
        for source in databases:
            if _is_source(source, replica) and not source["engine"].may_satisfy(_is_sql_server, default=""):
                yield from source["manageMasterUserPassword"].must_be_false(
                    f"RDS manages the password of the database that {replica.name} replicates, and then refuses the replica",
                    cure="Give the database a password of its own (passwordWo) that is rotated, or take a Multi-AZ DB cluster for a reader",
                )


def _is_sql_server(engine: object) -> bool:
    return str(engine).startswith("sqlserver")


def _is_source(source: Resource, replica: Resource) -> bool:
    """Whether a replica names an instance, by identifier or ARN, or depends on it where the name is not known yet."""
    reason = "where an identifier is unknown, the dependency tells"
    named, identifier = replica["replicateSourceDb"].peek(reason), source["identifier"].peek(reason)
    if isinstance(named, str) and isinstance(identifier, str):
        return named.rpartition(":")[2] == identifier
    return source.urn in replica.dependencies
