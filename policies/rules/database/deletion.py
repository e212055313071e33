"""PG-005: a production database cannot be deleted by mistake, and leaves a snapshot when it is deleted on purpose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from policies.model import Facts, Finding, Resource, ResourceRule, StackRule, violation
from policies.rules.database.kinds import AZURE_SERVER, RDS_CLUSTER, RDS_INSTANCE, is_replica

LOCK_BY_SCOPE: Final = "azure-native:authorization:ManagementLockByScope"
LOCK_OF_RESOURCE: Final = "azure-native:authorization:ManagementLockAtResourceLevel"
LOCK_OF_GROUP: Final = "azure-native:authorization:ManagementLockAtResourceGroupLevel"
LOCK_OF_SUBSCRIPTION: Final = "azure-native:authorization:ManagementLockAtSubscriptionLevel"
_LOCKS: Final = (LOCK_BY_SCOPE, LOCK_OF_RESOURCE, LOCK_OF_GROUP, LOCK_OF_SUBSCRIPTION)
_HOLDING_LEVELS: Final = frozenset({"CanNotDelete", "ReadOnly"})


def _check_protection(database: Resource, _: Facts) -> Iterator[Finding]:
    protected = database["deletionProtection"]
    if not is_replica(database) and protected.is_not(expected=True):
        yield violation(protected, "the production database can be deleted by mistake", "Set deletionProtection to true")


def _check_snapshot(database: Resource, _: Facts) -> Iterator[Finding]:
    if is_replica(database):
        return
    skipped, name = database["skipFinalSnapshot"], database["finalSnapshotIdentifier"]
    if skipped.is_true():
        yield violation(skipped, "deleting the production database takes no final snapshot", "Set skipFinalSnapshot to false")
    elif not skipped.is_unknown and not database.inputs.has("finalSnapshotIdentifier"):
        problem = "the final snapshot has no name: RDS then refuses the deletion or takes none"
        yield violation(name, problem, "Set finalSnapshotIdentifier")


def _check_lock(resources: Sequence[Resource], _: Facts) -> Iterator[Finding]:
    locks = [resource for resource in resources if resource.type in _LOCKS]
    for server in resources:
        if server.type != AZURE_SERVER or server.options.protect or is_replica(server):
            continue
        if not any(_covers(lock, server) and not lock["level"].fails(_HOLDING_LEVELS.__contains__) for lock in locks):
            yield Finding(
                problem="the production database can be deleted by mistake: neither a lock nor protect holds it",
                cure="Put a CanNotDelete lock on the server or its resource group, or set the resource option protect",
                path="options.protect",
                value="false",
                urn=server.urn,
            )


def _covers(lock: Resource, server: Resource) -> bool:
    """Whether a lock is on the server, its resource group or the subscription: by what the two name, else by their dependencies."""
    name: str | None = server["serverName"].known
    group: str | None = server["resourceGroupName"].known
    match lock.type:
        case "azure-native:authorization:ManagementLockByScope":
            scope = lock["scope"].known
            if scope is not None:
                return _scope_covers(scope.rstrip("/").lower().split("/"), name, group)
        case "azure-native:authorization:ManagementLockAtResourceLevel":
            locked = lock["resourceName"].known
            if locked is not None and name is not None:
                return str(locked).lower() == name.lower()
        case "azure-native:authorization:ManagementLockAtResourceGroupLevel":
            locked = lock["resourceGroupName"].known
            if locked is not None and group is not None:
                return str(locked).lower() == group.lower()
        case _:
            return True
    return not lock.dependencies or not {server.urn, *server.dependencies}.isdisjoint(lock.dependencies)


def _scope_covers(steps: Sequence[str], name: str | None, group: str | None) -> bool:
    """``steps`` are those of ``/subscriptions/<id>[/resourcegroups/<group>[/providers/…/flexibleservers/<name>]]``, in lower case."""
    place = dict(zip(steps[1::2], steps[2::2], strict=False))
    in_group = "resourcegroups" not in place or group is None or place["resourcegroups"] == group.lower()
    if "providers" not in place:
        return in_group
    return in_group and "flexibleservers" in steps and (name is None or steps[-1] == name.lower())


DELETION_PROTECTION: Final = ResourceRule(
    name="database-is-protected-from-deletion", requirements=("PG-005",), types=(RDS_INSTANCE, RDS_CLUSTER), check=_check_protection
)
FINAL_SNAPSHOT: Final = ResourceRule(
    name="database-takes-final-snapshot", requirements=("PG-005",), types=(RDS_INSTANCE, RDS_CLUSTER), check=_check_snapshot
)
AZURE_LOCK: Final = StackRule(
    name="azure-database-is-locked-or-protected", requirements=("PG-005",), types=(AZURE_SERVER, *_LOCKS), check=_check_lock
)
