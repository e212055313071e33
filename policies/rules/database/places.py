"""PG-001: in staging and production a managed service runs PostgreSQL, not a pod.

Where a stack stands on a cloud, its PostgreSQL is RDS, Aurora or a flexible server. A cluster that
exists elsewhere has no such service: there CloudNativePG stands in for it, which fails over, archives
and restores by itself, and which PG-002, PG-004, PG-005 and PG-015 hold to what they ask of a managed
one. A plain StatefulSet does none of that anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from policies import cloudnative_pg
from policies.findings import Findings
from policies.helm import RELEASE_TYPES, chart_name, chart_values
from policies.model import Resource, Stack, rule, stack_rule
from policies.overlays import entries
from policies.postgres_images import holds_postgres
from policies.rules.database.kinds import AZURE_SERVER, RDS_CLUSTER, RDS_CLUSTER_INSTANCE, RDS_INSTANCE
from policies.search import where_on
from policies.values import Value
from policies.workloads import containers, pod_spec, tokens_of

SERVING_TYPES: Final = tokens_of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Rollout", "Pod")
"""Kinds whose pods run on; those of a Job come as a client."""
CLOUD_TYPES: Final = (
    "aws:eks/cluster:Cluster",
    "aws:ec2/vpc:Vpc",
    RDS_INSTANCE,
    RDS_CLUSTER,
    RDS_CLUSTER_INSTANCE,
    "azure-native:containerservice:ManagedCluster",
    "azure-native:network:VirtualNetwork",
    AZURE_SERVER,
)
"""What only a stack on a cloud with a managed PostgreSQL has."""
OPERATED_TYPES: Final = (
    "kubernetes:acid.zalan.do/v1:postgresql",
    "kubernetes:kubedb.com/v1:Postgres",
    "kubernetes:kubedb.com/v1alpha2:Postgres",
    "kubernetes:pgv2.percona.com/v2:PerconaPGCluster",
    "kubernetes:postgres-operator.crunchydata.com/v1:PostgresCluster",
    "kubernetes:postgres-operator.crunchydata.com/v1beta1:PostgresCluster",
    "kubernetes:stackgres.io/v1:SGCluster",
)
"""What other operators make StatefulSets of PostgreSQL from."""

_CHARTS: Final = frozenset({"postgresql", "postgresql-ha", "postgres", "postgres-ha", "postgis", "timescaledb", "timescaledb-single"})
_SUBCHARTS: Final = ("postgresql", "postgresql-ha")
_ELSEWHERE: Final = "another rule asks for it, and is undecided"
_PROBLEM: Final = "PostgreSQL runs in the cluster, where nobody manages its standby, backups and upgrades"
_CURE: Final = (
    "Use aws:rds/instance:Instance, aws:rds/cluster:Cluster or azure-native:dbforpostgresql:Server; "
    "on a cluster outside of both clouds a Cluster of CloudNativePG"
)


@rule("PG-001", on=SERVING_TYPES)
def postgres_does_not_run_in_pods(workload: Resource, _: Stack) -> Findings:
    """Every container that runs as long as its pod; one that only waits or migrates is a client."""
    for title, image in _images(workload):
        yield from image.must_satisfy(lambda reference: not holds_postgres(reference), f"{title}: {_PROBLEM}", _CURE)


@rule("PG-001", on=RELEASE_TYPES)
def postgres_does_not_come_with_charts(release: Resource, _: Stack) -> Findings:
    """A chart of PostgreSQL, or one within another chart that is switched on."""
    if chart_name(release) in _CHARTS:
        yield from release["chart"].refuse(_PROBLEM, _CURE)
        return
    for switch in _switches(release):
        yield from switch.must_be_false(_PROBLEM, cure=f"Set {switch.path} to false. {_CURE}")


@stack_rule("PG-001", on=(cloudnative_pg.CLUSTER, *OPERATED_TYPES, *RELEASE_TYPES, *CLOUD_TYPES))
def postgres_is_not_operated_in_the_cluster(resources: Sequence[Resource], _: Stack) -> Findings:
    """CloudNativePG stands in where nothing is managed; no other rule of the pack knows what other operators make."""
    has_service = any(each.type in CLOUD_TYPES for each in resources)
    for database in resources:
        if database.type in OPERATED_TYPES:
            yield from database["metadata"]["name"].refuse(_PROBLEM, _CURE)
        for place in _cloudnative_pg_places(database) if has_service else ():
            yield from place.refuse(f"{_PROBLEM}, although the cloud has a service for it", _CURE)


def runs_postgres(resource: Resource) -> bool:
    """Whether a resource brings PostgreSQL into the cluster, whichever way; an unknown chart (noted) may, an unknown image does not."""
    if resource.type in SERVING_TYPES:
        return any(holds_postgres(image.peek(_ELSEWHERE)) for _, image in _images(resource))
    if resource.type in RELEASE_TYPES:
        name = chart_name(resource)
        if resource["chart"].is_unknown or name in _CHARTS or any(each.is_true() for each in _switches(resource)):
            return True
    return resource.type in OPERATED_TYPES or bool(_cloudnative_pg_places(resource))


def _images(workload: Resource) -> Iterator[tuple[str, Value]]:
    for container in containers(pod_spec(workload)):
        place = container.where_long_running
        if place is not None:
            yield container.title, place["image"]


def _switches(release: Resource) -> Iterator[Value]:
    """The switches of charts of PostgreSQL within a chart."""
    for entry in entries(chart_values(release), where_on):
        if entry.key == "enabled" and entry.around in _SUBCHARTS:
            yield entry.value


def _cloudnative_pg_places(resource: Resource) -> list[Value]:
    """Where a resource declares a cluster of CloudNativePG: a custom resource, or the chart ``cluster`` of its project."""
    if resource.type == cloudnative_pg.CLUSTER:
        return [resource.at("metadata.name")]
    if resource.type not in RELEASE_TYPES or chart_name(resource) != "cluster":
        return []
    chart, repository = resource["chart"], resource.at("repositoryOpts.repo")
    return [chart] if any("cloudnative-pg" in place.text() for place in (chart, repository)) else []
