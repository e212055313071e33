"""PG-002: production PostgreSQL has a standby in another zone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from policies.model import Facts, Finding, Resource, ResourceRule, StackRule, violation
from policies.rules.database.kinds import AZURE_SERVER, RDS_CLUSTER, RDS_CLUSTER_INSTANCE, RDS_INSTANCE, is_postgres, is_replica
from policies.urns import type_of

_LEAST_INSTANCES: Final = 2


def _check_instance(database: Resource, _: Facts) -> Iterator[Finding]:
    if not is_postgres(database) or is_replica(database):
        return
    if database.type == RDS_INSTANCE:
        multi_az = database["multiAz"]
        if multi_az.is_not(expected=True):
            yield violation(multi_az, "the database has no standby in another zone: the loss of its zone stops it", "Set multiAz to true")
    else:
        mode = database["highAvailability"]["mode"]
        if mode.is_not("ZoneRedundant"):
            problem = "the database has no standby in another zone: the loss of its zone stops it"
            yield violation(mode, problem, 'Set highAvailability.mode to "ZoneRedundant"')


def _check_clusters(resources: Sequence[Resource], _: Facts) -> Iterator[Finding]:
    clusters = [resource for resource in resources if resource.type == RDS_CLUSTER]
    instances = [resource for resource in resources if resource.type == RDS_CLUSTER_INSTANCE]
    for cluster in clusters:
        # A Multi-AZ DB cluster (dbClusterInstanceClass) brings its two standbys itself.
        if not is_postgres(cluster) or is_replica(cluster) or cluster.inputs.has("dbClusterInstanceClass"):
            continue
        members = [instance for instance in instances if _belongs(instance, cluster, clusters)]
        if len(members) < _LEAST_INSTANCES:
            problem = f"the cluster has {len(members)} of the two instances that it needs to fail over"
            cure = "Add a second aws:rds/clusterInstance:ClusterInstance"
            yield violation(cluster["clusterIdentifier"], problem, cure, urn=cluster.urn)


def _belongs(instance: Resource, cluster: Resource, clusters: Sequence[Resource]) -> bool:
    """Whether an instance is of a cluster: by the cluster's name, else by the dependency on it, else because there is no other.

    What cannot be told is noted and counted, so that the rule is undecided rather than wrong.
    """
    named = instance["clusterIdentifier"].known
    identifier = cluster["clusterIdentifier"].known
    if named is not None and identifier is not None:
        return bool(named == identifier)
    followed = [urn for urn in instance.dependencies if type_of(urn) == RDS_CLUSTER]
    if followed:
        return cluster.urn in followed
    return len(clusters) == 1 or bool(named == cluster.name) or instance["clusterIdentifier"].is_unknown


INSTANCE_STANDBY: Final = ResourceRule(
    name="postgres-has-standby-in-another-zone", requirements=("PG-002",), types=(RDS_INSTANCE, AZURE_SERVER), check=_check_instance
)
CLUSTER_STANDBY: Final = StackRule(
    name="postgres-cluster-has-two-instances", requirements=("PG-002",), types=(RDS_CLUSTER, RDS_CLUSTER_INSTANCE), check=_check_clusters
)
