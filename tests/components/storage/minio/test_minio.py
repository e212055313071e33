from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from components.storage.minio.arguments import MinioArgs
from components.storage.minio.minio import Minio, bucket, footprint
from components.storage.minio.model import MinioSettings
from components.storage.minio.values import render_values
from tests.components.recorded import of_type, option, the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

GIB = 2**30
ARGS = MinioArgs(
    settings=MinioSettings.model_validate({"storage": "100Gi"}),
    namespace="database",
    bucket="platform-database",
    undeletable=timedelta(days=7),
    storage_class="longhorn",
    issuer="plinth-ca",
    priority_class="platform-critical",
    retain=True,
)
RELEASE = "kubernetes:helm.sh/v3:Release"
JOB = "kubernetes:batch/v1:Job"


def minio(preview: Preview, **changed: Any) -> Run:
    return preview(lambda: Minio("minio", replace(ARGS, **changed)))


@pytest.fixture
def run(preview: Preview) -> Run:
    return minio(preview)


def job_environment(run: Run) -> dict[str, Any]:
    (container,) = the(run, JOB, "minio-bucket").inputs["spec"]["template"]["spec"]["containers"]
    return {each["name"]: each.get("value", each.get("valueFrom")) for each in container["env"]}


def test_it_is_installed_by_its_chart_at_an_exact_version_once_its_certificate_is_issued(run: Run) -> None:
    release = the(run, RELEASE, "minio-release")
    (certificate,) = of_type(run, "kubernetes:cert-manager.io/v1:Certificate")
    assert (release.inputs["chart"], release.inputs["version"]) == ("minio", "5.4.0")
    assert certificate.urn in release.dependencies
    assert "minio.database.svc" in certificate.inputs["spec"]["dnsNames"]


def test_no_password_is_written_and_nobody_has_the_examples_of_the_chart(run: Run) -> None:
    values = the(run, RELEASE, "minio-release").inputs["values"]
    assert values["users"] == []
    assert {"rootUser", "rootPassword", "existingSecret"}.isdisjoint(values)


def test_the_job_reads_the_credentials_from_the_secret_that_the_chart_makes(run: Run) -> None:
    environment = job_environment(run)
    assert environment["ACCESS_KEY"] == {"secretKeyRef": {"name": "minio", "key": "rootUser"}}
    assert environment["SECRET_KEY"] == {"secretKeyRef": {"name": "minio", "key": "rootPassword"}}
    assert environment["MC_HOST_store"] == "https://$(ACCESS_KEY):$(SECRET_KEY)@minio.database.svc:9000"


def test_what_is_deleted_stays_for_as_long_as_it_is_said_and_then_goes(run: Run) -> None:
    environment = job_environment(run)
    (rule,) = json.loads(environment["LIFECYCLE"])["Rules"]
    assert (environment["BUCKET"], environment["DAYS"]) == ("platform-database", "7")
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 7}


def test_the_bucket_is_made_once_the_server_is_there_by_a_job_that_another_one_replaces(run: Run) -> None:
    job = the(run, JOB, "minio-bucket")
    assert the(run, RELEASE, "minio-release").urn in job.dependencies
    assert option(job, "delete_before_replace")


def test_its_pods_are_restricted(run: Run) -> None:
    pod = the(run, JOB, "minio-bucket").inputs["spec"]["template"]["spec"]
    values = render_values(ARGS)
    for context in (pod["securityContext"], values["securityContext"]):
        assert context["runAsNonRoot"] is True
        assert context["seccompProfile"] == {"type": "RuntimeDefault"}
    for context in (pod["containers"][0]["securityContext"], values["containerSecurityContext"]):
        assert context == {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}


def test_its_volume_outlives_it_only_where_it_is_worth_keeping(preview: Preview) -> None:
    assert render_values(ARGS)["persistence"]["annotations"] == {"helm.sh/resource-policy": "keep"}
    assert "annotations" not in render_values(replace(ARGS, retain=False))["persistence"]
    assert option(the(minio(preview, retain=False), RELEASE, "minio-release"), "protect") is False


def test_all_images_come_from_the_registry_that_is_set(preview: Preview) -> None:
    run = minio(preview, image_registry="registry.example.com/mirror")
    image = the(run, RELEASE, "minio-release").inputs["values"]["image"]
    (container,) = the(run, JOB, "minio-bucket").inputs["spec"]["template"]["spec"]["containers"]
    assert image["repository"] == "registry.example.com/mirror/pgsty/minio"
    assert container["image"].startswith("registry.example.com/mirror/pgsty/mc:")


def test_its_bucket_is_reached_by_tls_and_trusted_by_the_authority_of_its_certificate() -> None:
    given = bucket(ARGS)
    assert (given.endpoint, given.authority_secret) == ("https://minio.database.svc:9000", "minio-tls")


def test_there_is_room_to_expand_its_volume_and_for_the_job() -> None:
    needed = footprint(ARGS)
    assert needed.storage >= 2 * 100 * GIB
    assert needed.pods >= 1 + 1
