from __future__ import annotations

from typing import Any

import pytest

from policies.rules.workload.chart_pods import CHART_PODS_ARE_RESTRICTED, CHART_PODS_RUN_AS_NON_ROOT
from tests.policies.rules.fixtures import a_release, ask, changed, places

POD: dict[str, Any] = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
CONTAINER: dict[str, Any] = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
POD_TEMPLATE = {"merge": {"spec": {"securityContext": POD}}}
MERGED = {"merge": {"securityContext": CONTAINER}}
NATS: dict[str, Any] = {
    "podTemplate": POD_TEMPLATE,
    "container": MERGED,
    "reloader": MERGED,
    "promExporter": {"enabled": True, **MERGED},
    "natsBox": {"podTemplate": POD_TEMPLATE, "container": MERGED},
}
NACK: dict[str, Any] = {"securityContext": POD, "containerSecurityContext": CONTAINER}


def found(chart: str, values: dict[str, Any], namespace: str = "messaging") -> list[str]:
    release = a_release(chart, values, namespace=namespace)
    return places([*ask(CHART_PODS_RUN_AS_NON_ROOT, release), *ask(CHART_PODS_ARE_RESTRICTED, release)])


@pytest.mark.parametrize(("chart", "values"), [("nats", NATS), ("nack", NACK), ("anything", {})])
def test_a_chart_whose_values_close_its_pods_is_right(chart: str, values: dict[str, Any]) -> None:
    assert found(chart, values) == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("podTemplate", "merge", "spec", "securityContext", "runAsNonRoot"), "podTemplate.merge.spec.securityContext.runAsNonRoot"),
        (
            ("podTemplate", "merge", "spec", "securityContext", "seccompProfile"),
            "podTemplate.merge.spec.securityContext.seccompProfile.type",
        ),
        (("container", "merge", "securityContext", "capabilities"), "container.merge.securityContext.capabilities.drop"),
        (("reloader", "merge", "securityContext", "capabilities"), "reloader.merge.securityContext.capabilities.drop"),
        (("promExporter", "merge", "securityContext", "capabilities"), "promExporter.merge.securityContext.capabilities.drop"),
        (
            ("natsBox", "container", "merge", "securityContext", "allowPrivilegeEscalation"),
            "natsBox.container.merge.securityContext.allowPrivilegeEscalation",
        ),
    ],
)
def test_a_context_that_the_values_write_has_to_be_whole(path: tuple[str, ...], expected: str) -> None:
    assert found("nats", changed(NATS, *path)) == [f"values.{expected}"]


def test_a_context_that_the_values_do_not_write_is_advised() -> None:
    values = changed(NATS, "container")
    assert found("nats", values) == ["values.container.merge.securityContext.allowPrivilegeEscalation (advice)"]


def test_an_empty_nats_release_gets_one_advice_a_pod_and_entry() -> None:
    assert len(found("nats", {})) == 4


def test_containers_and_pods_that_are_switched_off_are_not_asked() -> None:
    values = changed(NATS, "natsBox", to={"enabled": False})
    values = changed(values, "promExporter", to={"enabled": False})
    values = changed(values, "reloader", to={"enabled": False})
    assert found("nats", values) == []


def test_a_json_patch_may_set_anything() -> None:
    assert found("nats", {"container": {"patch": [{"op": "add"}]}, "natsBox": {"enabled": False}}) == []


def test_nack_leaves_both_contexts_open() -> None:
    assert found("nack", {}) == ["values.securityContext.runAsNonRoot (advice)", "values.securityContext.seccompProfile.type (advice)"]


def test_charts_in_a_platform_namespace_are_left_alone() -> None:
    assert found("nats", {}, namespace="node-agents") == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"prometheus-node-exporter": {"namespaceOverride": "node-agents"}}, []),
        ({"nodeExporter": {"enabled": False}}, []),
        ({"prometheus-node-exporter": {"hostNetwork": True, "hostPID": True}}, []),
        ({}, ["values.prometheus-node-exporter.namespaceOverride (advice)"]),
        (
            {"nodeExporter": {"enabled": False}, "grafana": {"persistence": {"enabled": True}}},
            ["values.grafana.initChownData.enabled (advice)"],
        ),
        ({"nodeExporter": {"enabled": False}, "grafana": {"persistence": {"enabled": True}, "initChownData": {"enabled": False}}}, []),
        ({"nodeExporter": {"enabled": False}, "grafana": {"enabled": False, "persistence": {"enabled": True}}}, []),
    ],
)
def test_kube_prometheus_stack_has_two_pods_that_are_open_by_default(values: dict[str, Any], expected: list[str]) -> None:
    assert found("kube-prometheus-stack", values, namespace="observability") == expected
