from __future__ import annotations

import pytest

from policies.workloads import WORKLOAD_TYPES, containers, pod_spec, tokens_of
from tests.policies.rules.cases import good
from tests.policies.rules.workload.good import workload


@pytest.mark.parametrize("token", WORKLOAD_TYPES)
def test_every_kind_shows_its_pod_spec(token: str) -> None:
    assert [container.title for container in containers(pod_spec(workload(token)))] == ["container 'app'"]


def test_a_rollout_that_refers_to_a_deployment_has_no_containers() -> None:
    resource = good("kubernetes:argoproj.io/v1alpha1:Rollout", {"spec": {"workloadRef": {"kind": "Deployment", "name": "app"}}})
    assert list(containers(pod_spec(resource))) == []


def test_containers_are_told_apart_by_how_they_run() -> None:
    spec = {
        "containers": [{"name": "app"}],
        "initContainers": [{"name": "migrate"}, {"name": "proxy", "restartPolicy": "Always"}],
        "ephemeralContainers": [{"name": "debug"}],
    }
    found = containers(pod_spec(good("kubernetes:core/v1:Pod", {"spec": spec})))
    assert [container.title for container in found] == [
        "container 'app'",
        "init container 'migrate'",
        "sidecar 'proxy'",
        "ephemeral container 'debug'",
    ]


def test_older_api_versions_count_as_the_same_kind() -> None:
    assert tokens_of("CronJob") == ("kubernetes:batch/v1:CronJob", "kubernetes:batch/v1beta1:CronJob", "kubernetes:batch/v2alpha1:CronJob")
