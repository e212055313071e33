from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from components.storage.aws.storage import AwsStorage, AwsStorageArgs
from components.storage.model import VolumeSettings
from components.tenancy.priorities import PriorityClasses
from tests.components.recorded import document, of_type, option, the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

KEY = "aws:kms/key:Key"


ARGS = AwsStorageArgs(
    region="eu-west-1",
    account_id="111122223333",
    broker_volumes=VolumeSettings(iops=6000, throughput=250),
    keep_volumes=True,
    retain=True,
)
CLASS = "kubernetes:storage.k8s.io/v1:StorageClass"
SNAPSHOTS = "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass"


def storage(preview: Preview, **changed: Any) -> Run:
    return preview(lambda: AwsStorage("storage", replace(ARGS, **changed)))


@pytest.fixture
def run(preview: Preview) -> Run:
    return storage(preview)


def test_volumes_are_encrypted_grow_and_outlive_their_claims(run: Run) -> None:
    storage_class = the(run, CLASS, "storage-general")
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


def test_brokers_have_volumes_as_fast_as_they_need(run: Run) -> None:
    general, brokers = (the(run, CLASS, f"storage-{role}").inputs for role in ("general", "brokers"))
    assert (general["parameters"]["iops"], general["parameters"]["throughput"]) == ("3000", "125")
    assert (brokers["parameters"]["iops"], brokers["parameters"]["throughput"]) == ("6000", "250")
    assert brokers["metadata"]["annotations"] == {"storageclass.kubernetes.io/is-default-class": "false"}
    assert {key: brokers[key] for key in ("reclaimPolicy", "allowVolumeExpansion")} == {
        "reclaimPolicy": "Retain",
        "allowVolumeExpansion": True,
    }


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"iops": 2999}, "greater than or equal to 3000"),
        ({"iops": 80001}, "less than or equal to 80000"),
        ({"throughput": 2001}, "less than or equal to 2000"),
        ({"throughput": 800}, "800 MiB/s need 3200 iops, but there are 3000"),
    ],
)
def test_a_speed_that_ebs_does_not_offer_is_refused(wrong: dict[str, int], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        VolumeSettings.model_validate(wrong)


@pytest.mark.parametrize(("iops", "gib"), [(3000, 0), (3001, 7), (6000, 12), (16000, 32), (80000, 160)])
def test_a_faster_volume_must_be_larger(iops: int, gib: int) -> None:
    assert VolumeSettings(iops=iops).least_size == gib * 2**30


@pytest.mark.parametrize("retain", [True, False])
def test_the_key_is_protected_where_data_is_retained(preview: Preview, *, retain: bool) -> None:
    key = the(storage(preview, retain=retain), KEY, "storage-volumes-key")
    assert bool(option(key, "protect")) is retain


def test_snapshots_outlive_the_object_that_asked_for_them(run: Run) -> None:
    inputs = the(run, SNAPSHOTS, "storage-snapshots").inputs
    assert inputs["apiVersion"] == "snapshot.storage.k8s.io/v1"
    assert inputs["kind"] == "VolumeSnapshotClass"
    assert inputs["driver"] == "ebs.csi.aws.com"
    assert inputs["deletionPolicy"] == "Retain"
    assert "spec" not in inputs


def test_snapshots_that_velero_moves_away_are_of_a_class_that_leaves_none_behind(run: Run) -> None:
    label, default = "velero.io/csi-volumesnapshot-class", "snapshot.storage.kubernetes.io/is-default-class"
    chosen = {
        each.inputs["metadata"]["name"]: each.inputs for each in of_type(run, SNAPSHOTS) if label in each.inputs["metadata"]["labels"]
    }
    assert set(chosen) == {"ebs"}
    assert chosen["ebs"]["deletionPolicy"] == "Delete"
    assert chosen["ebs"]["metadata"]["annotations"][default] == "false"
    kept = the(run, SNAPSHOTS, "storage-snapshots").inputs
    assert kept["metadata"]["annotations"][default] == "true"
    assert chosen["ebs"].get("parameters") == kept.get("parameters")


def test_volumes_and_snapshots_go_with_an_environment_that_is_not_to_keep_them(preview: Preview) -> None:
    run = storage(preview, keep_volumes=False, retain=False)
    classes = {each.inputs["metadata"]["name"]: each.inputs["reclaimPolicy"] for each in of_type(run, CLASS)}
    assert classes == {"gp3": "Delete", "gp3-brokers": "Delete"}
    assert [each.inputs["deletionPolicy"] for each in of_type(run, SNAPSHOTS)] == ["Delete"]


@pytest.mark.parametrize("kept", [True, False])
def test_the_key_stays_as_long_as_the_volumes_that_it_opens(preview: Preview, *, kept: bool) -> None:
    key = the(storage(preview, keep_volumes=kept, retain=False), "aws:kms/key:Key", "storage-volumes-key")
    assert bool(key.options.get("retain_on_delete")) is kept
    assert not key.options.get("protect")


def test_a_teardown_changes_no_class_so_that_what_claims_from_it_stays_as_it_is(preview: Preview, run: Run) -> None:
    torn_down = storage(preview, retain=False)
    assert [each.inputs for each in of_type(torn_down, CLASS)] == [each.inputs for each in of_type(run, CLASS)]


def test_what_claims_a_volume_has_one_gate_behind_all_classes(preview: Preview) -> None:
    gates = []
    run = preview(lambda: gates.append(AwsStorage("storage", ARGS).ready))
    last = the(run, CLASS, "storage-brokers")
    (gate,) = gates
    assert gate.pulumi_resource_name == last.name
    assert the(run, CLASS, "storage-general").urn in last.dependencies


def test_brokers_go_before_dashboards_and_those_before_applications(preview: Preview) -> None:
    run = preview(lambda: PriorityClasses("priorities"))
    classes = {each.inputs["metadata"]["name"]: each.inputs for each in of_type(run, "kubernetes:scheduling.k8s.io/v1:PriorityClass")}
    assert classes["platform-critical"]["value"] > classes["platform"]["value"] > classes["workload"]["value"]
    assert classes["platform-critical"]["value"] <= 1_000_000_000
    assert [name for name, inputs in classes.items() if inputs["globalDefault"]] == ["workload"]
