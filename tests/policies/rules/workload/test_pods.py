"""What holds for every kind of pod, and where a rule says several things at once."""

from __future__ import annotations

import pytest

from policies.model import Resource, Rule
from policies.rules.secrets.environment import environments_hold_no_credentials
from policies.rules.workload.chart_pods import chart_pods_are_restricted, chart_pods_run_as_non_root
from policies.rules.workload.images import pods_pin_images
from policies.rules.workload.non_root import pods_run_as_non_root
from policies.rules.workload.pod_security import pods_are_restricted
from policies.rules.workload.probes import containers_have_probes
from policies.workloads import WORKLOAD_TYPES
from tests.policies.rules.cases import changed, judge
from tests.policies.rules.workload.good import DEPLOYMENT, SPEC, container, release, with_containers, workload

BARE = {"name": "bare"}
BAD = {"containers": [container(image="app", securityContext={}, env=[{"name": "TOKEN", "value": "hunter2"}])]}


def places(resource: Resource, *rules: Rule) -> list[str]:
    return [f"{finding.path.removeprefix(f'{SPEC}.')}{' (advice)' if finding.level else ''}" for _, finding in judge(rules, [resource])]


@pytest.mark.parametrize(
    "rule", [pods_run_as_non_root, pods_are_restricted, pods_pin_images, environments_hold_no_credentials], ids=lambda rule: rule.name
)
@pytest.mark.parametrize("token", WORKLOAD_TYPES)
def test_every_kind_of_workload_is_asked(token: str, rule: Rule) -> None:
    assert token in rule.types
    assert places(workload(token), rule) == []
    assert places(workload(token, BAD), rule) != []


def test_a_pod_without_a_security_context_is_told_all_that_it_lacks() -> None:
    bare = changed(DEPLOYMENT, {f"{SPEC}.securityContext": None})
    assert places(bare, pods_run_as_non_root, pods_are_restricted) == [
        "securityContext.runAsNonRoot",
        "securityContext.seccompProfile.type",
    ]


def test_each_container_that_does_not_say_it_is_told_so() -> None:
    said = container(securityContext={"runAsNonRoot": True})
    resource = changed(with_containers(said, initContainers=[container(), container()]), {f"{SPEC}.securityContext": None})
    assert places(resource, pods_run_as_non_root) == [f"initContainers[{index}].securityContext.runAsNonRoot" for index in (0, 1)]


def test_helpers_that_run_long_are_advised_and_others_are_not_asked() -> None:
    resource = with_containers(container(), BARE, initContainers=[BARE, {"name": "proxy", "restartPolicy": "Always"}])
    assert places(resource, containers_have_probes) == [
        "containers[1].livenessProbe (advice)",
        "containers[1].readinessProbe (advice)",
        "initContainers[1].livenessProbe (advice)",
        "initContainers[1].readinessProbe (advice)",
    ]


@pytest.mark.parametrize(("chart", "count"), [("nats", 4), ("nack", 2)])
def test_an_empty_release_gets_one_advice_a_pod_and_entry(chart: str, count: int) -> None:
    found = places(release(chart), chart_pods_run_as_non_root, chart_pods_are_restricted)
    assert len(found) == count
    assert all(each.endswith(" (advice)") for each in found)


def test_nack_leaves_both_contexts_open() -> None:
    assert places(release("nack"), chart_pods_run_as_non_root, chart_pods_are_restricted) == [
        "values.securityContext.runAsNonRoot (advice)",
        "values.securityContext.seccompProfile.type (advice)",
    ]
