from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from components.tenancy.footprint import Footprint
from components.tenancy.model import NamespaceSettings, colliding_namespaces


def namespaces(**wanted: Any) -> dict[str, NamespaceSettings]:
    return TypeAdapter(dict[str, NamespaceSettings]).validate_python(wanted)


def test_the_bounds_of_an_application_are_the_ones_that_are_asked_for() -> None:
    asked = {"cpu": "3", "memory": "5Gi", "pods": 7, "storage": "11Gi", "volumeClaims": 2}
    memory = 5 * 2**30
    assert NamespaceSettings.model_validate({"quota": asked}).quota.footprint == Footprint(
        cpu=Decimal(3), memory=memory, memory_limit=memory, pods=7, storage=11 * 2**30, claims=2
    )


@pytest.mark.parametrize("level", ["privileged", "none", ""])
def test_an_application_is_restricted_or_baseline_and_nothing_less(level: str) -> None:
    with pytest.raises(ValidationError, match="podSecurity"):
        NamespaceSettings.model_validate({"podSecurity": level})


def test_a_port_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValidationError, match="port 8080 stands twice"):
        NamespaceSettings.model_validate({"ingressFrom": {"ingress-nginx": [8080, 8443, 8080]}})


def test_a_namespace_that_is_named_like_the_network_policy_of_another_is_refused() -> None:
    shop = {"ingressFrom": {"web-default-deny": [8080]}}
    ((place, message),) = colliding_namespaces(namespaces(**{"shop": shop, "shop-allow-from-web": {}}))
    assert place == ("shop-allow-from-web",)
    assert "shop-allow-from-web-default-deny, a network policy of shop" in message


def test_namespaces_that_share_a_prefix_are_no_trouble() -> None:
    given = {"a": {"ingressFrom": {"b-c": [80]}}, "a-b": {"ingressFrom": {"c": [80]}}, "a-allow": {}}
    assert not list(colliding_namespaces(namespaces(**given)))
