from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from components.storage.azure.disk_encryption import DiskEncryption, DiskEncryptionArgs
from tests.components.azure import LOCATION
from tests.components.recorded import option, the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

SET = "azure-native:compute:DiskEncryptionSet"
ASSIGNMENT = "azure-native:authorization:RoleAssignment"
URL = "https://vault.example.com/keys/volumes/1"


def encryption(preview: Preview, *, keep_data: bool = True, retain: bool = True) -> Run:
    args = DiskEncryptionArgs(location=LOCATION, key_id="/keys/volumes", key_url=URL, keep_data=keep_data, retain=retain)
    return preview(lambda: DiskEncryption("volumes", args))


def test_disks_are_encrypted_with_the_newest_version_of_the_platform_s_key(preview: Preview) -> None:
    inputs = the(encryption(preview), SET, "volumes-set").inputs
    assert inputs["activeKey"] == {"keyUrl": URL}
    assert inputs["rotationToLatestKeyVersionEnabled"] is True
    assert inputs["identity"] == {"type": "SystemAssigned"}
    assert inputs["tags"] == LOCATION.tags


def test_premium_ssd_v2_can_have_it(preview: Preview) -> None:
    assert the(encryption(preview), SET, "volumes-set").inputs["encryptionType"] == "EncryptionAtRestWithCustomerKey"


def test_it_may_use_one_key_and_nothing_else(preview: Preview) -> None:
    inputs = the(encryption(preview), ASSIGNMENT, "volumes-key-user").inputs
    assert inputs["scope"] == "/keys/volumes"
    assert inputs["roleDefinitionId"].endswith("e147488a-f6f5-4113-8e2d-b22465e65bf6")


def test_its_id_is_known_before_it_is_there(preview: Preview) -> None:
    ids = []
    args = DiskEncryptionArgs(location=LOCATION, key_id="/keys/volumes", key_url=URL, keep_data=True, retain=True)
    preview(lambda: ids.append(DiskEncryption("volumes", args).disk_encryption_set_id))
    assert ids == [LOCATION.resource_id("Microsoft.Compute/diskEncryptionSets", LOCATION.resource_group)]


@pytest.mark.parametrize("kept", [True, False])
def test_it_stays_with_its_right_as_long_as_the_disks_that_it_opens(preview: Preview, *, kept: bool) -> None:
    run = encryption(preview, keep_data=kept, retain=False)
    assert {each.type for each in run.resources if option(each, "retain_on_delete")} == ({SET, ASSIGNMENT} if kept else set())
    assert not any(option(each, "protect") for each in run.resources)


def test_it_is_protected_where_data_is_retained(preview: Preview) -> None:
    assert option(the(encryption(preview), SET, "volumes-set"), "protect") is True
