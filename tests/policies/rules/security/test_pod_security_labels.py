from __future__ import annotations

from typing import Any

import pytest

from facts.namespaces import PRIVILEGED
from facts.pod_security import ENFORCE_LABEL
from policies.rules.security.pod_security_labels import NAMESPACES_ENFORCE_RESTRICTED
from policies.values import UNKNOWN
from tests.policies.rules.fixtures import a_resource, ask, changed, places, undecided

NAMESPACE = {"metadata": {"name": "apps", "labels": {ENFORCE_LABEL: "restricted"}}}
LABEL = ("metadata", "labels", ENFORCE_LABEL)


def found(properties: dict[str, Any]) -> list[str]:
    return places(ask(NAMESPACES_ENFORCE_RESTRICTED, a_resource("kubernetes:core/v1:Namespace", properties)))


def test_a_namespace_that_enforces_restricted_is_right() -> None:
    assert found(NAMESPACE) == []


@pytest.mark.parametrize("level", ["baseline", "privileged", "", None])
def test_an_application_namespace_that_enforces_less_is_refused(level: str | None) -> None:
    assert found(changed(NAMESPACE, *LABEL, to=level)) == [f'metadata.labels["{ENFORCE_LABEL}"]']


def test_an_application_namespace_without_labels_or_name_is_refused() -> None:
    assert len(found(changed(NAMESPACE, "metadata", "labels"))) == 1
    assert len(found({})) == 1


@pytest.mark.parametrize("name", PRIVILEGED)
def test_a_platform_namespace_may_enforce_less(name: str) -> None:
    assert found({"metadata": {"name": name, "labels": {ENFORCE_LABEL: "privileged"}}}) == []


def test_an_unknown_label_leaves_it_undecided() -> None:
    namespace = a_resource("kubernetes:core/v1:Namespace", changed(NAMESPACE, *LABEL, to=UNKNOWN))
    assert ask(NAMESPACES_ENFORCE_RESTRICTED, namespace) == []
    assert undecided(namespace) == [f'metadata.labels["{ENFORCE_LABEL}"]']
