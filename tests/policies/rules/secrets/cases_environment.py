from __future__ import annotations

from typing import Any

from policies.model import Resource
from policies.rules.secrets.environment import (
    config_maps_hold_no_passwords,
    environments_hold_no_credentials,
    operated_environments_hold_no_credentials,
)
from policies.values import UNKNOWN, Secret
from tests.policies.rules.cases import accepts, cases, changed, refuses, undecided
from tests.policies.rules.secrets.good import MARKED, SETTINGS, STORE
from tests.policies.rules.workload.good import CONTAINER, DATABASE, DEPLOYMENT, POOL, SPEC, container

ENV = f"{CONTAINER}.env"
VALUE = f"{ENV}[0].value"
RIGHT: tuple[dict[str, Any], ...] = (
    {"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}},
    {"name": "POD_TOKEN", "valueFrom": {"fieldRef": {"fieldPath": "metadata.uid"}}},
    {"name": "DB_PASSWORD", "value": ""},
    {"name": "DB_PASSWORD", "value": "$(PGPASSWORD)"},
    {"name": "DB_PASSWORD", "value": Secret("hunter2")},
    {"name": "DB_PASSWORD", "value": Secret(UNKNOWN)},
    {"name": "DB_PASSWORD_FILE", "value": "/run/secrets/db"},
    {"name": "DATABASE_DSN", "value": "postgres://app:$(DB_PASSWORD)@db/app"},
    {"name": "OUTPUT_TOKENS", "value": "4096"},
    {"name": "REQUIRE_TOKEN", "value": "true"},
    {"name": "DATABASE_URL", "value": "postgres://db:5432/app"},
    {"name": "DATABASE_URL", "value": Secret("postgres://app:hunter2@db/app")},
    {"name": "DATABASE_HOST", "value": UNKNOWN},
    {"name": "DB_PORT_PASSWORDLESS", "value": False},
    {"name": "PWD", "value": "/app"},
    {"name": "OLDPWD", "value": "/app"},
)
WRONG: tuple[dict[str, Any], ...] = (
    {"name": "DB_PASSWORD", "value": "hunter2"},
    {"name": "db_passwd", "value": "hunter2"},
    {"name": "DB_PWD", "value": "hunter2"},
    {"name": "dbPwd", "value": 1234.0},
    {"name": "STRIPE_API_KEY", "value": "hunter2"},
    {"name": "SENTRY_DSN", "value": "https://hunter2@sentry.example.com/1"},
    {"name": "DATABASE_DSN", "value": "postgres://app:hunter2@$(DB_HOST)/app"},
    {"name": "ConnectionStrings__Default", "value": "Host=db;Password=hunter2"},
    {"name": "DATABASE_URL", "value": "postgres://app:hunter2@db/app"},
    {"name": "DB_PASSWORD", "value": 1234.0},
    {"name": "DB_PASSWORD", "value": Secret("Postgres")},
)
SIDECAR = "spec.instanceSidecarConfiguration.env"
TOKEN = {"name": "TOKEN", "value": "hunter2"}
FROM_CONFIG = {"name": "TOKEN", "valueFrom": {"configMapKeyRef": {"name": "app", "key": "token"}}}


def with_variable(variable: dict[str, Any]) -> Resource:
    return changed(DEPLOYMENT, {ENV: [variable]})


CASES = (
    *cases(
        environments_hold_no_credentials,
        *(accepts(with_variable(variable)) for variable in RIGHT),
        *(refuses(with_variable(variable), at=VALUE) for variable in WRONG),
        refuses(with_variable(FROM_CONFIG), at=f"{ENV}[0].valueFrom.configMapKeyRef"),
        *(
            refuses(DEPLOYMENT, {f"{SPEC}.{name}": [container(env=[TOKEN])]}, at=f"{SPEC}.{name}[0].env[0].value")
            for name in ("containers", "initContainers", "ephemeralContainers")
        ),
        accepts(POOL),
        refuses(POOL, {ENV: [TOKEN]}, at=VALUE),
        undecided(with_variable(TOKEN), VALUE),
        undecided(DEPLOYMENT, ENV),
    ),
    *cases(
        operated_environments_hold_no_credentials,
        accepts(DATABASE),
        accepts(STORE),
        refuses(DATABASE, {"spec.env": [TOKEN]}, at="spec.env[0].value"),
        refuses(STORE, {SIDECAR: [TOKEN]}, at=f"{SIDECAR}[0].value"),
        undecided(DATABASE, "spec.env"),
        undecided(STORE, f"{SIDECAR}[0].value", {SIDECAR: [TOKEN]}),
    ),
    *cases(
        config_maps_hold_no_passwords,
        accepts(SETTINGS),
        accepts(MARKED, {"data.host": UNKNOWN}),
        refuses(SETTINGS, {'data["app.yaml"]': "a: 1\nurl: amqp://guest:guest@rabbitmq\n"}),
        undecided(SETTINGS, "data"),
    ),
)
