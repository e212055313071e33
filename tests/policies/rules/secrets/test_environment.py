from __future__ import annotations

from typing import Any

import pytest

from policies.rules.secrets.environment import CONFIG_MAPS_HOLD_NO_PASSWORDS, ENVIRONMENTS_HOLD_NO_CREDENTIALS
from policies.values import UNKNOWN, Secret
from policies.workloads import WORKLOAD_TYPES
from tests.policies.rules.fixtures import a_container, a_deployment, a_pod_spec, a_resource, a_workload, ask, places, undecided

ENV = "spec.template.spec.containers[0].env"


def with_variable(**variable: Any) -> dict[str, Any]:
    return a_pod_spec(containers=[a_container(env=[variable])])


@pytest.mark.parametrize("token", WORKLOAD_TYPES)
def test_every_kind_of_workload_is_asked(token: str) -> None:
    kind = token.rpartition(":")[2]
    assert ask(ENVIRONMENTS_HOLD_NO_CREDENTIALS, a_resource(token, a_workload(kind, a_pod_spec()))) == []
    bad = with_variable(name="TOKEN", value="hunter2")
    assert len(ask(ENVIRONMENTS_HOLD_NO_CREDENTIALS, a_resource(token, a_workload(kind, bad)))) == 1


@pytest.mark.parametrize(
    "variable",
    [
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
    ],
)
def test_references_and_other_values_are_right(variable: dict[str, Any]) -> None:
    resource = a_deployment(with_variable(**variable))
    assert ask(ENVIRONMENTS_HOLD_NO_CREDENTIALS, resource) == []
    assert undecided(resource) == []


@pytest.mark.parametrize(
    "variable",
    [
        {"name": "DB_PASSWORD", "value": "hunter2"},
        {"name": "db_passwd", "value": "hunter2"},
        {"name": "STRIPE_API_KEY", "value": "hunter2"},
        {"name": "SENTRY_DSN", "value": "https://hunter2@sentry.example.com/1"},
        {"name": "DATABASE_DSN", "value": "postgres://app:hunter2@$(DB_HOST)/app"},
        {"name": "ConnectionStrings__Default", "value": "Host=db;Password=hunter2"},
        {"name": "DATABASE_URL", "value": "postgres://app:hunter2@db/app"},
        {"name": "DB_PASSWORD", "value": 1234.0},
        {"name": "DB_PASSWORD", "value": Secret("Postgres")},
    ],
)
def test_a_literal_is_refused_and_never_shown(variable: dict[str, Any]) -> None:
    (finding,) = ask(ENVIRONMENTS_HOLD_NO_CREDENTIALS, a_deployment(with_variable(**variable)))
    assert finding.where == f"{ENV}[0].value = [hidden]"
    assert "hunter2" not in f"{finding.problem}{finding.cure}"


def test_a_credential_does_not_come_from_a_config_map() -> None:
    spec = with_variable(name="TOKEN", valueFrom={"configMapKeyRef": {"name": "app", "key": "token"}})
    assert places(ask(ENVIRONMENTS_HOLD_NO_CREDENTIALS, a_deployment(spec))) == [f"{ENV}[0].valueFrom.configMapKeyRef"]


def test_containers_of_every_kind_are_asked() -> None:
    bad = a_container(env=[{"name": "TOKEN", "value": "hunter2"}])
    spec = a_pod_spec(containers=[bad], initContainers=[bad], ephemeralContainers=[bad])
    assert len(ask(ENVIRONMENTS_HOLD_NO_CREDENTIALS, a_deployment(spec))) == 3


def test_an_unknown_credential_that_is_not_secret_leaves_it_undecided() -> None:
    resource = a_deployment(with_variable(name="TOKEN", value=UNKNOWN))
    assert ask(ENVIRONMENTS_HOLD_NO_CREDENTIALS, resource) == []
    assert undecided(resource) == [f"{ENV}[0].value"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"url": "postgres://db/app", "script": "read -s password; echo done"}, []),
        ({"url": Secret("postgres://app:hunter2@db/app"), "host": UNKNOWN}, []),
        ({"app.yaml": "a: 1\nurl: amqp://guest:guest@rabbitmq\n"}, ['data["app.yaml"]']),
    ],
)
def test_a_config_map_holds_no_address_with_a_password(data: dict[str, Any], expected: list[str]) -> None:
    config_map = a_resource("kubernetes:core/v1:ConfigMap", {"data": data})
    assert places(ask(CONFIG_MAPS_HOLD_NO_PASSWORDS, config_map)) == expected
    assert undecided(config_map) == []
