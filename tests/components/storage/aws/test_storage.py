from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from components.storage.aws.storage import AwsStorage, AwsStorageArgs
from components.tenancy.priorities import PriorityClasses
from tests.components.recorded import document, of_type, option, the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

KEY = "aws:kms/key:Key"


def storage(preview: Preview, *, retain: bool = True) -> Run:
    return preview(lambda: AwsStorage("storage", AwsStorageArgs(region="eu-west-1", account_id="111122223333", retain=retain)))


@pytest.fixture
def run(preview: Preview) -> Run:
    return storage(preview)


def test_volumes_are_encrypted_grow_and_outlive_their_claims(run: Run) -> None:
    storage_class = the(run, "kubernetes:storage.k8s.io/v1:StorageClass", "storage-gp3-retain")
    inputs = storage_class.inputs
    assert inputs["provisioner"] == "ebs.csi.aws.com"
    assert inputs["parameters"]["encrypted"] == "true"
    assert inputs["parameters"]["type"] == "gp3"
    assert inputs["allowVolumeExpansion"] is True
    assert inputs["reclaimPolicy"] == "Retain"
    assert inputs["volumeBindingMode"] == "WaitForFirstConsumer"
    assert inputs["metadata"]["annotations"] == {"storageclass.kubernetes.io/is-default-class": "true"}
    assert the(run, KEY, "storage-volumes-key").urn in storage_class.dependencies


def test_the_key_is_open_to_ebs_in_this_account_and_to_nobody_else(run: Run) -> None:
    key = the(run, KEY, "storage-volumes-key")
    assert key.inputs["enableKeyRotation"] is True
    statement = document(key, "policy")["Statement"][1]
    assert statement["Condition"] == {
        "StringEquals": {"kms:CallerAccount": "111122223333", "kms:ViaService": "ec2.eu-west-1.amazonaws.com"}
    }


@pytest.mark.parametrize("retain", [True, False])
def test_the_key_is_protected_where_data_is_retained(preview: Preview, *, retain: bool) -> None:
    key = the(storage(preview, retain=retain), KEY, "storage-volumes-key")
    assert bool(option(key, "protect")) is retain


def test_snapshots_outlive_the_object_that_asked_for_them(run: Run) -> None:
    inputs = the(run, "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass", "storage-ebs-retain").inputs
    assert inputs["apiVersion"] == "snapshot.storage.k8s.io/v1"
    assert inputs["kind"] == "VolumeSnapshotClass"
    assert inputs["driver"] == "ebs.csi.aws.com"
    assert inputs["deletionPolicy"] == "Retain"
    assert "spec" not in inputs


def test_brokers_go_before_dashboards_and_those_before_applications(preview: Preview) -> None:
    run = preview(lambda: PriorityClasses("priorities"))
    classes = {each.inputs["metadata"]["name"]: each.inputs for each in of_type(run, "kubernetes:scheduling.k8s.io/v1:PriorityClass")}
    assert classes["platform-critical"]["value"] > classes["platform"]["value"] > classes["workload"]["value"]
    assert classes["platform-critical"]["value"] <= 1_000_000_000
    assert [name for name, inputs in classes.items() if inputs["globalDefault"]] == ["workload"]
