from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from components.security.azure.roles import Holder
from components.storage.azure.storage import AzureStorage, AzureStorageArgs
from components.storage.model import VolumeSettings
from facts.azure import BuiltInRole
from tests.components.azure import LOCATION
from tests.components.recorded import of_type, option, the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

ARGS = AzureStorageArgs(
    location=LOCATION,
    control_plane=Holder(name="/identities/control-plane", principal_id="principal"),
    broker_volumes=VolumeSettings(iops=6000, throughput=250),
    zone_redundant=False,
    keep_volumes=True,
    retain=True,
)
CLASS = "kubernetes:storage.k8s.io/v1:StorageClass"
SNAPSHOTS = "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass"
GROUP = "azure-native:resources:ResourceGroup"
RIGHT = "azure-native:authorization:RoleAssignment"


def storage(preview: Preview, **changed: Any) -> Run:
    return preview(lambda: AzureStorage("storage", replace(ARGS, **changed)))


@pytest.fixture
def run(preview: Preview) -> Run:
    return storage(preview)


def test_volumes_grow_outlive_their_claims_and_lie_apart_from_the_nodes(run: Run) -> None:
    inputs = the(run, CLASS, "storage-general").inputs
    assert inputs["provisioner"] == "disk.csi.azure.com"
    assert inputs["allowVolumeExpansion"] is True
    assert inputs["reclaimPolicy"] == "Retain"
    assert inputs["volumeBindingMode"] == "WaitForFirstConsumer"
    assert inputs["metadata"]["annotations"] == {"storageclass.kubernetes.io/is-default-class": "true"}
    assert inputs["parameters"] == {
        "skuName": "PremiumV2_LRS",
        "cachingMode": "None",
        "DiskIOPSReadWrite": "3000",
        "DiskMBpsReadWrite": "125",
        "csi.storage.k8s.io/fstype": "ext4",
        "resourceGroup": "plinth-dev-volumes",
        "tags": "team=platform",
    }


def test_the_cluster_makes_disks_in_the_volumes_group_and_nowhere_else(run: Run) -> None:
    (right,) = of_type(run, RIGHT)
    group = the(run, GROUP, "storage-volumes")
    assert group.inputs["resourceGroupName"] == "plinth-dev-volumes"
    assert group.inputs["tags"] == LOCATION.tags
    assert group.urn in right.dependencies
    assert right.inputs["principalId"] == "principal"
    assert right.inputs["roleDefinitionId"].endswith(BuiltInRole.CONTRIBUTOR)
    assert right.urn in the(run, SNAPSHOTS, "storage-snapshots").dependencies


def test_brokers_have_volumes_as_fast_as_they_need(run: Run) -> None:
    brokers = the(run, CLASS, "storage-brokers").inputs
    assert (brokers["parameters"]["DiskIOPSReadWrite"], brokers["parameters"]["DiskMBpsReadWrite"]) == ("6000", "250")
    assert brokers["metadata"]["annotations"] == {"storageclass.kubernetes.io/is-default-class": "false"}
    assert (brokers["reclaimPolicy"], brokers["allowVolumeExpansion"]) == ("Retain", True)


def test_volumes_in_all_zones_have_the_speed_of_their_size(preview: Preview) -> None:
    for each in of_type(storage(preview, zone_redundant=True), CLASS):
        assert each.inputs["parameters"]["skuName"] == "Premium_ZRS"
        assert not {"DiskIOPSReadWrite", "DiskMBpsReadWrite"} & set(each.inputs["parameters"])


def test_volumes_are_encrypted_with_the_platforms_key_where_it_has_one(preview: Preview) -> None:
    for each in of_type(storage(preview, disk_encryption_set_id="/sets/volumes"), CLASS):
        assert each.inputs["parameters"]["diskEncryptionSetID"] == "/sets/volumes"


def test_snapshots_outlive_the_object_that_asked_for_them(run: Run) -> None:
    inputs = the(run, SNAPSHOTS, "storage-snapshots").inputs
    assert inputs["driver"] == "disk.csi.azure.com"
    assert inputs["deletionPolicy"] == "Retain"
    assert inputs["parameters"] == {"incremental": "true", "resourceGroup": "plinth-dev-volumes", "tags": "team=platform"}
    assert inputs["metadata"]["name"] == ARGS.snapshot_class


def test_snapshots_that_velero_moves_away_are_of_a_class_that_leaves_none_behind(run: Run) -> None:
    label, default = "velero.io/csi-volumesnapshot-class", "snapshot.storage.kubernetes.io/is-default-class"
    chosen = {
        each.inputs["metadata"]["name"]: each.inputs for each in of_type(run, SNAPSHOTS) if label in each.inputs["metadata"]["labels"]
    }
    assert set(chosen) == {"managed"}
    assert chosen["managed"]["deletionPolicy"] == "Delete"
    assert chosen["managed"]["metadata"]["annotations"][default] == "false"
    kept = the(run, SNAPSHOTS, "storage-snapshots").inputs
    assert kept["metadata"]["annotations"][default] == "true"
    assert chosen["managed"].get("parameters") == kept.get("parameters")


def test_volumes_and_snapshots_go_with_an_environment_that_is_not_to_keep_them(preview: Preview) -> None:
    run = storage(preview, keep_volumes=False, retain=False)
    classes = {each.inputs["metadata"]["name"]: each.inputs["reclaimPolicy"] for each in of_type(run, CLASS)}
    assert classes == {"managed-premium": "Delete", "managed-premium-brokers": "Delete"}
    assert [each.inputs["deletionPolicy"] for each in of_type(run, SNAPSHOTS)] == ["Delete"]


@pytest.mark.parametrize(("kept", "retain"), [(True, True), (True, False), (False, False)])
def test_the_group_stays_as_long_as_the_volumes_in_it(preview: Preview, *, kept: bool, retain: bool) -> None:
    group = the(storage(preview, keep_volumes=kept, retain=retain), GROUP, "storage-volumes")
    assert bool(option(group, "retain_on_delete")) is kept
    assert bool(option(group, "protect")) is retain


def test_a_teardown_changes_no_class_so_that_what_claims_from_it_stays_as_it_is(preview: Preview, run: Run) -> None:
    torn_down = storage(preview, retain=False)
    assert [each.inputs for each in of_type(torn_down, CLASS)] == [each.inputs for each in of_type(run, CLASS)]


def test_what_claims_a_volume_has_one_gate_behind_all_classes(preview: Preview) -> None:
    gates = []
    run = preview(lambda: gates.append(AzureStorage("storage", ARGS).ready))
    last = the(run, CLASS, "storage-brokers")
    (gate,) = gates
    assert gate.pulumi_resource_name == last.name
    assert the(run, CLASS, "storage-general").urn in last.dependencies
