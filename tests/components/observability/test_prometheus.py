from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from components.foundation import Addresses
from components.observability.arguments import PrometheusStackArgs, PrometheusStackError
from components.observability.definitions import MonitoringDefinitions
from components.observability.prometheus import PrometheusStack
from tests.components.observability.stacks import ARGS
from tests.components.recorded import of_type, option, the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

RELEASE = "kubernetes:helm.sh/v3:Release"


def stack(preview: Preview, args: PrometheusStackArgs = ARGS) -> Run:
    return preview(lambda: PrometheusStack("monitoring", args))


def test_the_stack_is_installed_by_its_chart_at_an_exact_version(preview: Preview) -> None:
    run = stack(preview)
    (release,) = of_type(run, RELEASE)
    assert (release.inputs["chart"], release.inputs["version"]) == ("kube-prometheus-stack", "88.5.3")
    assert release.inputs["values"]["prometheus"]["prometheusSpec"]["retention"] == "720h"
    assert option(release, "protect") is True


def test_a_failed_upgrade_is_not_rolled_back_into_a_second_roll_of_every_pod(preview: Preview) -> None:
    (release,) = of_type(stack(preview), RELEASE)
    assert release.inputs["atomic"] is False
    assert release.inputs["timeout"] == 16 * 60


def test_alerts_about_any_workload_come_with_the_stack(preview: Preview) -> None:
    (rule,) = of_type(stack(preview), "kubernetes:monitoring.coreos.com/v1:PrometheusRule")
    alerts = [alert["alert"] for group in rule.inputs["spec"]["groups"] for alert in group["rules"]]
    assert alerts == ["ContainerRestartingOften", "ContainerCrashLooping", "PodsWaitForNodes", "VolumeFilling"]


def test_others_learn_where_prometheus_answers(preview: Preview) -> None:
    made: list[PrometheusStack] = []
    preview(lambda: made.append(PrometheusStack("monitoring", ARGS)))
    assert made[0].prometheus_url == "http://monitoring-prometheus.observability.svc:9090"


def test_the_definitions_are_a_release_of_their_own(preview: Preview) -> None:
    run = preview(lambda: MonitoringDefinitions("definitions", namespace="observability", retain=True))
    release = the(run, RELEASE, "definitions-release")
    assert (release.inputs["chart"], release.inputs["version"]) == ("prometheus-operator-crds", "31.0.1")
    assert option(release, "protect") is True


KNOWN = Addresses(kubernetes_api=("10.20.0.0/16",), webhook_callers=("10.20.0.0/16",), nodes=("10.20.0.0/16",))


@pytest.mark.parametrize("addresses", [replace(KNOWN, nodes=()), replace(KNOWN, kubernetes_api=())])
def test_a_stack_that_could_scrape_nothing_is_refused(addresses: Addresses) -> None:
    with pytest.raises(PrometheusStackError, match="nothing could be scraped"):
        replace(ARGS, addresses=addresses)
