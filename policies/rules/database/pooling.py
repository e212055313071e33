"""PG-009: applications reach PostgreSQL through a pool, so that more pods do not mean more connections.

The settings of the platform hold the sum of its own pools to nine tenths of ``max_connections``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from policies import cloudnative_pg
from policies.deciding import may_any
from policies.findings import Findings, Level
from policies.helm import RELEASE_TYPES, chart_name
from policies.images import parse_image
from policies.model import Resource, Stack, stack_rule
from policies.namespaces import declared_namespace
from policies.rules.database.configurations import AZURE_CONFIGURATION, is_parameter, may_be_of
from policies.rules.database.kinds import AZURE_SERVER, RDS_CLUSTER, RDS_INSTANCE, is_postgres_primary
from policies.rules.database.references import IDENTIFIERS, may_name
from policies.values import Value
from policies.workloads import WORKLOAD_TYPES, containers, pod_spec

PROXY_TARGET: Final = "aws:rds/proxyTarget:ProxyTarget"
DATABASES: Final = (RDS_INSTANCE, RDS_CLUSTER, AZURE_SERVER, cloudnative_pg.CLUSTER)

_POOLER: Final = re.compile(r"(?:.*[-_.])?(?:pgbouncer|pgcat|odyssey|pgpool(?:-?ii)?)\d*(?:[-_.]+(?!exporter)[a-z0-9]+)*")
_TARGETS: Final = {RDS_INSTANCE: "dbInstanceIdentifier", RDS_CLUSTER: "dbClusterIdentifier"}
_CURES: Final = {
    RDS_INSTANCE: "Add an aws:rds/proxy:Proxy and an aws:rds/proxyTarget:ProxyTarget that names this instance",
    RDS_CLUSTER: "Add an aws:rds/proxy:Proxy and an aws:rds/proxyTarget:ProxyTarget that names this cluster",
    AZURE_SERVER: f'Add an {AZURE_CONFIGURATION} of this server that sets pgbouncer.enabled to "true"',
    cloudnative_pg.CLUSTER: "Add a Pooler of the type rw that names this cluster",
}
_IMAGES: Final = "an image that is made by the program is an application's"
_NAMES: Final = "an identifier that is unknown stands nowhere else"


@stack_rule("PG-009", on=(*DATABASES, PROXY_TARGET, AZURE_CONFIGURATION, cloudnative_pg.POOLER, *RELEASE_TYPES, *WORKLOAD_TYPES))
def postgres_is_reached_through_a_pool(resources: Sequence[Resource], stack: Stack) -> Findings:
    """The database's own, which names it, or a PgBouncer of the stack, unless that is clearly another's. In staging this is advice."""
    databases = [each for each in resources if each.type in DATABASES]
    poolers = [each for each in resources if each.type not in DATABASES and _is_pooler(each)]
    for database in databases:
        if not is_postgres_primary(database) or may_any(_pairs(poolers), lambda each: _may_pool(each, database, databases)):  # noqa: B023
            continue
        level = None if stack.is_production else Level.ADVISORY
        place = _name(database)
        yield from (place.provided(database["engine"]) if database.type in _TARGETS else place).refuse(
            "applications connect to the database itself: each of their pods takes connections that it then lacks",
            _CURES[database.type],
            level=level,
        )


def _pairs(resources: Sequence[Resource]) -> Iterator[tuple[Resource, Resource]]:
    return ((each, each) for each in resources)


def _is_pooler(resource: Resource) -> bool:
    """Whether a resource pools connections; a chart that is unknown (noted) may."""
    if resource.type in RELEASE_TYPES:
        name = chart_name(resource)
        return resource["chart"].is_unknown or (name is not None and _POOLER.fullmatch(name.lower()) is not None)
    if resource.type in WORKLOAD_TYPES:
        images = (each.spec["image"].peek(_IMAGES) for each in containers(pod_spec(resource)))
        return any(isinstance(image, str) and _POOLER.fullmatch(_last_step(image)) is not None for image in images)
    return resource.type != AZURE_CONFIGURATION or is_parameter(resource, "pgbouncer.enabled")


def _last_step(image: str) -> str:
    return parse_image(image).repository.rpartition("/")[2].lower()


def _may_pool(pooler: Resource, database: Resource, databases: Sequence[Resource]) -> bool:
    if pooler.type == PROXY_TARGET:
        return database.type in _TARGETS and may_name(pooler, _TARGETS[database.type], database)
    if pooler.type == AZURE_CONFIGURATION:
        is_on = pooler["value"].may_satisfy(lambda content: str(content).lower() in {"true", "on", "1"})
        return is_on and database.type == AZURE_SERVER and may_be_of(pooler, database)
    if pooler.type == cloudnative_pg.POOLER:
        return database.type == cloudnative_pg.CLUSTER and _leads_to_primary(pooler, database)
    named = {each.urn for each in databases if each.urn in pooler.dependencies} or {
        each.urn for each in databases if _mentions(pooler, each)
    }
    return not named or database.urn in named


def _leads_to_primary(pooler: Resource, database: Resource) -> bool:
    name = database.at("metadata.name")
    return (
        len({declared_namespace(pooler), declared_namespace(database)} - {None}) <= 1
        and pooler.at("spec.type").may_equal("rw", default="rw")
        and (name.is_unknown or pooler.at("spec.cluster.name").may_equal(name.get()))
    )


def _mentions(pooler: Resource, database: Resource) -> bool:
    """Whether the inputs of a PgBouncer hold a database's name, such as in its host."""
    name = _name(database).peek(_NAMES)
    return isinstance(name, str) and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", str(pooler.properties)) is not None


def _name(database: Resource) -> Value:
    return database.at(IDENTIFIERS.get(database.type, "metadata.name"))
