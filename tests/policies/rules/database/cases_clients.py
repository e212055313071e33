from __future__ import annotations

from typing import Any

from facts.tiers import Tier
from policies.config_maps import CONFIG_MAP_TYPE
from policies.model import Resource
from policies.rules.database.clients import stack_declares_database_for_its_applications
from policies.rules.database.places import postgres_does_not_come_with_charts, postgres_does_not_run_in_pods
from policies.values import UNKNOWN
from policies.workloads import WORKLOAD_TYPES
from tests.policies.rules.cases import accepts, cases, good, refuses, undecided
from tests.policies.rules.database.good import BACKED_UP, CLUSTER, IN_CLUSTER, INSTANCE, MEMBERS, MYSQL, SERVER
from tests.policies.rules.workload.good import CONTAINER, DEPLOYMENT, container, release, workload

NAME = f"{CONTAINER}.env[0].name"
VALUE = f"{CONTAINER}.env[0].value"
FROM_SECRET = {"name": "DATABASE_URL", "valueFrom": {"secretKeyRef": {"name": "db", "key": "url"}}}
FROM_MAP = {"name": "ADDRESS", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "url"}}}
SETTINGS = good(CONFIG_MAP_TYPE, {"metadata": {"name": "settings", "namespace": "apps"}, "data": {"url": "https://app"}}, "settings")
IN_POD = workload("kubernetes:apps/v1:StatefulSet", {"containers": [container(image="postgres:16")]})


def told(*variables: dict[str, Any], **more: Any) -> Resource:
    return workload(DEPLOYMENT.type, {"containers": [container(env=list(variables), **more)]})


def variable(name: str, value: Any) -> dict[str, Any]:
    return {"name": name, "value": value}


CLIENT = told(FROM_SECRET)
ALL_OF_IT = told(envFrom=[{"configMapRef": {"name": "settings"}}])

CASES = cases(
    stack_declares_database_for_its_applications,
    accepts(DEPLOYMENT),
    *(accepts(CLIENT, beside=database) for database in ([INSTANCE], [CLUSTER, *MEMBERS], [SERVER], [IN_CLUSTER, *BACKED_UP])),
    accepts(CLIENT, beside=[IN_POD], others=[postgres_does_not_run_in_pods]),
    accepts(CLIENT, beside=[release("postgresql")], others=[postgres_does_not_come_with_charts]),
    accepts(CLIENT, beside=[MYSQL]),
    *(
        accepts(told(variable(name, value)))
        for name, value in (
            ("DATABASE_URL", "mysql://db/app"),
            ("DATABASE_URL", "sqlite:///app.db"),
            ("REDIS_DB_HOST", "cache"),
            ("DATABASE_NAME", "app"),
            ("DATABASE_URL", "postgresql://app.abc.eu-west-1.rds.amazonaws.com:5432/app"),
            ("PGHOST", "plinth.postgres.database.azure.com"),
        )
    ),
    accepts(told(variable("DB_HOST", "db"), variable("DB_CONNECTION", "mysql"))),
    accepts(told(variable("DB_HOST", "db"), variable("DB_PORT", 3306.0))),
    accepts(told(FROM_MAP), beside=[SETTINGS]),
    accepts(ALL_OF_IT, beside=[SETTINGS]),
    *(refuses(workload(token, {"containers": [container(env=[FROM_SECRET])]}), at=NAME) for token in WORKLOAD_TYPES if "Deploy" in token),
    refuses(workload("kubernetes:core/v1:Pod", {"containers": [container(env=[FROM_SECRET])]}), at="spec.containers[0].env[0].name"),
    refuses(CLIENT, at=NAME, tier=Tier.STAGING),
    *(
        refuses(told(variable(name, value)), at=NAME)
        for name, value in (
            ("PGHOST", "postgres.databases.svc"),
            ("DATABASE_URL", "postgres://db/app"),
            ("ORDERS_DB_HOST", "db"),
            ("SPRING_DATASOURCE_URL", "jdbc:postgresql://db:5432/app"),
            ("POSTGRES_HOST", "db"),
            ("BACKEND", "postgresql+asyncpg://db/app"),
        )
    ),
    refuses(told(FROM_MAP), at=NAME, beside=[good(CONFIG_MAP_TYPE, {**SETTINGS.properties, "data": {"url": "postgres://db"}}, "settings")]),
    refuses(
        ALL_OF_IT,
        at=f"{CONTAINER}.envFrom[0].configMapRef.name",
        beside=[good(CONFIG_MAP_TYPE, {**SETTINGS.properties, "data": {"PGHOST": "db"}}, "settings")],
    ),
    undecided(told(variable("PGHOST", UNKNOWN)), VALUE),
    undecided(CLIENT, f"{CONTAINER}.env"),
    undecided(INSTANCE, "engine", beside=[CLIENT]),
)
