from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from components.base import Component
from components.security.azure.identity import PodIdentity, Right, ServiceAccount, identify_pods
from facts.azure import BuiltInRole
from tests.components.azure import LOCATION
from tests.components.recorded import of_type, the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

IDENTITY = "azure-native:managedidentity:UserAssignedIdentity"
CREDENTIAL = "azure-native:managedidentity:FederatedIdentityCredential"
ASSIGNMENT = "azure-native:authorization:RoleAssignment"
STORE = LOCATION.resource_id("Microsoft.Storage/storageAccounts", "backups")


class Owner(Component):
    pass


def identify(name: str = "plinth-dev-backup", store: str = STORE) -> None:
    owner = Owner("owner")
    identify_pods(
        owner,
        PodIdentity(
            role="backup",
            name=name,
            issuer="https://issuer.example.com/",
            accounts=[ServiceAccount(namespace="velero", name="server"), ServiceAccount(namespace="velero", name="node-agent")],
            rights={"store": Right(role=BuiltInRole.STORAGE_BLOB_DATA_CONTRIBUTOR, scope=store)},
        ),
        location=LOCATION,
    )
    owner.register_outputs({})


@pytest.fixture
def run(preview: Preview) -> Run:
    return preview(identify)


def test_an_identity_is_of_the_platform_s_group_and_tagged(run: Run) -> None:
    inputs = the(run, IDENTITY, "owner-backup").inputs
    assert inputs == {
        "resourceGroupName": "plinth-dev",
        "location": "westeurope",
        "resourceName": "plinth-dev-backup",
        "tags": LOCATION.tags,
    }


def test_pods_of_the_named_service_accounts_and_no_others_may_take_it(run: Run) -> None:
    credentials = of_type(run, CREDENTIAL)
    assert [each.inputs["subject"] for each in credentials] == [
        "system:serviceaccount:velero:server",
        "system:serviceaccount:velero:node-agent",
    ]
    assert {each.inputs["issuer"] for each in credentials} == {"https://issuer.example.com/"}
    assert {tuple(each.inputs["audiences"]) for each in credentials} == {("api://AzureADTokenExchange",)}


def test_credentials_of_one_identity_are_written_one_after_the_other(run: Run) -> None:
    first, second = of_type(run, CREDENTIAL)
    assert first.urn in second.dependencies


def test_names_of_credentials_fit_however_long_their_service_account_s_is(preview: Preview) -> None:
    def program() -> None:
        owner = Owner("owner")
        accounts = [ServiceAccount(namespace="n" * 63, name="a" * 253)]
        identify_pods(owner, PodIdentity(role="it", name="its", issuer="https://x/", accounts=accounts), location=LOCATION)
        owner.register_outputs({})

    (credential,) = of_type(preview(program), CREDENTIAL)
    assert len(credential.inputs["federatedIdentityCredentialResourceName"]) <= 120


def test_a_right_is_one_role_on_one_resource(run: Run) -> None:
    inputs = the(run, ASSIGNMENT, "owner-backup-store").inputs
    assert inputs["scope"] == STORE
    assert inputs["principalType"] == "ServicePrincipal"
    assert inputs["roleDefinitionId"] == (
        f"/subscriptions/{LOCATION.subscription_id}/providers/Microsoft.Authorization/roleDefinitions/ba92f5b4-2d11-453d-a403-e96b0029c9fe"
    )


def test_a_right_has_a_name_of_its_own_that_stays_from_run_to_run(preview: Preview, run: Run) -> None:
    def name_of(run: Run) -> UUID:
        (assignment,) = of_type(run, ASSIGNMENT)
        return UUID(assignment.inputs["roleAssignmentName"])

    assert name_of(run) == name_of(preview(identify))
    assert name_of(run) != name_of(preview(lambda: identify(name="another")))
    assert name_of(run) != name_of(preview(lambda: identify(store=STORE + "2")))


def test_a_right_makes_way_for_its_successor_of_the_same_name(run: Run) -> None:
    assert the(run, ASSIGNMENT, "owner-backup-store").options["delete_before_replace"] is True
