from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from components.storage.azure.object_store import ObjectStores, ObjectStoresArgs, redundancy
from components.storage.azure.object_store_model import ObjectStoreSettings
from tests.components.azure import ACCESS, LOCATION, WORKSPACE
from tests.components.recorded import behind, of_type, option, the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

ACCOUNT = "azure-native:storage:StorageAccount"
VERSIONS = "azure-native:storage:BlobServiceProperties"
CONTAINER = "azure-native:storage:BlobContainer"
LIFECYCLE = "azure-native:storage:ManagementPolicy"
LOCK = "azure-native:authorization:ManagementLockByScope"
DIAGNOSTICS = "azure-native:monitor:DiagnosticSetting"
KEPT = replace(LOCATION, resource_group="plinth-dev-data")
BACKUPS = ObjectStoreSettings.model_validate({"immutableFor": "30d", "keepFor": "90d", "geoRedundant": True})
ARGS = ObjectStoresArgs(
    stores={"backups": BACKUPS},
    name="plinth-dev",
    location=KEPT,
    access=ACCESS,
    zone_redundant=True,
    read_elsewhere=False,
    workspace_id=WORKSPACE,
    keep_data=True,
    retain=True,
)


def stores(preview: Preview, **changed: Any) -> Run:
    return preview(lambda: ObjectStores("stores", replace(ARGS, **changed)))


@pytest.fixture
def run(preview: Preview) -> Run:
    return stores(preview)


def test_what_is_deleted_or_overwritten_can_be_brought_back(run: Run) -> None:
    inputs = the(run, VERSIONS, "stores-backups-versions").inputs
    assert inputs["isVersioningEnabled"] is True
    assert inputs["deleteRetentionPolicy"] == {"enabled": True, "days": 90}
    assert inputs["containerDeleteRetentionPolicy"] == {"enabled": True, "days": 90}


def test_endpoints_meet_no_other_change_of_their_account_nor_each_other(preview: Preview) -> None:
    run = stores(preview, stores={"backups": BACKUPS, "exports": BACKUPS})
    first, second = of_type(run, "azure-native:network:PrivateEndpoint")
    for endpoint, store in ((first, "backups"), (second, "exports")):
        changes = ((VERSIONS, "versions"), (CONTAINER, "container"), (LIFECYCLE, "lifecycle"))
        assert {the(run, token, f"stores-{store}-{role}").urn for token, role in changes} <= behind(run, endpoint)
    assert first.urn in behind(run, second)


def test_former_versions_go_once_they_can_and_what_is_current_never_by_age(run: Run) -> None:
    (rule,) = the(run, LIFECYCLE, "stores-backups-lifecycle").inputs["policy"]["rules"]
    assert rule["definition"]["actions"] == {"version": {"delete": {"daysAfterCreationGreaterThan": 30}}}
    assert the(run, VERSIONS, "stores-backups-versions").urn in the(run, LIFECYCLE, "stores-backups-lifecycle").dependencies


def test_a_store_that_is_not_immutable_drops_former_versions_after_a_day(preview: Preview) -> None:
    run = stores(preview, stores={"backups": ObjectStoreSettings.model_validate({"keepFor": "7d"})})
    (rule,) = the(run, LIFECYCLE, "stores-backups-lifecycle").inputs["policy"]["rules"]
    assert rule["definition"]["actions"]["version"]["delete"] == {"daysAfterCreationGreaterThan": 1}
    assert "immutableStorageWithVersioning" not in the(run, ACCOUNT, "stores-backups").inputs


def test_versions_are_immutable_for_as_long_as_it_is_set(run: Run) -> None:
    policy = the(run, ACCOUNT, "stores-backups").inputs["immutableStorageWithVersioning"]["immutabilityPolicy"]
    assert policy["immutabilityPeriodSinceCreationInDays"] == 30


@pytest.mark.parametrize(
    ("zones", "pair", "readable", "sku"),
    [
        (True, True, True, "Standard_RAGZRS"),
        (True, True, False, "Standard_GZRS"),
        (True, False, True, "Standard_ZRS"),
        (False, True, True, "Standard_RAGRS"),
        (False, True, False, "Standard_GRS"),
        (False, False, True, "Standard_LRS"),
    ],
)
def test_copies_are_in_zones_and_in_the_paired_region(sku: str, *, zones: bool, pair: bool, readable: bool) -> None:
    assert redundancy(zones=zones, pair=pair, readable=readable) == sku


def test_copies_can_be_read_in_the_second_region_where_there_is_one(preview: Preview, run: Run) -> None:
    assert the(run, ACCOUNT, "stores-backups").inputs["sku"] == {"name": "Standard_GZRS"}
    assert the(stores(preview, read_elsewhere=True), ACCOUNT, "stores-backups").inputs["sku"] == {"name": "Standard_RAGZRS"}


def test_its_targets_are_declared_as_tags_beside_those_of_the_stack(preview: Preview) -> None:
    declared = ObjectStoreSettings.model_validate({"keepFor": "7d", "recovery": {"rpo": "1h", "rto": "4h"}})
    tags = the(stores(preview, stores={"backups": declared}), ACCOUNT, "stores-backups").inputs["tags"]
    assert tags == {**LOCATION.tags, "platform:rpo": "1h", "platform:rto": "4h"}


def test_writers_are_told_where_it_is_and_wait_until_they_can_reach_it(preview: Preview) -> None:
    given: list[ObjectStores] = []
    run = preview(lambda: given.append(ObjectStores("stores", ARGS)))
    store = given[0].stores["backups"]
    account = the(run, ACCOUNT, "stores-backups").inputs["accountName"]
    assert (store.account, store.container, store.resource_group) == (account, "backups", "plinth-dev-data")
    assert store.immutable_for == BACKUPS.immutable_for
    assert given[0].container_ids["backups"].endswith(f"/storageAccounts/{account}/blobServices/default/containers/backups")
    assert store.ready is not None
    assert store.ready._name.startswith("stores-backups-endpoint")


def test_every_access_is_told_to_the_workspace(run: Run) -> None:
    inputs = the(run, DIAGNOSTICS, "stores-backups-diagnostics").inputs
    assert {each["category"] for each in inputs["logs"]} == {"StorageRead", "StorageWrite", "StorageDelete"}
    assert inputs["workspaceId"] == WORKSPACE


def test_the_network_reaches_it_by_an_address_of_its_own(run: Run) -> None:
    inputs = the(run, "azure-native:network:PrivateEndpoint", "stores-backups-endpoint").inputs
    assert inputs["privateLinkServiceConnections"][0]["groupIds"] == ["blob"]
    assert inputs["resourceGroupName"] == "plinth-dev"


def test_a_container_has_the_store_s_name(run: Run) -> None:
    inputs = the(run, CONTAINER, "stores-backups-container").inputs
    assert (inputs["containerName"], inputs["publicAccess"], inputs["resourceGroupName"]) == ("backups", "None", "plinth-dev-data")


def test_two_stores_and_two_customers_have_accounts_of_their_own(preview: Preview) -> None:
    def names(**changed: Any) -> set[str]:
        return {each.inputs["accountName"] for each in of_type(stores(preview, **changed), ACCOUNT)}

    two = names(stores={"backups": BACKUPS, "logs": BACKUPS})
    other = names(location=replace(KEPT, subscription_id="99999999-1111-2222-3333-444444444444"))
    assert len(two | other) == 3
    assert all(3 <= len(name) <= 24 for name in two | other)


def test_data_is_protected_and_locked_until_the_stack_is_to_be_taken_down(preview: Preview, run: Run) -> None:
    assert option(the(run, ACCOUNT, "stores-backups"), "protect") is True
    assert option(the(run, CONTAINER, "stores-backups-container"), "protect") is True
    assert len(of_type(run, LOCK)) == 1
    torn_down = stores(preview, retain=False)
    assert not any(option(each, "protect") for each in torn_down.resources)
    assert of_type(torn_down, LOCK) == []


@pytest.mark.parametrize("kept", [True, False])
def test_it_stays_with_all_that_it_needs_where_data_is_kept(preview: Preview, *, kept: bool) -> None:
    run = stores(preview, keep_data=kept)
    staying = {each.type for each in run.resources if option(each, "retain_on_delete")}
    assert staying == ({ACCOUNT, VERSIONS, CONTAINER, LIFECYCLE} if kept else set())


def test_what_is_in_an_account_goes_with_it_and_not_before(run: Run) -> None:
    account = the(run, ACCOUNT, "stores-backups").urn
    assert {each.type for each in run.resources if option(each, "deleted_with") == account} == {VERSIONS, CONTAINER, LIFECYCLE}


@pytest.mark.parametrize("wrong", [{"keepFor": "366d"}, {"keepFor": "12h"}, {"keepFor": "7d", "immutableFor": "0d"}, {}])
def test_a_retention_that_azure_does_not_have_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        ObjectStoreSettings.model_validate(wrong)
