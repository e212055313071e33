from __future__ import annotations

from typing import Any

import pytest

from policies.rules.workload.non_root import OVERLAYS_RUN_AS_NON_ROOT, PODS_RUN_AS_NON_ROOT
from policies.values import UNKNOWN
from policies.workloads import WORKLOAD_TYPES
from tests.policies.rules.fixtures import (
    a_container,
    a_deployment,
    a_pod_spec,
    a_release,
    a_resource,
    a_workload,
    ask,
    changed,
    places,
    undecided,
)

POD = "spec.template.spec"
OF_POD = ("securityContext", "runAsNonRoot")
OF_CONTAINER = ("containers", 0, "securityContext", "runAsNonRoot")
ON_CONTAINERS = changed(changed(a_pod_spec(), *OF_POD), *OF_CONTAINER, to=True)


def found(spec: dict[str, Any], **where: Any) -> list[str]:
    return places(ask(PODS_RUN_AS_NON_ROOT, a_deployment(spec, **where)))


@pytest.mark.parametrize("token", WORKLOAD_TYPES)
def test_every_kind_of_workload_is_asked(token: str) -> None:
    kind = token.rpartition(":")[2]
    good = a_resource(token, a_workload(kind, a_pod_spec()))
    bad = a_resource(token, a_workload(kind, changed(a_pod_spec(), *OF_POD, to=False)))
    assert ask(PODS_RUN_AS_NON_ROOT, good) == []
    assert len(ask(PODS_RUN_AS_NON_ROOT, bad)) == 1


def test_the_pod_or_every_container_may_say_it() -> None:
    assert found(a_pod_spec()) == []
    assert found(ON_CONTAINERS) == []


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (changed(a_pod_spec(), *OF_POD), ["securityContext.runAsNonRoot"]),
        (changed(a_pod_spec(), "securityContext"), ["securityContext.runAsNonRoot"]),
        (changed(a_pod_spec(), *OF_POD, to=False), ["securityContext.runAsNonRoot"]),
        (changed(ON_CONTAINERS, *OF_POD, to=False), ["securityContext.runAsNonRoot"]),
        (changed(a_pod_spec(), *OF_CONTAINER, to=False), ["containers[0].securityContext.runAsNonRoot"]),
        (changed(a_pod_spec(), "securityContext", "runAsUser", to=0.0), ["securityContext.runAsUser"]),
        (changed(a_pod_spec(), "containers", 0, "securityContext", "runAsUser", to=0.0), ["containers[0].securityContext.runAsUser"]),
        (
            changed(a_pod_spec(), "initContainers", to=[a_container(securityContext={"runAsNonRoot": False})]),
            ["initContainers[0].securityContext.runAsNonRoot"],
        ),
        (
            changed(ON_CONTAINERS, "initContainers", to=[a_container(), a_container()]),
            ["initContainers[0].securityContext.runAsNonRoot", "initContainers[1].securityContext.runAsNonRoot"],
        ),
    ],
)
def test_one_broken_field_is_one_violation_at_its_place(spec: dict[str, Any], expected: list[str]) -> None:
    assert found(spec) == [f"{POD}.{path}" for path in expected]


def test_another_user_than_root_is_right() -> None:
    assert found(changed(a_pod_spec(), "securityContext", "runAsUser", to=1000.0)) == []


def test_a_platform_namespace_is_left_alone() -> None:
    broken = changed(a_pod_spec(), *OF_POD, to=False)
    assert found(broken, namespace="kube-system") == []
    assert found(broken, namespace=UNKNOWN) == [f"{POD}.securityContext.runAsNonRoot"]


def test_an_unknown_value_leaves_it_undecided() -> None:
    resource = a_deployment(changed(a_pod_spec(), *OF_POD, to=UNKNOWN))
    assert ask(PODS_RUN_AS_NON_ROOT, resource) == []
    assert undecided(resource) == [f"{POD}.securityContext.runAsNonRoot"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"securityContext": {"runAsNonRoot": True, "runAsUser": 1000.0}}, []),
        ({"podSecurityContext": {"runAsNonRoot": False}}, ["values.podSecurityContext.runAsNonRoot"]),
        ({"controller": {"containerSecurityContext": {"runAsUser": 0.0}}}, ["values.controller.containerSecurityContext.runAsUser"]),
        ({"securityContext": {"runAsUser": "0"}}, ["values.securityContext.runAsUser"]),
        ({"extraContainers": [{"securityContext": {"runAsUser": 0.0}}]}, ["values.extraContainers[0].securityContext.runAsUser"]),
        ({"podSecurityContext": {"enabled": False}}, ["values.podSecurityContext.enabled"]),
        ({"initChownData": {"enabled": False, "securityContext": {"runAsUser": 0.0}}}, []),
        ({"agent": {"namespaceOverride": "node-agents", "securityContext": {"runAsUser": 0.0}}}, []),
    ],
)
def test_values_of_any_chart_may_not_turn_it_off(values: dict[str, Any], expected: list[str]) -> None:
    assert places(ask(OVERLAYS_RUN_AS_NON_ROOT, a_release("anything", values))) == expected


def test_a_release_in_a_platform_namespace_is_left_alone() -> None:
    assert ask(OVERLAYS_RUN_AS_NON_ROOT, a_release("falco", {"securityContext": {"runAsUser": 0.0}}, namespace="falco")) == []


def test_only_unknown_values_of_its_subject_leave_a_release_undecided() -> None:
    release = a_release("anything", {"serviceAccount": {"annotations": {"role": UNKNOWN}}, "podSecurityContext": {"runAsUser": UNKNOWN}})
    assert ask(OVERLAYS_RUN_AS_NON_ROOT, release) == []
    assert undecided(release) == ["values.podSecurityContext.runAsUser"]


def test_a_patch_may_not_turn_it_off() -> None:
    part, broken = (
        a_resource("kubernetes:apps/v1:DeploymentPatch", a_workload("Deployment", {"securityContext": context}))
        for context in ({"fsGroup": 1000.0}, {"runAsNonRoot": False})
    )
    assert ask(OVERLAYS_RUN_AS_NON_ROOT, part) == []
    assert places(ask(OVERLAYS_RUN_AS_NON_ROOT, broken)) == [f"{POD}.securityContext.runAsNonRoot"]
