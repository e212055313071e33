"""Which requirements a credential in the environment is about: SEC-001 always, PG-013 where it may open a database."""

from __future__ import annotations

import pytest

from policies.rules.secrets.environment import environments_hold_no_credentials
from tests.policies.rules.cases import changed, judge
from tests.policies.rules.workload.good import CONTAINER, DEPLOYMENT


@pytest.mark.parametrize(
    ("name", "value", "requirements"),
    [
        ("DB_PASSWORD", "hunter2", ("SEC-001", "PG-013")),
        ("PGPASSWD", "hunter2", ("SEC-001", "PG-013")),
        ("db_pwd", "hunter2", ("SEC-001", "PG-013")),
        ("DATABASE_URL", "postgres://app:hunter2@db/app", ("SEC-001", "PG-013")),
        ("STRIPE_API_KEY", "hunter2", ("SEC-001",)),
        ("BROKER_URL", "amqp://app:hunter2@rabbitmq", ("SEC-001",)),
    ],
)
def test_a_password_is_about_the_databases_requirement_too(name: str, value: str, requirements: tuple[str, ...]) -> None:
    workload = changed(DEPLOYMENT, {f"{CONTAINER}.env": [{"name": name, "value": value}]})
    ((_, finding),) = judge([environments_hold_no_credentials], [workload])
    assert finding.requirements == requirements
