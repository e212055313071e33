"""PG-002: production PostgreSQL has a standby in another zone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from policies.findings import Findings
from policies.model import Resource, Stack, rule, stack_rule
from policies.rules.database.kinds import AZURE_SERVER, RDS_CLUSTER, RDS_CLUSTER_INSTANCE, RDS_INSTANCE, is_postgres_primary
from policies.urns import type_of
from policies.values import UNKNOWN

_PROBLEM: Final = "the database has no standby in another zone: the loss of its zone stops it"
_LEAST_INSTANCES: Final = 2


@rule("PG-002", on=(RDS_INSTANCE, AZURE_SERVER))
def postgres_has_standby_in_another_zone(database: Resource, _: Stack) -> Findings:
    """Multi-AZ on RDS, zone-redundant high availability on Azure."""
    if not is_postgres_primary(database):
        return ()
    if database.type == AZURE_SERVER:
        return database.at("highAvailability.mode").must_equal("ZoneRedundant", _PROBLEM)
    return database["multiAz"].must_be_true(_PROBLEM)


@stack_rule("PG-002", on=(RDS_CLUSTER, RDS_CLUSTER_INSTANCE))
def postgres_cluster_has_two_instances(resources: Sequence[Resource], _: Stack) -> Findings:
    """Aurora fails over to another instance; a Multi-AZ DB cluster (dbClusterInstanceClass) brings its two standbys itself."""
    clusters = [resource for resource in resources if resource.type == RDS_CLUSTER]
    instances = [resource for resource in resources if resource.type == RDS_CLUSTER_INSTANCE]
    for cluster in clusters:
        if not is_postgres_primary(cluster) or cluster["dbClusterInstanceClass"].is_present:
            continue
        members = [instance for instance in instances if _may_belong(instance, cluster, clusters)]
        if len(members) < _LEAST_INSTANCES:
            problem = f"the cluster has {len(members)} of the two instances that it needs to fail over"
            yield from cluster["clusterIdentifier"].refuse(problem, "Add a second aws:rds/clusterInstance:ClusterInstance")


def _may_belong(instance: Resource, cluster: Resource, clusters: Sequence[Resource]) -> bool:
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
