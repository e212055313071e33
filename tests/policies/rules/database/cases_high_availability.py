from __future__ import annotations

from typing import Any

from policies.model import Resource
from policies.rules.database.copies import postgres_has_a_copy_in_another_region
from policies.rules.database.high_availability import (
    cloudnative_pg_has_synchronous_standby_in_another_zone,
    postgres_cluster_has_two_instances,
    postgres_has_standby_in_another_zone,
)
from policies.rules.database.kinds import RDS_CLUSTER
from policies.values import UNKNOWN
from tests.policies.rules.cases import accepts, cases, changed, good, refuses, undecided
from tests.policies.rules.database.good import (
    AZURE_REPLICA,
    BACKED_UP,
    CLUSTER,
    IN_CLUSTER,
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
SPREAD = "spec.topologySpreadConstraints"
NUMBER = "spec.postgresql.synchronous.number"
APART = {SPREAD: None, "spec.affinity": {"topologyKey": "topology.kubernetes.io/zone", "podAntiAffinityType": "required"}}
TWIN = good(RDS_CLUSTER, CLUSTER.properties, "twin")


def in_zones(*zones: Any) -> list[Resource]:
    return [changed(member, {"availabilityZone": zone}) for member, zone in zip(members(len(zones)), zones, strict=True)]


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
        undecided(INSTANCE, "engine", {"multiAz": False}),
        undecided(SERVER, "highAvailability.mode"),
        undecided(SERVER, "createMode"),
    ),
    *cases(
        cloudnative_pg_has_synchronous_standby_in_another_zone,
        accepts(IN_CLUSTER, beside=BACKED_UP),
        accepts(
            IN_CLUSTER, {"spec.postgresql.synchronous": None, "spec.minSyncReplicas": 1.0, "spec.maxSyncReplicas": 2.0}, beside=BACKED_UP
        ),
        accepts(IN_CLUSTER, APART, beside=BACKED_UP),
        accepts(IN_CLUSTER, {"spec.replica": {"enabled": True, "source": "another"}, "spec.instances": 1.0}, beside=BACKED_UP),
        *(refuses(IN_CLUSTER, {"spec.instances": number}, beside=BACKED_UP) for number in (2.0, None)),
        refuses(IN_CLUSTER, {"spec.postgresql.synchronous": None}, at=NUMBER, beside=BACKED_UP),
        refuses(IN_CLUSTER, {NUMBER: 0.0}, beside=BACKED_UP),
        refuses(IN_CLUSTER, {SPREAD: None}, beside=BACKED_UP),
        refuses(IN_CLUSTER, {f"{SPREAD}[0].topologyKey": "kubernetes.io/hostname"}, at=SPREAD, beside=BACKED_UP),
        refuses(IN_CLUSTER, {f"{SPREAD}[0].whenUnsatisfiable": "ScheduleAnyway"}, at=SPREAD, beside=BACKED_UP),
        *(
            refuses(IN_CLUSTER, {**APART, f"spec.affinity.{key}": value}, at=SPREAD, beside=BACKED_UP)
            for key, value in (("enablePodAntiAffinity", False), ("topologyKey", None), ("podAntiAffinityType", "preferred"))
        ),
        undecided(IN_CLUSTER, "spec.instances", beside=BACKED_UP),
        undecided(IN_CLUSTER, NUMBER, beside=BACKED_UP),
        undecided(IN_CLUSTER, SPREAD, beside=BACKED_UP),
    ),
    *cases(
        postgres_cluster_has_two_instances,
        accepts(CLUSTER, beside=MEMBERS),
        accepts(CLUSTER, {"engine": "aurora-mysql"}),
        accepts(CLUSTER, {"replicationSourceIdentifier": UNKNOWN}),
        accepts(CLUSTER, {"clusterIdentifier": None}, beside=members(2, UNKNOWN)),
        accepts(MULTI_AZ_CLUSTER, others=[postgres_has_a_copy_in_another_region]),
        refuses(CLUSTER, at="clusterIdentifier"),
        refuses(CLUSTER, at="clusterIdentifier", beside=MEMBERS[:1]),
        refuses(OTHER, at="clusterIdentifier", beside=[CLUSTER, *MEMBERS, *members(1, "other")]),
        refuses(
            TWIN,
            at="clusterIdentifier",
            beside=[CLUSTER, *members(2, UNKNOWN, after=(CLUSTER.urn,)), *members(1, UNKNOWN, after=(TWIN.urn,))],
        ),
        undecided(CLUSTER, "engine", beside=MEMBERS),
        undecided(CLUSTER, "engine"),
        accepts(CLUSTER, beside=in_zones("a", "b")),
        accepts(CLUSTER, beside=in_zones("a", "a", None)),
        accepts(CLUSTER, beside=in_zones(UNKNOWN, UNKNOWN)),
        refuses(CLUSTER, at="clusterIdentifier", beside=in_zones("a", "a")),
        undecided(MEMBERS[0], "clusterIdentifier", beside=[MEMBERS[1], CLUSTER, TWIN, *members(2, after=(TWIN.urn,))]),
    ),
)
