from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from components.backup.footprint import footprint, traffic
from components.backup.velero import Velero
from components.tenancy.footprint import Footprint
from tests.components.backup.examples import velero_args
from tests.components.recorded import of_type, option, the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

RELEASE = "kubernetes:helm.sh/v3:Release"
SCHEDULE = "kubernetes:velero.io/v1:Schedule"
GIB = 2**30


def velero(preview: Preview, **changed: Any) -> Run:
    return preview(lambda: Velero("backups", velero_args(**changed)))


@pytest.fixture
def run(preview: Preview) -> Run:
    return velero(preview)


def test_it_is_installed_by_its_chart_at_an_exact_version(run: Run) -> None:
    release = the(run, RELEASE, "backups-release")
    assert (release.inputs["chart"], release.inputs["version"], release.inputs["name"]) == ("velero", "12.1.0", "velero")


def test_schedules_are_declared_once_their_definition_is_there_and_go_before_it(run: Run) -> None:
    release = the(run, RELEASE, "backups-release")
    found = of_type(run, SCHEDULE)
    assert sorted(each.inputs["metadata"]["name"] for each in found) == ["daily", "frequent", "weekly"]
    assert all(release.urn in each.dependencies for each in found)


@pytest.mark.parametrize("retain", [True, False])
def test_what_makes_backups_is_protected_where_they_are_worth_it(preview: Preview, *, retain: bool) -> None:
    run = velero(preview, retain=retain)
    assert {bool(option(each, "protect")) for each in (*of_type(run, SCHEDULE), *of_type(run, RELEASE))} == {retain}


def test_prometheus_scrapes_the_server_and_its_agents(run: Run) -> None:
    (server,) = of_type(run, "kubernetes:monitoring.coreos.com/v1:ServiceMonitor")
    (agents,) = of_type(run, "kubernetes:monitoring.coreos.com/v1:PodMonitor")
    assert server.inputs["spec"]["endpoints"][0]["port"] == "http-monitoring"
    assert agents.inputs["spec"]["selector"]["matchLabels"]["name"] == "node-agent"
    assert of_type(run, "kubernetes:monitoring.coreos.com/v1:PrometheusRule")
    (dashboard,) = of_type(run, "kubernetes:core/v1:ConfigMap")
    assert dashboard.inputs["metadata"]["namespace"] == "observability"


def test_without_monitoring_nothing_is_declared_that_nobody_defines(preview: Preview) -> None:
    run = velero(preview, monitoring=None)
    assert not [each for each in run.resources if "monitoring.coreos.com" in each.type]


def test_each_volume_that_may_be_claimed_has_room_to_be_copied() -> None:
    needed = footprint(velero_args(), Footprint(storage=500 * GIB, claims=7))
    assert (needed.storage, needed.claims) == (500 * GIB, 7)


def test_there_is_room_for_an_agent_and_a_mover_on_each_node_and_for_those_that_wait() -> None:
    few, many = (footprint(velero_args(most_nodes=nodes), Footprint()) for nodes in (3, 4))
    assert many.pods - few.pods == 2
    # The server and its successor, the upgrade twice, the queue, and one repository for each namespace.
    assert few.pods >= 2 * 3 + 2 + 2 + 4 + len(velero_args().volume_namespaces)


def test_all_its_pods_may_call_the_kubernetes_api_and_the_store() -> None:
    rules = {rule.name: rule for rule in traffic(velero_args())}
    assert {"dns", "to-kubernetes-api", "aws-apis", "scrape"} == set(rules)
    assert all(not rule.pods for rule in rules.values()), "nobody chooses the labels of pods that Velero starts"
