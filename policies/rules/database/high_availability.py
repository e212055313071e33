"""PG-002: production PostgreSQL has a standby in another zone.

Which PG-007 asks for as well, as a restore loses minutes, and of the enterprise tier PG-008 and DR-002.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from policies import cloudnative_pg
from policies.findings import Findings
from policies.model import Resource, Stack, rule, stack_rule
from policies.rules.database.kinds import (
    AZURE_SERVER,
    RDS_CLUSTER,
    RDS_CLUSTER_INSTANCE,
    RDS_INSTANCE,
    is_postgres_primary,
    is_replica,
)
from policies.rules.database.tiers import about
from policies.urns import type_of
from policies.values import UNKNOWN, Value

_IDS: Final = ("PG-002", "PG-007", "PG-008", "DR-002")
_PROBLEM: Final = "the database has no standby in another zone: the loss of its zone stops it"
_LEAST_INSTANCES: Final = 2
_LEAST_IN_CLUSTER: Final = 3
"""With two, the loss of one leaves a primary that has no standby to wait for."""
_ZONE: Final = "topology.kubernetes.io/zone"


@rule(*_IDS, on=(RDS_INSTANCE, AZURE_SERVER))
def postgres_has_standby_in_another_zone(database: Resource, _: Stack) -> Findings:
    """Multi-AZ on RDS, zone-redundant high availability on Azure."""
    if not is_postgres_primary(database):
        return ()
    if database.type == AZURE_SERVER:
        return _about(database, database.at("highAvailability.mode").must_equal("ZoneRedundant", _PROBLEM))
    return _about(database, database["multiAz"].provided(database["engine"]).must_be_true(_PROBLEM))


@stack_rule(*_IDS, on=(RDS_CLUSTER, RDS_CLUSTER_INSTANCE))
def postgres_cluster_has_two_instances(resources: Sequence[Resource], _: Stack) -> Findings:
    """Aurora fails over to another instance; a Multi-AZ DB cluster (dbClusterInstanceClass) brings its two standbys itself."""
    clusters = [resource for resource in resources if resource.type == RDS_CLUSTER]
    instances = [resource for resource in resources if resource.type == RDS_CLUSTER_INSTANCE]
    for cluster in clusters:
        if not is_postgres_primary(cluster) or cluster["dbClusterInstanceClass"].is_present:
            continue
        members = [instance for instance in instances if may_belong(instance, cluster, clusters)]
        identifier = cluster["clusterIdentifier"].provided(cluster["engine"])
        if len(members) < _LEAST_INSTANCES:
            problem = f"the cluster has {len(members)} of the two instances that it needs to fail over"
            cure = "Add a second aws:rds/clusterInstance:ClusterInstance"
            yield from _about(cluster, identifier.refuse(problem, cure))
        elif zone := _only_zone(members):
            problem = f"all instances of the cluster are in {zone}: the loss of this zone stops it"
            yield from _about(cluster, identifier.refuse(problem, "Give an instance an availabilityZone of its own"))


def _only_zone(members: Sequence[Resource]) -> str | None:
    """The zone in which all instances are, where each says so; RDS places one that names none (or an unknown one) itself."""
    zones = [instance["availabilityZone"].peek("one that is not known yet is computed from those of the region") for instance in members]
    return zones[0] if isinstance(zones[0], str) and zones[0] and all(zone == zones[0] for zone in zones) else None


def may_belong(instance: Resource, cluster: Resource, clusters: Sequence[Resource]) -> bool:
    """Whether an instance is of a cluster: by the cluster's name, else by the dependency on it, else because there is no other.

    What cannot be told is noted and counted, so that the rule is undecided rather than wrong.
    """
    reason = "the dependency on the cluster tells, or that there is one cluster only"
    named, identifier = instance["clusterIdentifier"].peek(reason), cluster["clusterIdentifier"].peek(reason)
    if named not in (None, UNKNOWN) and identifier not in (None, UNKNOWN):
        return bool(named == identifier)
    followed = [urn for urn in instance.dependencies if type_of(urn) == RDS_CLUSTER]
    if followed:
        return cluster.urn in followed
    return len(clusters) == 1 or bool(named == cluster.name) or instance["clusterIdentifier"].is_unknown


@rule(*_IDS, on=cloudnative_pg.CLUSTER)
def cloudnative_pg_has_synchronous_standby_in_another_zone(database: Resource, _: Stack) -> Findings:
    """CloudNativePG replicates asynchronously and prefers different nodes, unless it is told more."""
    return () if is_replica(database) else _about(database, _check_cluster(database["spec"]))


def _check_cluster(spec: Value) -> Findings:
    yield from spec["instances"].must_be_at_least(
        _LEAST_IN_CLUSTER, "the loss of one instance leaves none that takes its place and is waited for", default=1
    )
    synchronous = spec.at("postgresql.synchronous.number")
    if not spec["minSyncReplicas"].may_satisfy(lambda number: number >= 1):
        yield from synchronous.must_be_at_least(1, "no standby is synchronous: what was committed last is lost with the primary", default=0)
    yield from _check_spread(spec)


def _check_spread(spec: Value) -> Findings:
    """By constraints, or by anti-affinity: both must forbid two instances in a zone, not merely avoid it."""
    constraints = spec["topologySpreadConstraints"]
    if constraints.is_unknown or any(
        each["topologyKey"].may_equal(_ZONE) and each["whenUnsatisfiable"].may_equal("DoNotSchedule") for each in constraints.each()
    ):
        return
    affinity = spec["affinity"]
    is_held_apart = (
        affinity["enablePodAntiAffinity"].may_equal(expected=True, default=True)
        and affinity["topologyKey"].may_equal(_ZONE)
        and affinity["podAntiAffinityType"].may_equal("required")
    )
    if not is_held_apart:
        cure = f'Add a topology spread constraint over {_ZONE} whose whenUnsatisfiable is "DoNotSchedule"'
        yield from constraints.refuse(_PROBLEM, cure)


def _about(database: Resource, found: Findings) -> Findings:
    return about(found, database, "PG-002", "PG-007", enterprise=("PG-008", "DR-002"))
