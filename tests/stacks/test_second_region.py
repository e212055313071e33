from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import yaml

from components.models.recovery import RecoveryTargets
from components.recovery import Decision, Loss, Recovery
from stacks.loading import load_settings
from stacks.merge import merge
from tests.components.recorded import the
from tests.runs import run_of
from tests.stacks.examples import GOOD, as_config, complaints, load
from tests.stacks.test_azure import GOOD as AZURE


def test_copies_are_kept_in_the_second_region() -> None:
    second = load({**GOOD, "disasterRecovery": {"region": "eu-central-1", "stack": "production-dr"}}).disaster_recovery
    assert second is not None
    assert (second.region, second.stack) == ("eu-central-1", "production-dr")


@pytest.mark.parametrize(
    ("region", "problem"),
    [("eu-west-1", "is where the stack is"), ("us-gov-west-1", "nothing is copied between them"), ("moon-1", "allowed")],
)
def test_the_second_region_is_another_one_of_the_same_partition(region: str, problem: str) -> None:
    found = complaints({**GOOD, "disasterRecovery": {"region": region}})
    assert list(found) == ["plinth:disasterRecovery.region"]
    assert problem in found["plinth:disasterRecovery.region"]


def test_stores_are_copied_there_and_watched() -> None:
    run = run_of("production")
    buckets = {each.name: each.inputs["bucket"] for each in run.resources if each.type == "aws:s3/bucket:Bucket"}
    assert buckets["object-stores-backups"].endswith("-eu-west-1")
    assert buckets["object-store-copies-backups"].endswith("-eu-central-1")
    elsewhere = the(run, "pulumi:providers:aws", "aws-second-region")
    assert elsewhere.inputs["region"] == "eu-central-1"
    copies = [each for each in run.resources if each.custom and each.name.startswith("object-store-copies-")]
    assert {each.provider.rpartition("::")[0] for each in copies} == {elsewhere.urn}
    exporter = the(run, "kubernetes:helm.sh/v3:Release", "cloudwatch-exporter-release")
    jobs = [job for job in yaml.safe_load(exporter.inputs["values"]["config"])["static"] if job["namespace"] == "AWS/S3"]
    asked = {(job["regions"][0], job["metrics"][0]["name"]) for job in jobs}
    assert asked == {("eu-central-1", "ReplicationLatency"), ("eu-west-1", "OperationsFailedReplication")}


def test_copies_on_azure_are_in_the_pair_alone() -> None:
    stores = {"backups": {"keepFor": "30d", "geoRedundant": True}}
    settings = merge(AZURE, {"azure": {"objectStores": stores}, "disasterRecovery": {"region": "swedencentral"}})
    assert "to northeurope alone" in complaints(settings)["plinth:disasterRecovery.region"]
    load_settings(as_config(merge(settings, {"disasterRecovery": {"region": "northeurope"}})))


def targets(rpo: str, rto: str) -> RecoveryTargets:
    return RecoveryTargets.model_validate({"rpo": rpo, "rto": rto})


def test_targets_are_written_as_markers_of_objects_and_resources() -> None:
    declared = targets("0s", "5m")
    assert declared.annotations == {"platform/rpo": "0s", "platform/rto": "5m"}
    assert declared.tags == {"platform:rpo": "0s", "platform:rto": "5m"}


@pytest.mark.parametrize(
    ("rpo", "rto", "declared", "achieves"),
    [
        (5, 10, targets("5m", "10m"), True),
        (6, 10, targets("5m", "10m"), False),
        (5, 11, targets("5m", "10m"), False),
        (None, None, targets("5m", "10m"), False),
        (None, None, None, True),
    ],
)
def test_a_loss_stays_within_what_is_declared_or_not(rpo: Any, rto: Any, declared: RecoveryTargets | None, *, achieves: bool) -> None:
    def minutes(count: int | None) -> timedelta | None:
        return None if count is None else timedelta(minutes=count)

    row = Recovery(
        component="database",
        loss=Loss.ZONE,
        declared=declared,
        rpo=minutes(rpo),
        rto=minutes(rto),
        means="a standby",
        decision=Decision.AUTOMATIC,
        runbook=None,
    )
    assert row.achieves is achieves
