from __future__ import annotations

from typing import Any

import pytest

from policies.model import Resource
from policies.rules.network.default_deny import NAMESPACES_DENY_BY_DEFAULT
from policies.values import UNKNOWN
from tests.policies.rules.fixtures import REMOVED, a_resource, ask_stack, changed, undecided

DENY: dict[str, Any] = {
    "metadata": {"name": "default-deny", "namespace": "apps"},
    "spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]},
}


def a_namespace(name: str = "apps", metadata: dict[str, Any] | None = None) -> Resource:
    return a_resource("kubernetes:core/v1:Namespace", {"metadata": {"name": name} if metadata is None else metadata}, name=name)


def a_policy(properties: dict[str, Any] = DENY, *, name: str = "deny", depends_on: tuple[Resource, ...] = ()) -> Resource:
    dependencies = [resource.urn for resource in depends_on]
    return a_resource("kubernetes:networking.k8s.io/v1:NetworkPolicy", properties, name=name, dependencies=dependencies)


def open_namespaces(*resources: Resource) -> list[str | None]:
    return [finding.urn for finding in ask_stack(NAMESPACES_DENY_BY_DEFAULT, *resources)]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("spec", "podSelector"), {"matchLabels": {}}),
        (("spec", "podSelector"), {"matchLabels": None, "matchExpressions": []}),
        (("spec", "podSelector"), REMOVED),
        (("spec", "ingress"), []),
        (("spec", "egress"), None),
    ],
)
def test_a_policy_for_all_pods_without_rules_closes_its_namespace(path: tuple[str, ...], value: Any) -> None:
    policy = a_policy(changed(DENY, *path, to=value))
    assert open_namespaces(a_namespace(), policy) == []
    assert undecided(policy) == []


@pytest.mark.parametrize(
    ("path", "value", "missing"),
    [
        (("spec", "podSelector"), {"matchLabels": {"app": "app"}}, "Ingress and Egress"),
        (("spec", "podSelector"), {"matchExpressions": [{"key": "app", "operator": "Exists"}]}, "Ingress and Egress"),
        (("spec", "policyTypes"), ["Ingress"], "Egress"),
        (("spec", "policyTypes"), ["Egress"], "Ingress"),
        (("spec", "policyTypes"), REMOVED, "Ingress and Egress"),
        (("spec", "ingress"), [{}], "Ingress"),
        (("spec", "egress"), [{"ports": [{"port": 53.0}]}], "Egress"),
        (("metadata", "namespace"), "other", "Ingress and Egress"),
        (("metadata", "namespace"), REMOVED, "Ingress and Egress"),
    ],
)
def test_one_broken_field_opens_the_namespace(path: tuple[str, ...], value: Any, missing: str) -> None:
    namespace = a_namespace()
    (finding,) = ask_stack(NAMESPACES_DENY_BY_DEFAULT, namespace, a_policy(changed(DENY, *path, to=value)))
    assert finding.urn == namespace.urn
    assert finding.where == "metadata.name = 'apps'"
    assert f"denies all {missing} of" in finding.problem


def test_two_halves_make_a_whole() -> None:
    halves = [a_policy(changed(DENY, "spec", "policyTypes", to=[direction]), name=direction) for direction in ("Ingress", "Egress")]
    assert open_namespaces(a_namespace(), *halves) == []
    assert open_namespaces(a_namespace(), halves[0]) == [a_namespace().urn]


def test_policies_that_open_traffic_do_no_harm_beside_the_default() -> None:
    dns = a_policy(changed(DENY, "spec", "egress", to=[{"ports": [{"port": 53.0}]}]), name="dns")
    assert open_namespaces(a_namespace(), a_policy(), dns) == []


def test_each_namespace_needs_its_own_but_those_of_the_cluster() -> None:
    assert open_namespaces(a_namespace("kube-system"), a_namespace(), a_policy(), a_namespace("other")) == [a_namespace("other").urn]


def test_a_policy_without_namespace_is_that_of_the_default_namespace() -> None:
    assert open_namespaces(a_namespace("default"), a_policy(changed(DENY, "metadata", "namespace"))) == []


@pytest.mark.parametrize("metadata", [{}, {"generateName": "apps-"}, {"name": UNKNOWN}])
def test_a_namespace_that_is_named_later_is_known_by_dependency(metadata: dict[str, Any]) -> None:
    namespace = a_namespace(metadata=metadata)
    policy = a_policy(changed(DENY, "metadata", "namespace", to=UNKNOWN), depends_on=(namespace,))
    assert open_namespaces(namespace, policy) == []
    assert undecided(policy) == []
    assert open_namespaces(namespace) == [namespace.urn]


def test_a_policy_of_another_unknown_namespace_does_not_count() -> None:
    other = a_namespace("other")
    policy = a_policy(changed(DENY, "metadata", "namespace", to=UNKNOWN), depends_on=(other,))
    assert open_namespaces(a_namespace(), other, policy) == [a_namespace().urn]


def test_a_policy_whose_namespace_nothing_tells_leaves_it_undecided() -> None:
    policy = a_policy(changed(DENY, "metadata", "namespace", to=UNKNOWN))
    assert open_namespaces(a_namespace(), policy) == []
    assert undecided(policy) == ["metadata.namespace"]


def test_a_policy_whose_namespace_nothing_tells_hides_no_violation_that_it_could_not_cure() -> None:
    half = changed(DENY, "spec", "policyTypes", to=["Ingress"])
    assert open_namespaces(a_namespace(), a_policy(changed(half, "metadata", "namespace", to=UNKNOWN))) == [a_namespace().urn]


@pytest.mark.parametrize("path", [("spec",), ("spec", "podSelector"), ("spec", "policyTypes"), ("spec", "egress")])
def test_an_unknown_part_of_the_policy_leaves_it_undecided(path: tuple[str, ...]) -> None:
    policy = a_policy(changed(DENY, *path, to=UNKNOWN))
    assert open_namespaces(a_namespace(), policy) == []
    assert undecided(policy) == [".".join(path)]
