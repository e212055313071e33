from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from components.secrets.key_vault.vault import KeyVault, KeyVaultArgs
from tests.components.azure import ACCESS, LOCATION, WORKSPACE
from tests.components.recorded import of_type, option, the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

VAULT = "azure-native:keyvault:Vault"
KEY = "azure-native:keyvault:Key"
LOCK = "azure-native:authorization:ManagementLockByScope"
ARGS = KeyVaultArgs(keys=["volumes"], location=LOCATION, access=ACCESS, workspace_id=WORKSPACE, keep_data=True, retain=True)


def vault(preview: Preview, **changed: Any) -> Run:
    return preview(lambda: KeyVault("keys", replace(ARGS, **changed)))


@pytest.fixture
def run(preview: Preview) -> Run:
    return vault(preview)


def test_nobody_empties_it_for_90_days(run: Run) -> None:
    properties = the(run, VAULT, "keys-vault").inputs["properties"]
    assert properties["enablePurgeProtection"] is True
    assert properties["enableSoftDelete"] is True
    assert properties["softDeleteRetentionInDays"] == 90


def test_roles_alone_say_who_may_use_what(run: Run) -> None:
    properties = the(run, VAULT, "keys-vault").inputs["properties"]
    assert properties["enableRbacAuthorization"] is True
    assert "accessPolicies" not in properties
    assert properties["tenantId"] == LOCATION.tenant_id


def test_it_is_closed_to_all_but_the_network_and_services_of_azure(run: Run) -> None:
    properties = the(run, VAULT, "keys-vault").inputs["properties"]
    assert properties["publicNetworkAccess"] == "Disabled"
    assert properties["networkAcls"] == {"defaultAction": "Deny", "bypass": "AzureServices"}
    inputs = the(run, "azure-native:network:PrivateEndpoint", "keys-endpoint").inputs
    assert inputs["privateLinkServiceConnections"][0]["groupIds"] == ["vault"]


def test_a_deployment_after_a_teardown_does_not_meet_the_name_of_the_vault_before(run: Run) -> None:
    assert "vaultName" not in the(run, VAULT, "keys-vault").inputs


def test_keys_are_of_a_kind_that_disks_take_and_are_rotated_every_year(run: Run) -> None:
    inputs = the(run, KEY, "keys-volumes-key").inputs
    assert (inputs["keyName"], inputs["tags"]) == ("volumes", LOCATION.tags)
    assert (inputs["properties"]["kty"], inputs["properties"]["keySize"]) == ("RSA", 4096)
    assert inputs["properties"]["rotationPolicy"]["lifetimeActions"] == [
        {"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P1Y"}}
    ]


def test_every_use_of_a_key_is_told_to_the_workspace(run: Run) -> None:
    inputs = the(run, "azure-native:monitor:DiagnosticSetting", "keys-diagnostics").inputs
    assert "AuditEvent" in {each["category"] for each in inputs["logs"]}
    assert inputs["workspaceId"] == WORKSPACE


@pytest.mark.parametrize("kept", [True, False])
def test_it_stays_as_long_as_what_its_keys_open(preview: Preview, *, kept: bool) -> None:
    run = vault(preview, keep_data=kept, retain=False)
    assert {each.type for each in run.resources if option(each, "retain_on_delete")} == ({VAULT, KEY} if kept else set())


def test_it_is_protected_and_locked_until_the_stack_is_to_be_taken_down(preview: Preview, run: Run) -> None:
    assert {each.type for each in run.resources if option(each, "protect")} == {VAULT, KEY}
    assert len(of_type(run, LOCK)) == 1
    torn_down = vault(preview, retain=False)
    assert not any(option(each, "protect") for each in torn_down.resources)
    assert of_type(torn_down, LOCK) == []


def test_a_key_is_never_deleted_through_a_vault_that_lets_nobody_in(run: Run) -> None:
    assert option(the(run, KEY, "keys-volumes-key"), "deleted_with") == the(run, VAULT, "keys-vault").urn
