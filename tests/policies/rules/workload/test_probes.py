from __future__ import annotations

from typing import Any

import pytest

from policies.rules.workload.probes import CHARTS_KEEP_PROBES, CONTAINERS_HAVE_PROBES
from policies.values import UNKNOWN
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

CONTAINER = "spec.template.spec.containers[0]"
EXEC = {"exec": {"command": ["true"]}}


def found(spec: dict[str, Any], kind: str = "apps/v1:Deployment") -> list[str]:
    return places(ask(CONTAINERS_HAVE_PROBES, a_resource(f"kubernetes:{kind}", a_workload("Deployment", spec))))


@pytest.mark.parametrize("kind", ["apps/v1:Deployment", "apps/v1:StatefulSet", "argoproj.io/v1alpha1:Rollout"])
@pytest.mark.parametrize("probe", ["livenessProbe", "readinessProbe"])
@pytest.mark.parametrize("value", [None, {}, {"periodSeconds": 10.0}])
def test_a_long_running_container_without_a_probe_is_refused(kind: str, probe: str, value: Any) -> None:
    assert found(changed(a_pod_spec(), "containers", 0, probe, to=value), kind) == [f"{CONTAINER}.{probe}"]


@pytest.mark.parametrize("handler", [{"tcpSocket": {"port": 1.0}}, EXEC, {"grpc": {"port": 1.0}}, {"httpGet": {"port": UNKNOWN}}])
def test_every_way_of_probing_is_right(handler: dict[str, Any]) -> None:
    assert found(changed(a_pod_spec(), "containers", 0, "livenessProbe", to=handler)) == []


def test_helpers_that_run_long_are_advised_and_others_are_not_asked() -> None:
    bare = {"name": "bare"}
    spec = a_pod_spec(containers=[a_container(), bare], initContainers=[bare, {"name": "proxy", "restartPolicy": "Always"}])
    assert found(spec) == [
        "spec.template.spec.containers[1].livenessProbe (advice)",
        "spec.template.spec.containers[1].readinessProbe (advice)",
        "spec.template.spec.initContainers[1].livenessProbe (advice)",
        "spec.template.spec.initContainers[1].readinessProbe (advice)",
    ]


def test_probes_of_a_daemon_set_are_advice() -> None:
    assert found(changed(a_pod_spec(), "containers", 0, "livenessProbe"), "apps/v1:DaemonSet") == [f"{CONTAINER}.livenessProbe (advice)"]


@pytest.mark.parametrize(
    ("liveness", "readiness", "expected"),
    [
        ({"path": "/live", "port": "http"}, {"path": "/ready", "port": "http"}, []),
        ({"path": "/health", "port": "http"}, {"path": "/health", "port": "http"}, [f"{CONTAINER}.readinessProbe.httpGet.path (advice)"]),
        ({"path": "/health", "port": "http"}, {"path": "/health", "port": 8080.0}, [f"{CONTAINER}.readinessProbe.httpGet.path (advice)"]),
        ({"path": "/", "port": "http"}, {"port": "http"}, [f"{CONTAINER}.readinessProbe.httpGet.path (advice)"]),
        ({"path": "/health", "port": "http"}, {"path": "/health", "port": 9090.0}, []),
    ],
)
def test_the_same_path_for_both_probes_is_advised_against(liveness: Any, readiness: Any, expected: list[str]) -> None:
    spec = changed(a_pod_spec(), "containers", 0, "livenessProbe", to={"httpGet": liveness})
    assert found(changed(spec, "containers", 0, "readinessProbe", to={"httpGet": readiness})) == expected


@pytest.mark.parametrize("path", [("readinessProbe",), ("readinessProbe", "httpGet", "path")])
def test_an_unknown_probe_leaves_it_undecided(path: tuple[str, ...]) -> None:
    resource = a_deployment(changed(a_pod_spec(), "containers", 0, *path, to=UNKNOWN))
    assert ask(CONTAINERS_HAVE_PROBES, resource) == []
    assert undecided(resource) == [f"{CONTAINER}.{'.'.join(path)}"]


@pytest.mark.parametrize(
    ("chart", "values", "expected"),
    [
        ("anything", {"livenessProbe": {"enabled": True}}, []),
        ("anything", {"primary": {"readinessProbe": {"enabled": False}}}, ["values.primary.readinessProbe.enabled"]),
        ("anything", {"livenessProbe": {"enabled": False}}, ["values.livenessProbe.enabled"]),
        ("anything", {"metrics": {"enabled": False, "livenessProbe": {"enabled": False}}}, []),
        ("nats", {}, []),
        ("nats", {"config": {"monitor": {"enabled": False}}}, ["values.config.monitor.enabled"]),
        ("nats", {"config": {"monitor": {"enabled": False}}, "container": {"merge": {"livenessProbe": EXEC, "readinessProbe": EXEC}}}, []),
        ("anything", {"config": {"monitor": {"enabled": False}}}, []),
    ],
)
def test_a_chart_may_not_lose_its_probes(chart: str, values: dict[str, Any], expected: list[str]) -> None:
    assert places(ask(CHARTS_KEEP_PROBES, a_release(chart, values))) == expected
