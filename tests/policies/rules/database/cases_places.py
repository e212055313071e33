from __future__ import annotations

from facts.tiers import Tier
from policies.rules.database.places import (
    CLOUD_TYPES,
    SERVING_TYPES,
    postgres_does_not_come_with_charts,
    postgres_does_not_run_in_pods,
    postgres_is_not_operated_in_the_cluster,
)
from tests.policies.rules.cases import accepts, cases, changed, good, refuses, undecided
from tests.policies.rules.database.good import BACKED_UP, CLUSTER, IN_CLUSTER, INSTANCE, MEMBERS, SERVER
from tests.policies.rules.workload.good import CONTAINER, DEPLOYMENT, SPEC, container, release, workload

IMAGE = f"{CONTAINER}.image"
IN_POD = {"containers": [container(image="postgres:16")]}
TOOL = container(name="tool", image="postgres:17", restartPolicy="Always")
EKS, VNET = CLOUD_TYPES[0], "azure-native:network:VirtualNetwork"
CHART = changed(release("cluster"), {"repositoryOpts": {"repo": "https://cloudnative-pg.github.io/charts"}})
KEYCLOAK = release("keycloak", {"postgresql": {"enabled": False, "image": {"tag": "17"}}})
SWITCH = "values.postgresql.enabled"

CASES = (
    *cases(
        postgres_does_not_run_in_pods,
        accepts(DEPLOYMENT),
        *(
            accepts(DEPLOYMENT, {IMAGE: image})
            for image in (
                "quay.io/prometheuscommunity/postgres-exporter:v0.17.1",
                "ghcr.io/cloudnative-pg/pgbouncer:1.24.1",
                "ghcr.io/zalando/postgres-operator:v1.14.0",
                "postgrest/postgrest:v12.2.8",
                "prodrigestivill/postgres-backup-local:16",
            )
        ),
        accepts(changed(DEPLOYMENT, {f"{SPEC}.initContainers": [container(image="postgres:17")]})),
        *(refuses(workload(token, IN_POD), at=IMAGE) for token in SERVING_TYPES if not token.endswith(":Pod")),
        refuses(workload("kubernetes:core/v1:Pod", IN_POD), at="spec.containers[0].image"),
        refuses(workload("kubernetes:apps/v1:StatefulSet", IN_POD), at=IMAGE, tier=Tier.STAGING),
        refuses(DEPLOYMENT, {f"{SPEC}.initContainers": [TOOL]}, at=f"{SPEC}.initContainers[0].image"),
        *(
            refuses(DEPLOYMENT, {IMAGE: image})
            for image in (
                "docker.io/bitnami/postgresql:17.5.0",
                "bitnami/postgresql-repmgr:16",
                "postgis/postgis:16-3.4",
                "timescale/timescaledb-ha:pg17",
                "pgvector/pgvector:pg16",
                "ghcr.io/zalando/spilo-16:3.3-p1",
                "registry.redhat.io/rhel9/postgresql-16",
                "123456789012.dkr.ecr.eu-west-1.amazonaws.com/docker-hub/library/postgres:17",
            )
        ),
        undecided(DEPLOYMENT, IMAGE),
    ),
    *cases(
        postgres_does_not_come_with_charts,
        accepts(KEYCLOAK),
        accepts(release("postgres-operator")),
        accepts(release("cloudnative-pg")),
        accepts(release("prometheus-postgres-exporter")),
        accepts(release("app", {"features": {"enabled": False, "postgresql": {"enabled": True}}})),
        *(refuses(release(chart), at="chart") for chart in ("postgresql", "bitnami/postgresql-ha")),
        refuses(release("oci://registry-1.docker.io/bitnamicharts/postgresql"), at="chart", tier=Tier.STAGING),
        refuses(KEYCLOAK, {SWITCH: True}),
        refuses(KEYCLOAK, {"values.backend": {"postgresql-ha": {"enabled": True}}}, at="values.backend.postgresql-ha.enabled"),
        undecided(KEYCLOAK, SWITCH),
        undecided(release("postgresql"), "chart"),
    ),
    *cases(
        postgres_is_not_operated_in_the_cluster,
        accepts(IN_CLUSTER, beside=BACKED_UP),
        accepts(CHART),
        accepts(release("cluster"), beside=[good(EKS, {}, "cluster")]),
        accepts(INSTANCE),
        *(refuses(IN_CLUSTER, at="metadata.name", beside=[*BACKED_UP, good(token, {}, "cloud")]) for token in (EKS, VNET)),
        refuses(IN_CLUSTER, at="metadata.name", beside=[*BACKED_UP, INSTANCE]),
        refuses(IN_CLUSTER, at="metadata.name", beside=[*BACKED_UP, CLUSTER, *MEMBERS]),
        refuses(IN_CLUSTER, at="metadata.name", beside=[*BACKED_UP, SERVER]),
        refuses(CHART, at="chart", beside=[good(EKS, {}, "cluster")]),
        undecided(CHART, "repositoryOpts.repo", beside=[good(EKS, {}, "cluster")]),
        undecided(CHART, "chart", beside=[good(EKS, {}, "cluster")]),
    ),
)
