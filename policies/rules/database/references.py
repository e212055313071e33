"""Which database another resource of a cloud is about: the one it depends on, else by the identifier that it names."""

from __future__ import annotations

from typing import Final

from policies.deserialize import canonical_type
from policies.model import Resource
from policies.rules.database.kinds import AZURE_SERVER, RDS_CLUSTER, RDS_INSTANCE
from policies.urns import type_of

IDENTIFIERS: Final = {RDS_INSTANCE: "identifier", RDS_CLUSTER: "clusterIdentifier", AZURE_SERVER: "serverName"}
"""Where a database says what it is called."""
_ELSEWHERE: Final = "where an identifier is unknown, the dependency tells"


def may_name(resource: Resource, key: str, database: Resource) -> bool:
    """Whether ``key`` of a resource names a database, by its identifier, ARN or id, or may (noted)."""
    named, own = resource[key].peek(_ELSEWHERE), database[IDENTIFIERS[database.type]].peek(_ELSEWHERE)
    if named is None:
        return False
    if database.urn in resource.dependencies:
        return True
    if isinstance(named, str) and isinstance(own, str):
        return named.rstrip("/").replace("/", ":").rpartition(":")[2].lower() == own.lower()
    if any(canonical_type(type_of(urn)) == database.type for urn in resource.dependencies):
        return False
    return resource[key].is_unknown or database[IDENTIFIERS[database.type]].is_unknown
