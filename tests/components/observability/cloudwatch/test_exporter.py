from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import yaml

from components.aws import AwsLocation
from components.observability.cloudwatch.exporter import (
    CloudWatchExporter,
    CloudWatchExporterArgs,
    CloudWatchJob,
    CloudWatchMetric,
    footprint,
    render_values,
    traffic,
)
from components.storage.aws.alerts import alert_groups
from tests.components.recorded import document, of_type, the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

ARGS = CloudWatchExporterArgs(
    location=AwsLocation(region="eu-west-1", account_id="111122223333"),
    cluster_name="plinth-production",
    namespace="observability",
    priority_class="platform",
    jobs=[
        CloudWatchJob(
            name="plinth-production",
            namespace="AWS/RDS",
            dimensions={"DBInstanceIdentifier": "plinth-production"},
            metrics=[CloudWatchMetric(name="FreeStorageSpace", statistic="Minimum")],
        )
    ],
)


@pytest.fixture
def run(preview: Preview) -> Run:
    return preview(lambda: CloudWatchExporter("exporter", ARGS))


def test_it_asks_for_exactly_the_metrics_of_its_jobs() -> None:
    assert yaml.safe_load(render_values(ARGS)["config"]) == {
        "apiVersion": "v1alpha1",
        "sts-region": "eu-west-1",
        "static": [
            {
                "name": "plinth-production",
                "namespace": "AWS/RDS",
                "regions": ["eu-west-1"],
                "dimensions": [{"name": "DBInstanceIdentifier", "value": "plinth-production"}],
                "metrics": [{"name": "FreeStorageSpace", "statistics": ["Minimum"], "period": 60, "length": 300}],
            }
        ],
    }


def test_a_job_may_be_about_another_region() -> None:
    elsewhere = replace(ARGS, jobs=[replace(ARGS.jobs[0], region="eu-central-1")])
    (job,) = yaml.safe_load(render_values(elsewhere)["config"])["static"]
    assert job["regions"] == ["eu-central-1"]


def test_alerts_upon_what_it_fetches_lie_beside_it(preview: Preview, run: Run) -> None:
    rules = "kubernetes:monitoring.coreos.com/v1:PrometheusRule"
    assert of_type(run, rules) == []
    told = replace(ARGS, alerts=alert_groups(["a-bucket"]), runbook_base_url="https://runbooks.example.org")
    (rule,) = of_type(preview(lambda: CloudWatchExporter("exporter", told)), rules)
    assert [each["name"] for each in rule.inputs["spec"]["groups"]] == ["store-copies"]


def test_it_runs_restricted_with_limits_and_is_scraped() -> None:
    values = render_values(ARGS)
    assert values["podSecurityContext"]["runAsNonRoot"] is True
    assert values["podSecurityContext"]["runAsUser"] > 0
    assert values["podSecurityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert values["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert values["securityContext"]["allowPrivilegeEscalation"] is False
    assert values["resources"]["limits"]["memory"]
    assert values["serviceMonitor"]["enabled"] is True


def test_its_role_reads_metrics_and_is_given_to_its_service_account_alone(run: Run) -> None:
    (statement,) = document(the(run, "aws:iam/rolePolicy:RolePolicy", "exporter-role-policy"), "policy")["Statement"]
    assert statement["Action"] == ["cloudwatch:GetMetricStatistics", "iam:ListAccountAliases"]
    (trust,) = document(the(run, "aws:iam/role:Role", "exporter-role"), "assumeRolePolicy")["Statement"]
    assert trust["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert trust["Condition"]["StringEquals"]["aws:RequestTag/kubernetes-service-account"] == "cloudwatch-exporter"
    (association,) = of_type(run, "aws:eks/podIdentityAssociation:PodIdentityAssociation")
    assert association.inputs["namespace"] == "observability"
    assert association.inputs["serviceAccount"] == render_values(ARGS)["serviceAccount"]["name"]


def test_it_reaches_names_and_aws_and_is_reached_by_prometheus() -> None:
    mine = {"app.kubernetes.io/name": "cloudwatch-exporter"}
    asked = {rule.name: rule.pods for rule in traffic(ARGS)}
    assert asked == dict.fromkeys([f"cloudwatch-exporter-{way}" for way in ("dns", "scrape", "aws-apis")], mine)


def test_there_is_room_for_its_pod_and_for_the_successor() -> None:
    assert footprint(ARGS).pods == 2


def test_its_image_comes_from_the_registry_that_is_named() -> None:
    assert "image" not in render_values(ARGS)
    assert render_values(replace(ARGS, image_registry="registry.example.com"))["image"] == {"registry": "registry.example.com"}


def test_it_starts_once_it_may_call_aws(run: Run) -> None:
    (release,) = of_type(run, "kubernetes:helm.sh/v3:Release")
    (association,) = of_type(run, "aws:eks/podIdentityAssociation:PodIdentityAssociation")
    assert association.urn in release.dependencies
