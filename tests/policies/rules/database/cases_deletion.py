from __future__ import annotations

from policies.model import Resource
from policies.rules.database.deletion import (
    LOCK_BY_SCOPE,
    LOCK_OF_GROUP,
    azure_database_is_locked_or_protected,
    cloudnative_pg_is_protected,
    database_is_protected_from_deletion,
    database_takes_final_snapshot,
)
from policies.rules.database.kinds import AZURE_SERVER
from policies.values import UNKNOWN
from tests.policies.rules.cases import accepts, cases, changed, good, refuses, undecided, urn_of
from tests.policies.rules.database.good import (
    AZURE_REPLICA,
    BACKED_UP,
    CLUSTER,
    GROUP_LOCK,
    IN_CLUSTER,
    INSTANCE,
    LOCK,
    MEMBERS,
    MYSQL,
    REPLICA,
    RESOURCE_LOCK,
    SERVER,
    SERVER_ID,
    SUBSCRIPTION,
    SUBSCRIPTION_LOCK,
    UNPROTECTED,
)

GROUP = urn_of("azure-native:resources:ResourceGroup", "data")
VAULT = urn_of("azure-native:keyvault:Vault", "vault")
LOOSE = good(IN_CLUSTER.type, IN_CLUSTER.properties)
IN_GROUP = good(AZURE_SERVER, SERVER.properties, after=[GROUP])
PROTECT = "options.protect"


def unknown_lock(token: str, key: str, after: str) -> Resource:
    return good(token, {key: UNKNOWN, "level": "CanNotDelete"}, "lock", after=[after])


CASES = (
    *cases(
        database_is_protected_from_deletion,
        accepts(INSTANCE),
        accepts(CLUSTER, beside=MEMBERS),
        accepts(REPLICA),
        refuses(INSTANCE, {"deletionProtection": False}),
        refuses(INSTANCE, {"deletionProtection": None}),
        refuses(MYSQL, {"deletionProtection": None}),
        refuses(CLUSTER, {"deletionProtection": None}, beside=MEMBERS),
        undecided(INSTANCE, "deletionProtection"),
    ),
    *cases(
        database_takes_final_snapshot,
        accepts(INSTANCE),
        accepts(INSTANCE, {"skipFinalSnapshot": None}),
        accepts(INSTANCE, {"finalSnapshotIdentifier": UNKNOWN}),
        accepts(CLUSTER, beside=MEMBERS),
        accepts(REPLICA),
        refuses(INSTANCE, {"skipFinalSnapshot": True}),
        refuses(INSTANCE, {"finalSnapshotIdentifier": None}),
        refuses(INSTANCE, {"finalSnapshotIdentifier": ""}),
        refuses(CLUSTER, {"skipFinalSnapshot": True}, beside=MEMBERS),
        refuses(CLUSTER, {"finalSnapshotIdentifier": None}, beside=MEMBERS),
        undecided(INSTANCE, "skipFinalSnapshot"),
    ),
    *cases(
        azure_database_is_locked_or_protected,
        accepts(SERVER),
        accepts(AZURE_REPLICA),
        accepts(UNPROTECTED, beside=[LOCK]),
        accepts(UNPROTECTED, beside=[changed(LOCK, {"scope": f"{SUBSCRIPTION}/resourcegroups/DATA/", "level": "ReadOnly"})]),
        accepts(UNPROTECTED, beside=[changed(LOCK, {"scope": SUBSCRIPTION})]),
        accepts(UNPROTECTED, beside=[changed(LOCK, {"scope": UNKNOWN}), GROUP_LOCK]),
        accepts(UNPROTECTED, beside=[RESOURCE_LOCK]),
        accepts(UNPROTECTED, beside=[GROUP_LOCK]),
        accepts(UNPROTECTED, beside=[SUBSCRIPTION_LOCK]),
        accepts(IN_GROUP, beside=[unknown_lock(LOCK_BY_SCOPE, "scope", IN_GROUP.urn)]),
        accepts(IN_GROUP, beside=[unknown_lock(LOCK_BY_SCOPE, "scope", GROUP)]),
        accepts(
            IN_GROUP,
            {"resourceGroupName": UNKNOWN},
            beside=[unknown_lock(LOCK_OF_GROUP, "resourceGroupName", GROUP)],
        ),
        refuses(UNPROTECTED, at=PROTECT),
        refuses(UNPROTECTED, at=PROTECT, beside=[changed(LOCK, {"level": "NotSpecified"})]),
        refuses(UNPROTECTED, at=PROTECT, beside=[changed(LOCK, {"level": None})]),
        refuses(UNPROTECTED, at=PROTECT, beside=[changed(LOCK, {"scope": SERVER_ID.replace("plinth", "other")})]),
        refuses(UNPROTECTED, at=PROTECT, beside=[changed(LOCK, {"scope": f"{SUBSCRIPTION}/resourceGroups/other"})]),
        refuses(UNPROTECTED, at=PROTECT, beside=[changed(LOCK, {"scope": SERVER_ID.replace("flexibleServers", "other")})]),
        refuses(UNPROTECTED, at=PROTECT, beside=[changed(RESOURCE_LOCK, {"resourceName": "vault"})]),
        refuses(UNPROTECTED, at=PROTECT, beside=[changed(GROUP_LOCK, {"resourceGroupName": "other"})]),
        refuses(IN_GROUP, at=PROTECT, beside=[unknown_lock(LOCK_BY_SCOPE, "scope", VAULT)]),
        refuses(
            IN_GROUP,
            {"resourceGroupName": UNKNOWN},
            at=PROTECT,
            beside=[unknown_lock(LOCK_OF_GROUP, "resourceGroupName", VAULT)],
        ),
        undecided(LOCK, "level", beside=[UNPROTECTED]),
        undecided(LOCK, "scope", beside=[UNPROTECTED]),
        undecided(RESOURCE_LOCK, "resourceName", beside=[UNPROTECTED]),
        undecided(UNPROTECTED, "createMode"),
    ),
    *cases(
        cloudnative_pg_is_protected,
        accepts(IN_CLUSTER, beside=BACKED_UP),
        accepts(LOOSE, {"spec.replica": {"enabled": True, "source": "another"}}),
        refuses(LOOSE, at=PROTECT, beside=BACKED_UP),
        undecided(LOOSE, "spec.replica.enabled", beside=BACKED_UP),
    ),
)
