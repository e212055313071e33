"""PG-005: a production database cannot be deleted by mistake, and leaves a snapshot when it is deleted on purpose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from policies import cloudnative_pg
from policies.deciding import may_any
from policies.findings import Finding, Findings
from policies.model import Resource, Stack, rule, stack_rule
from policies.rules.database.kinds import AZURE_SERVER, RDS_CLUSTER, RDS_INSTANCE, is_replica

LOCK_BY_SCOPE: Final = "azure-native:authorization:ManagementLockByScope"
LOCK_OF_RESOURCE: Final = "azure-native:authorization:ManagementLockAtResourceLevel"
LOCK_OF_GROUP: Final = "azure-native:authorization:ManagementLockAtResourceGroupLevel"
LOCK_OF_SUBSCRIPTION: Final = "azure-native:authorization:ManagementLockAtSubscriptionLevel"
_LOCKS: Final = (LOCK_BY_SCOPE, LOCK_OF_RESOURCE, LOCK_OF_GROUP, LOCK_OF_SUBSCRIPTION)
_HOLDING_LEVELS: Final = frozenset({"CanNotDelete", "ReadOnly"})


@rule("PG-005", on=(RDS_INSTANCE, RDS_CLUSTER))
def database_is_protected_from_deletion(database: Resource, _: Stack) -> Findings:
    """A replica can be made anew from its primary."""
    return () if is_replica(database) else database["deletionProtection"].must_be_true("the production database can be deleted by mistake")


@rule("PG-005", on=(RDS_INSTANCE, RDS_CLUSTER))
def database_takes_final_snapshot(database: Resource, _: Stack) -> Findings:
    """RDS takes no last snapshot of a replica."""
    if is_replica(database):
        return ()
    skipped, name = database["skipFinalSnapshot"], database["finalSnapshotIdentifier"]
    return skipped.must_be_false("deleting the production database takes no final snapshot") or (
        () if skipped.is_unknown else name.must_be_set("the final snapshot has no name: RDS then refuses the deletion or takes none")
    )


@stack_rule("PG-005", on=(AZURE_SERVER, *_LOCKS))
def azure_database_is_locked_or_protected(resources: Sequence[Resource], _: Stack) -> Findings:
    """A lock on the server, its resource group or the subscription, or Pulumi's own protection."""
    locks = [resource for resource in resources if resource.type in _LOCKS]
    for server in resources:
        if server.type != AZURE_SERVER or server.options.protect or is_replica(server):
            continue

        def holds(lock: Resource, server: Resource = server) -> bool:
            return _may_cover(lock, server) and lock["level"].may_satisfy(_HOLDING_LEVELS.__contains__)

        if not may_any(((lock, lock) for lock in locks), holds):
            yield _unprotected(
                server, "neither a lock nor protect holds it", "Put a CanNotDelete lock on the server or its resource group, or set"
            )


@rule("PG-005", on=cloudnative_pg.CLUSTER)
def cloudnative_pg_is_protected(database: Resource, _: Stack) -> Findings:
    """Its volume claims go with it. What it would be restored from, the archive, lies elsewhere: that is its last snapshot."""
    if not database.options.protect and not is_replica(database):
        yield _unprotected(database, "its volume claims go with it", "Set")


def _unprotected(database: Resource, why: str, cure: str) -> Finding:
    return Finding(
        problem=f"the production database can be deleted by mistake: {why}",
        cure=f"{cure} the resource option protect",
        path="options.protect",
        value="false",
        urn=database.urn,
    )


def _may_cover(lock: Resource, server: Resource) -> bool:
    """Whether a lock is on the server, its resource group or the subscription: by what the two name, else by their dependencies.

    Where neither tells, it may be (noted).
    """
    name, group = _written(server, "serverName"), _written(server, "resourceGroupName")
    match lock.type:
        case "azure-native:authorization:ManagementLockByScope":
            scope = _written(lock, "scope")
            if scope is not None:
                return _scope_covers(scope.rstrip("/").split("/"), name, group)
        case "azure-native:authorization:ManagementLockAtResourceLevel":
            locked = _written(lock, "resourceName")
            if locked is not None and name is not None:
                return locked == name
        case "azure-native:authorization:ManagementLockAtResourceGroupLevel":
            locked = _written(lock, "resourceGroupName")
            if locked is not None and group is not None:
                return locked == group
        case _:
            return True
    if lock.dependencies:
        return not {server.urn, *server.dependencies}.isdisjoint(lock.dependencies)
    places = [lock[key] for key in ("scope", "resourceName", "resourceGroupName")]
    return any(place.is_unknown for place in (*places, server["serverName"], server["resourceGroupName"]))


def _written(resource: Resource, key: str) -> str | None:
    """A name in lower case, as Azure compares it; None where it is not written or not known."""
    content = resource[key].peek("where a name is unknown, the dependencies tell what a lock is on")
    return content.lower() if isinstance(content, str) else None


def _scope_covers(steps: Sequence[str], name: str | None, group: str | None) -> bool:
    """``steps`` are those of ``/subscriptions/<id>[/resourcegroups/<group>[/providers/…/flexibleservers/<name>]]``, in lower case."""
    place = dict(zip(steps[1::2], steps[2::2], strict=False))
    in_group = "resourcegroups" not in place or group is None or place["resourcegroups"] == group
    if "providers" not in place:
        return in_group
    return in_group and "flexibleservers" in steps and (name is None or steps[-1] == name)
