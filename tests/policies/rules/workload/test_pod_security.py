from __future__ import annotations

from typing import Any

import pytest

from policies.rules.workload.pod_security import OVERLAYS_ARE_RESTRICTED, PODS_ARE_RESTRICTED
from policies.values import UNKNOWN
from tests.policies.rules.fixtures import a_container, a_deployment, a_pod_spec, a_release, ask, changed, places, undecided

CONTEXT = ("containers", 0, "securityContext")
SECCOMP = ("securityContext", "seccompProfile")
ON_CONTAINERS = changed(changed(a_pod_spec(), *SECCOMP), *CONTEXT, "seccompProfile", to={"type": "RuntimeDefault"})


def found(spec: dict[str, Any], namespace: Any = "apps") -> list[str]:
    return places(ask(PODS_ARE_RESTRICTED, a_deployment(spec, namespace=namespace)))


@pytest.mark.parametrize(
    "spec",
    [
        a_pod_spec(),
        ON_CONTAINERS,
        changed(a_pod_spec(), *CONTEXT, "capabilities", "add", to=["NET_BIND_SERVICE"]),
        changed(a_pod_spec(), *CONTEXT, "privileged", to=False),
        changed(a_pod_spec(), "hostNetwork", to=False),
        a_pod_spec(os={"name": "windows"}, containers=[{"name": "app"}], securityContext={"runAsNonRoot": True}),
    ],
)
def test_a_restricted_pod_is_right(spec: dict[str, Any]) -> None:
    resource = a_deployment(spec)
    assert ask(PODS_ARE_RESTRICTED, resource) == []
    assert undecided(resource) == []


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("hostNetwork",), True, "hostNetwork"),
        (("hostPID",), True, "hostPID"),
        (("hostIPC",), True, "hostIPC"),
        (("volumes", 0), {"name": "host", "hostPath": {"path": "/var/run"}}, "volumes[0].hostPath.path"),
        (("containers", 0, "ports", 0, "hostPort"), 8080.0, "containers[0].ports[0].hostPort"),
        ((*CONTEXT, "privileged"), True, "containers[0].securityContext.privileged"),
        (("securityContext", "windowsOptions"), {"hostProcess": True}, "securityContext.windowsOptions.hostProcess"),
        ((*CONTEXT, "allowPrivilegeEscalation"), True, "containers[0].securityContext.allowPrivilegeEscalation"),
        ((*CONTEXT, "allowPrivilegeEscalation"), None, "containers[0].securityContext.allowPrivilegeEscalation"),
        ((*CONTEXT, "capabilities"), None, "containers[0].securityContext.capabilities.drop"),
        ((*CONTEXT, "capabilities", "drop"), ["NET_RAW"], "containers[0].securityContext.capabilities.drop"),
        ((*CONTEXT, "capabilities", "add"), ["SYS_ADMIN"], "containers[0].securityContext.capabilities.add[0]"),
        (SECCOMP, None, "securityContext.seccompProfile.type"),
        ((*SECCOMP, "type"), "Unconfined", "securityContext.seccompProfile.type"),
        ((*SECCOMP, "type"), "Localhost", "securityContext.seccompProfile.type"),
        ((*CONTEXT, "seccompProfile"), {"type": "Unconfined"}, "containers[0].securityContext.seccompProfile.type"),
    ],
)
def test_one_broken_field_is_one_violation_at_its_place(path: tuple[str | int, ...], value: Any, expected: str) -> None:
    assert found(changed(a_pod_spec(), *path, to=value)) == [f"spec.template.spec.{expected}"]


def test_each_container_has_its_own_finding() -> None:
    open_container = a_container(securityContext={"capabilities": {"drop": ["ALL"]}})
    spec = a_pod_spec(containers=[open_container, a_container()], initContainers=[open_container], ephemeralContainers=[open_container])
    assert found(spec) == [
        f"spec.template.spec.{kind}[0].securityContext.allowPrivilegeEscalation"
        for kind in ("containers", "initContainers", "ephemeralContainers")
    ]


def test_a_platform_namespace_may_use_its_host() -> None:
    assert found(changed(a_pod_spec(), "hostNetwork", to=True), namespace="node-agents") == []


def test_an_unknown_value_leaves_it_undecided() -> None:
    resource = a_deployment(changed(a_pod_spec(), *CONTEXT, "capabilities", "drop", to=UNKNOWN))
    assert ask(PODS_ARE_RESTRICTED, resource) == []
    assert undecided(resource) == ["spec.template.spec.containers[0].securityContext.capabilities.drop"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"containerSecurityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}}, []),
        ({"hostNetwork": False, "hostPort": {"enabled": False}, "hostPath": "/", "ports": [{"hostPort": 0.0}]}, []),
        ({"hostNetwork": True}, ["values.hostNetwork"]),
        ({"volumes": [{"name": "host", "hostPath": {"path": "/"}}]}, ["values.volumes[0].hostPath.path"]),
        ({"ports": [{"hostPort": 80.0}]}, ["values.ports[0].hostPort"]),
        ({"securityContext": {"privileged": True}}, ["values.securityContext.privileged"]),
        ({"securityContext": {"allowPrivilegeEscalation": True}}, ["values.securityContext.allowPrivilegeEscalation"]),
        ({"securityContext": {"capabilities": {"drop": ["NET_RAW"]}}}, ["values.securityContext.capabilities.drop"]),
        ({"securityContext": {"capabilities": {"add": ["NET_ADMIN"]}}}, ["values.securityContext.capabilities.add[0]"]),
        ({"podSecurityContext": {"seccompProfile": {"type": "Unconfined"}}}, ["values.podSecurityContext.seccompProfile.type"]),
    ],
)
def test_values_of_any_chart_may_not_open_a_pod(values: dict[str, Any], expected: list[str]) -> None:
    assert places(ask(OVERLAYS_ARE_RESTRICTED, a_release("anything", values))) == expected


def test_a_release_in_a_platform_namespace_may_use_its_host() -> None:
    assert ask(OVERLAYS_ARE_RESTRICTED, a_release("falco", {"hostNetwork": True}, namespace="falco")) == []
