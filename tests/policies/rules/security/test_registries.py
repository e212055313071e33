from __future__ import annotations

from typing import Any

import pytest

from policies.rules.security.registries import REGISTRIES_KEEP_TAGS
from policies.values import UNKNOWN
from tests.policies.rules.fixtures import a_resource, ask, places, undecided


@pytest.mark.parametrize("token", REGISTRIES_KEEP_TAGS.types)
@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"imageTagMutability": "IMMUTABLE"}, []),
        ({"imageTagMutability": "MUTABLE"}, ["imageTagMutability"]),
        ({"imageTagMutability": "IMMUTABLE_WITH_EXCLUSION"}, ["imageTagMutability"]),
        ({}, ["imageTagMutability"]),
    ],
)
def test_a_registry_keeps_its_tags(token: str, properties: dict[str, Any], expected: list[str]) -> None:
    assert places(ask(REGISTRIES_KEEP_TAGS, a_resource(token, properties))) == expected


def test_an_unknown_setting_leaves_it_undecided() -> None:
    registry = a_resource("aws:ecr/repository:Repository", {"imageTagMutability": UNKNOWN})
    assert ask(REGISTRIES_KEEP_TAGS, registry) == []
    assert undecided(registry) == ["imageTagMutability"]
