from __future__ import annotations

from typing import Any

import pytest

from policies.rules.secrets.databases import CLOUD_PASSWORDS_ARE_NOT_LITERALS
from policies.values import UNKNOWN, Secret
from tests.policies.rules.fixtures import a_resource, ask, places, undecided

INSTANCE = "aws:rds/instance:Instance"


def found(token: str, properties: dict[str, Any]) -> list[str]:
    return places(ask(CLOUD_PASSWORDS_ARE_NOT_LITERALS, a_resource(token, properties)))


@pytest.mark.parametrize("token", CLOUD_PASSWORDS_ARE_NOT_LITERALS.types)
def test_a_service_without_password_is_right(token: str) -> None:
    assert found(token, {}) == []


@pytest.mark.parametrize(
    ("token", "key"),
    [
        (INSTANCE, "password"),
        ("aws:rds/cluster:Cluster", "masterPassword"),
        ("azure-native:dbforpostgresql:Server", "administratorLoginPassword"),
    ],
)
def test_a_password_is_secret_and_no_default(token: str, key: str) -> None:
    assert found(token, {key: Secret("hunter2")}) == []
    assert found(token, {key: "hunter2"}) == [key]
    assert found(token, {key: Secret("postgres")}) == [key]


def test_an_unknown_password_leaves_it_undecided_unless_it_is_secret() -> None:
    generated, computed = (a_resource(INSTANCE, {"password": password}) for password in (Secret(UNKNOWN), UNKNOWN))
    assert ask(CLOUD_PASSWORDS_ARE_NOT_LITERALS, generated) == []
    assert ask(CLOUD_PASSWORDS_ARE_NOT_LITERALS, computed) == []
    assert undecided(generated) == []
    assert undecided(computed) == ["password"]
