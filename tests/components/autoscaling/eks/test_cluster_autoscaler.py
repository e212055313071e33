from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from components.autoscaling.eks.cluster_autoscaler import (
    ClusterAutoscaler,
    ClusterAutoscalerArgs,
    footprint,
    render_values,
    traffic,
)
from components.aws import AwsLocation
from components.charts import CLUSTER_AUTOSCALER
from components.observability.monitoring import Monitoring
from tests.components.recorded import document, the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

RELEASE = "kubernetes:helm.sh/v3:Release"
ARGS = ClusterAutoscalerArgs(
    location=AwsLocation(region="eu-west-1", account_id="111122223333"),
    cluster_name="plinth-production",
    image_tag="v1.36.1",
    namespace="autoscaling",
    replicas=2,
    priority_class="platform-critical",
    api_server_cidrs=("172.20.0.0/16", "10.48.240.0/23"),
    monitoring=Monitoring(namespace="observability", runbook_base_url="https://runbooks.example.com"),
)


@pytest.fixture
def run(preview: Preview) -> Run:
    return preview(lambda: ClusterAutoscaler("nodes", ARGS))


def test_the_chart_is_pinned_and_finds_the_groups_of_this_cluster_alone(run: Run) -> None:
    release = the(run, RELEASE, "nodes-release").inputs
    assert release["version"] == CLUSTER_AUTOSCALER.version
    assert release["values"]["autoDiscovery"] == {"clusterName": "plinth-production"}
    assert release["values"]["image"]["tag"] == "v1.36.1"


def test_it_may_size_the_groups_of_this_cluster_and_look_at_the_rest(run: Run) -> None:
    looks, sets = document(the(run, "aws:iam/rolePolicy:RolePolicy", "nodes-role-policy"), "policy")["Statement"]
    assert all(action.split(":")[1].startswith(("Describe", "Get")) for action in looks["Action"])
    assert sets["Action"] == ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"]
    assert sets["Condition"] == {"StringEquals": {"aws:ResourceTag/k8s.io/cluster-autoscaler/plinth-production": "owned"}}


def test_its_pods_start_with_their_role(run: Run) -> None:
    identity = the(run, "aws:eks/podIdentityAssociation:PodIdentityAssociation", "nodes-identity")
    assert (identity.inputs["namespace"], identity.inputs["serviceAccount"]) == ("autoscaling", "cluster-autoscaler")
    release = the(run, RELEASE, "nodes-release")
    assert release.inputs["values"]["rbac"]["serviceAccount"]["name"] == "cluster-autoscaler"
    assert identity.urn in release.dependencies


def test_its_ways_are_for_its_pods_alone() -> None:
    rules = traffic(ARGS)
    assert {rule.name.removeprefix("cluster-autoscaler-") for rule in rules} == {"dns", "to-kubernetes-api", "aws-apis", "scrape"}
    assert all(rule.pods == {"app.kubernetes.io/name": "cluster-autoscaler"} for rule in rules)


def test_its_pods_are_restricted_bounded_and_apart() -> None:
    values = render_values(ARGS)
    assert values["securityContext"]["runAsNonRoot"] is True
    assert values["containerSecurityContext"]["readOnlyRootFilesystem"] is True
    assert values["resources"] == {"requests": {"cpu": "100m", "memory": "600Mi"}, "limits": {"memory": "600Mi"}}
    assert values["priorityClassName"] == "platform-critical"
    assert values["podDisruptionBudget"] == {"maxUnavailable": 1}
    assert [each["topologyKey"] for each in values["topologySpreadConstraints"]] == [
        "topology.kubernetes.io/zone",
        "kubernetes.io/hostname",
    ]


def test_its_quota_has_room_for_a_rolling_update() -> None:
    needed = footprint(ARGS)
    assert (needed.pods, needed.cpu, needed.memory) == (4, Decimal("0.4"), 4 * 600 * 2**20)


def test_the_image_can_come_from_a_mirror() -> None:
    assert render_values(ARGS)["image"]["repository"] == "registry.k8s.io/autoscaling/cluster-autoscaler"
    mirrored = render_values(replace(ARGS, image_registry="registry.example.com/mirror"))
    assert mirrored["image"]["repository"] == "registry.example.com/mirror/autoscaling/cluster-autoscaler"


def test_it_is_watched_where_there_is_observability(preview: Preview, run: Run) -> None:
    monitor = the(run, "kubernetes:monitoring.coreos.com/v1:ServiceMonitor", "nodes-monitor").inputs
    assert monitor["spec"]["endpoints"][0]["port"] == "http"
    assert the(run, "kubernetes:monitoring.coreos.com/v1:PrometheusRule", "nodes-alerts")
    unwatched = preview(lambda: ClusterAutoscaler("nodes", replace(ARGS, monitoring=None)))
    assert not [each for each in unwatched.resources if "monitoring.coreos.com" in each.type]
    assert "cluster-autoscaler-scrape" not in {rule.name for rule in traffic(replace(ARGS, monitoring=None))}
