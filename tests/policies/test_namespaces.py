from __future__ import annotations

from collections.abc import Sequence

import pytest

from policies.model import Resource
from policies.namespaces import declared_namespace, in_platform_namespace
from policies.values import UNKNOWN, Secret
from tests.policies.rules.cases import good
from tests.policies.rules.workload.good import release

VELERO = "urn:pulumi:production::plinth::plinth:cluster:Foundation$kubernetes:core/v1:Namespace::velero"
APPS = "urn:pulumi:production::plinth::kubernetes:core/v1:Namespace::apps"


def a_deployment(namespace: object, dependencies: Sequence[str] = ()) -> Resource:
    return good("kubernetes:apps/v1:Deployment", {"metadata": {"name": "app", "namespace": namespace}}, after=dependencies)


@pytest.mark.parametrize(
    ("namespace", "expected"), [("apps", "apps"), (None, "default"), (UNKNOWN, None), (Secret("apps"), "apps"), (7.0, None)]
)
def test_the_namespace_of_an_object_is_what_its_metadata_say(namespace: object, expected: str | None) -> None:
    metadata = {"name": "app"} if namespace is None else {"name": "app", "namespace": namespace}
    assert declared_namespace(good("kubernetes:core/v1:Pod", {"metadata": metadata})) == expected


def test_unknown_metadata_hide_the_namespace() -> None:
    assert declared_namespace(good("kubernetes:core/v1:Pod", {"metadata": UNKNOWN})) is None


def test_the_namespace_of_a_release_is_its_own_input() -> None:
    assert declared_namespace(release("nats", namespace="messaging")) == "messaging"


def test_only_listed_namespaces_are_the_platforms() -> None:
    assert in_platform_namespace(a_deployment(namespace="velero"))
    assert not in_platform_namespace(a_deployment(namespace="apps"))


def test_an_unknown_namespace_is_the_one_that_the_resource_depends_on() -> None:
    assert in_platform_namespace(a_deployment(namespace=UNKNOWN, dependencies=[VELERO]))
    assert not in_platform_namespace(a_deployment(namespace=UNKNOWN, dependencies=[VELERO, APPS]))
    assert not in_platform_namespace(a_deployment(namespace=UNKNOWN))
