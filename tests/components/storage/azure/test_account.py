from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from pulumi_azure_native import storage

from components.base import Component
from components.storage.azure.account import StorageAccountSpec, create_storage_account
from tests.components.azure import LOCATION
from tests.components.recorded import option, the

if TYPE_CHECKING:
    from offline.engine import RecordedResource
    from tests.components.recorded import Preview

SPEC = StorageAccountSpec(role="logs", name="plinthlogs123456", sku=storage.SkuName.STANDARD_ZRS)


class Owner(Component):
    pass


def account(preview: Preview, *, retain: bool = True, **changed: Any) -> RecordedResource:
    def program() -> None:
        owner = Owner("owner")
        create_storage_account(owner, replace(SPEC, **changed), location=LOCATION, retain=retain)
        owner.register_outputs({})

    return the(preview(program), "azure-native:storage:StorageAccount", "owner-logs")


def test_nobody_comes_in_with_a_key_or_without_a_name(preview: Preview) -> None:
    inputs = account(preview).inputs
    assert inputs["allowSharedKeyAccess"] is False
    assert inputs["allowBlobPublicAccess"] is False
    assert inputs["isLocalUserEnabled"] is False
    assert inputs["allowCrossTenantReplication"] is False
    assert inputs["enableHttpsTrafficOnly"] is True
    assert inputs["minimumTlsVersion"] == "TLS1_2"


def test_it_is_closed_to_the_internet(preview: Preview) -> None:
    inputs = account(preview).inputs
    assert inputs["publicNetworkAccess"] == "Disabled"
    assert inputs["networkRuleSet"] == {"defaultAction": "Deny", "bypass": "None"}


def test_services_of_azure_come_in_where_they_are_to_write(preview: Preview) -> None:
    assert account(preview, trusted_services=True).inputs["networkRuleSet"] == {"defaultAction": "Deny", "bypass": "AzureServices"}


def test_it_is_encrypted_twice(preview: Preview) -> None:
    assert account(preview).inputs["encryption"]["requireInfrastructureEncryption"] is True


@pytest.mark.parametrize("retain", [True, False])
def test_it_is_protected_where_it_is_retained(preview: Preview, *, retain: bool) -> None:
    assert bool(option(account(preview, retain=retain), "protect")) is retain


def test_versions_can_be_kept_from_being_changed(preview: Preview) -> None:
    assert "immutableStorageWithVersioning" not in account(preview).inputs
    assert account(preview, immutable_for=30).inputs["immutableStorageWithVersioning"] == {
        "enabled": True,
        "immutabilityPolicy": {"immutabilityPeriodSinceCreationInDays": 30, "state": "Unlocked", "allowProtectedAppendWrites": False},
    }


def test_it_is_where_the_platform_is_and_tagged(preview: Preview) -> None:
    inputs = account(preview).inputs
    assert (inputs["location"], inputs["resourceGroupName"], inputs["tags"]) == ("westeurope", "plinth-dev", {"team": "platform"})
