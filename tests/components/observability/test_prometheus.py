from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from components.observability.definitions import MonitoringDefinitions
from components.observability.prometheus import PrometheusStack, PrometheusStackArgs, PrometheusStackError
from components.observability.routing import AlertRouting, SecretKey
from tests.components.recorded import of_type, option, the

if TYPE_CHECKING:
    from offline.engine import Run

    Preview = Callable[[Callable[[], object]], Run]

RELEASE = "kubernetes:helm.sh/v3:Release"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
ARGS = PrometheusStackArgs(
    namespace="observability",
    agents_namespace="node-agents",
    cluster_name="production",
    issuer="platform-ca",
    replicas=2,
    retention=timedelta(days=30),
    storage_class="gp3-retain",
    prometheus_volume="200Gi",
    prometheus_cpu="2",
    prometheus_memory="8Gi",
    node_cidrs=("10.20.0.0/16",),
    api_server_cidrs=("10.20.0.0/16",),
    retain=True,
    runbook_base_url="https://runbooks.example.org",
)


def stack(preview: Preview, args: PrometheusStackArgs = ARGS) -> Run:
    return preview(lambda: PrometheusStack("monitoring", args))


def test_the_stack_is_installed_by_its_chart_at_an_exact_version_behind_its_network_policies(preview: Preview) -> None:
    run = stack(preview)
    (release,) = of_type(run, RELEASE)
    assert (release.inputs["chart"], release.inputs["version"]) == ("kube-prometheus-stack", "88.5.3")
    assert release.inputs["values"]["prometheus"]["prometheusSpec"]["retention"] == "720h"
    assert {policy.urn for policy in of_type(run, POLICY)} <= set(release.dependencies)
    assert option(release, "protect") is True


def test_alerts_about_any_workload_come_with_the_stack(preview: Preview) -> None:
    (rule,) = of_type(stack(preview), "kubernetes:monitoring.coreos.com/v1:PrometheusRule")
    alerts = [alert["alert"] for group in rule.inputs["spec"]["groups"] for alert in group["rules"]]
    assert alerts == ["ContainerRestartingOften", "ContainerCrashLooping", "VolumeFilling"]


def test_alertmanager_may_call_out_once_somebody_is_to_be_paged(preview: Preview) -> None:
    routing = AlertRouting(pagerduty=SecretKey(secret="alertmanager-pagerduty", key="routing-key"))  # noqa: S106 # a name
    names = {policy.inputs["metadata"]["name"] for policy in of_type(stack(preview, replace(ARGS, routing=routing)), POLICY)}
    assert "allow-alertmanager-to-outside" in names
    assert "allow-alertmanager-to-outside" not in {policy.inputs["metadata"]["name"] for policy in of_type(stack(preview), POLICY)}


def test_others_learn_where_prometheus_answers(preview: Preview) -> None:
    made: list[PrometheusStack] = []
    preview(lambda: made.append(PrometheusStack("monitoring", ARGS)))
    assert made[0].prometheus_url == "http://monitoring-prometheus.observability.svc:9090"


def test_the_definitions_are_a_release_of_their_own(preview: Preview) -> None:
    run = preview(lambda: MonitoringDefinitions("definitions", namespace="observability", retain=True))
    release = the(run, RELEASE, "definitions-release")
    assert (release.inputs["chart"], release.inputs["version"]) == ("prometheus-operator-crds", "31.0.1")
    assert option(release, "protect") is True


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"replicas": 0}, "write 1 or more"),
        ({"retention": timedelta(0)}, "write a duration above 0"),
        ({"node_cidrs": ()}, "nothing could be scraped"),
        ({"api_server_cidrs": ()}, "nothing could be scraped"),
    ],
)
def test_a_stack_that_could_not_run_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(PrometheusStackError, match=message):
        replace(ARGS, **changes)
