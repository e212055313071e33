from __future__ import annotations

from facts.tiers import Tier
from policies.findings import Level
from policies.rules.database.copies import postgres_has_a_copy_in_another_region
from policies.rules.database.pooling import PROXY_TARGET, postgres_is_reached_through_a_pool
from policies.values import UNKNOWN
from tests.policies.rules.cases import accepts, cases, changed, good, refuses, undecided
from tests.policies.rules.database.good import (
    ANY_TARGET,
    AZURE_REPLICA,
    BACKED_UP,
    CLUSTER,
    CLUSTER_TARGET,
    IN_CLUSTER,
    INSTANCE,
    MEMBERS,
    MULTI_AZ_CLUSTER,
    MYSQL,
    PGBOUNCER,
    POOL,
    REPLICA,
    SERVER,
    TARGET,
)
from tests.policies.rules.workload.good import CONTAINER, DEPLOYMENT, SPEC, container, release

IMAGE = f"{CONTAINER}.image"
OTHER = good(INSTANCE.type, {**INSTANCE.properties, "identifier": "other"}, "other")
LATER = good(PROXY_TARGET, ANY_TARGET.properties, "later", after=[INSTANCE.urn])
OF_OTHER = good(PROXY_TARGET, ANY_TARGET.properties, "later", after=[OTHER.urn])
BOUNCER = changed(DEPLOYMENT, {IMAGE: "ghcr.io/cloudnative-pg/pgbouncer:1.24.1"})
CHART = release("pgbouncer", {"config": {"databases": {"app": {"host": UNKNOWN}}}})
SIDECAR = changed(DEPLOYMENT, {f"{SPEC}.initContainers": [container(image="edoburu/pgbouncer", restartPolicy="Always")]})
OWN = good(CHART.type, CHART.properties, "pgbouncer", after=[INSTANCE.urn])
OTHERS = changed(TARGET, {"dbInstanceIdentifier": "other"})
NAME = "metadata.name"

CASES = cases(
    postgres_is_reached_through_a_pool,
    accepts(INSTANCE, beside=[TARGET]),
    accepts(INSTANCE, beside=[LATER]),
    accepts(INSTANCE, {"identifier": UNKNOWN}, beside=[LATER]),
    accepts(INSTANCE, beside=[ANY_TARGET, TARGET]),
    accepts(CLUSTER, beside=[*MEMBERS, CLUSTER_TARGET]),
    accepts(MULTI_AZ_CLUSTER, beside=[CLUSTER_TARGET], others=[postgres_has_a_copy_in_another_region]),
    accepts(SERVER, beside=[PGBOUNCER]),
    accepts(SERVER, beside=[changed(PGBOUNCER, {"value": "True", "serverName": "PLINTH"})]),
    accepts(IN_CLUSTER, beside=[*BACKED_UP, POOL]),
    accepts(REPLICA),
    accepts(AZURE_REPLICA),
    accepts(MYSQL),
    *(accepts(database, beside=[BOUNCER]) for database in (INSTANCE, SERVER)),
    *(accepts(INSTANCE, beside=[release(chart)]) for chart in ("pgbouncer", "oci://ghcr.io/icoretech/charts/pgbouncer", "pgcat")),
    accepts(INSTANCE, beside=[SIDECAR]),
    accepts(INSTANCE, beside=[CHART]),
    accepts(
        INSTANCE,
        beside=[OWN, OTHER, OTHERS],
    ),
    accepts(INSTANCE, tier=Tier.DEV, beside=[TARGET]),
    refuses(INSTANCE, at="identifier"),
    refuses(INSTANCE, at="identifier", tier=Tier.STAGING, level=Level.ADVISORY),
    refuses(INSTANCE, at="identifier", beside=[OTHERS]),
    refuses(INSTANCE, at="identifier", beside=[CLUSTER_TARGET]),
    refuses(INSTANCE, at="identifier", beside=[OTHER, OF_OTHER]),
    refuses(INSTANCE, at="identifier", beside=[DEPLOYMENT]),
    refuses(INSTANCE, at="identifier", beside=[release("prometheus-pgbouncer-exporter")]),
    refuses(INSTANCE, at="identifier", beside=[changed(DEPLOYMENT, {IMAGE: "prometheuscommunity/pgbouncer-exporter:v0.10.2"})]),
    refuses(
        INSTANCE,
        at="identifier",
        beside=[OTHER, release("pgbouncer", {"host": "other.abc.eu-west-1.rds.amazonaws.com"})],
    ),
    refuses(CLUSTER, at="clusterIdentifier", beside=[*MEMBERS, TARGET]),
    refuses(SERVER, at="serverName"),
    refuses(SERVER, at="serverName", beside=[changed(PGBOUNCER, {"value": "false"})]),
    refuses(SERVER, at="serverName", beside=[changed(PGBOUNCER, {"serverName": "other"})]),
    refuses(SERVER, at="serverName", beside=[changed(PGBOUNCER, {"configurationName": "pgbouncer.pool_mode", "value": "true"})]),
    refuses(IN_CLUSTER, at=NAME, beside=BACKED_UP),
    refuses(IN_CLUSTER, at=NAME, beside=[*BACKED_UP, changed(POOL, {"spec.type": "ro"})]),
    refuses(IN_CLUSTER, at=NAME, beside=[*BACKED_UP, changed(POOL, {"spec.cluster.name": "another"})]),
    refuses(IN_CLUSTER, at=NAME, beside=[*BACKED_UP, changed(POOL, {"metadata.namespace": "elsewhere"})]),
    undecided(TARGET, "dbInstanceIdentifier", beside=[INSTANCE]),
    undecided(PGBOUNCER, "value", beside=[SERVER]),
    undecided(POOL, "spec.cluster.name", beside=[IN_CLUSTER, *BACKED_UP]),
    undecided(INSTANCE, "engine"),
    undecided(release(), "chart", beside=[INSTANCE]),
)
