from __future__ import annotations

from policies.rules.database.high_availability import postgres_cluster_has_two_instances, postgres_has_standby_in_another_zone
from policies.rules.database.kinds import RDS_CLUSTER
from policies.values import UNKNOWN
from tests.policies.rules.cases import accepts, cases, good, refuses, undecided
from tests.policies.rules.database.good import (
    AZURE_REPLICA,
    CLUSTER,
    INSTANCE,
    MEMBERS,
    MULTI_AZ_CLUSTER,
    MYSQL,
    PRIVATE_SERVER,
    REPLICA,
    SERVER,
    members,
)

OTHER = good(RDS_CLUSTER, {**CLUSTER.properties, "clusterIdentifier": "other"}, "other")
TWIN = good(RDS_CLUSTER, CLUSTER.properties, "twin")

CASES = (
    *cases(
        postgres_has_standby_in_another_zone,
        accepts(INSTANCE),
        accepts(INSTANCE, {"engine": None}),
        accepts(REPLICA),
        accepts(MYSQL),
        accepts(SERVER),
        accepts(PRIVATE_SERVER),
        accepts(AZURE_REPLICA),
        refuses(INSTANCE, {"multiAz": False}),
        refuses(INSTANCE, {"multiAz": None}),
        refuses(SERVER, {"highAvailability.mode": "SameZone"}),
        refuses(SERVER, {"highAvailability.mode": "Disabled"}),
        refuses(SERVER, {"highAvailability": None}, at="highAvailability.mode"),
        undecided(INSTANCE, "multiAz"),
        undecided(INSTANCE, "engine"),
        undecided(SERVER, "highAvailability.mode"),
        undecided(SERVER, "createMode"),
    ),
    *cases(
        postgres_cluster_has_two_instances,
        accepts(CLUSTER, beside=MEMBERS),
        accepts(CLUSTER, {"engine": "aurora-mysql"}),
        accepts(CLUSTER, {"replicationSourceIdentifier": UNKNOWN}),
        accepts(CLUSTER, {"clusterIdentifier": None}, beside=members(2, UNKNOWN)),
        accepts(MULTI_AZ_CLUSTER),
        refuses(CLUSTER, at="clusterIdentifier"),
        refuses(CLUSTER, at="clusterIdentifier", beside=MEMBERS[:1]),
        refuses(OTHER, at="clusterIdentifier", beside=[CLUSTER, *MEMBERS, *members(1, "other")]),
        refuses(
            TWIN,
            at="clusterIdentifier",
            beside=[CLUSTER, *members(2, UNKNOWN, after=(CLUSTER.urn,)), *members(1, UNKNOWN, after=(TWIN.urn,))],
        ),
        undecided(CLUSTER, "engine", beside=MEMBERS),
        undecided(MEMBERS[0], "clusterIdentifier", beside=[MEMBERS[1], CLUSTER, TWIN, *members(2, after=(TWIN.urn,))]),
    ),
)
