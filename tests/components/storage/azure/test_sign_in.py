from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from components.storage.azure.sign_in import BlobSignIn, BlobSignInArgs, below
from components.storage.object_store import StoreSignIn, StoreUser
from tests.components.azure import LOCATION
from tests.components.recorded import of_type

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

CONTAINER = LOCATION.resource_id("Microsoft.Storage/storageAccounts", "backups1") + "/blobServices/default/containers/backups"
ARGS = BlobSignInArgs(
    location=LOCATION,
    platform="plinth-dev",
    issuer="https://issuer.example.com/",
    container_id=CONTAINER,
    user=StoreUser(name="velero", store="backups", namespace="velero", service_account="velero-server", prefix="velero"),
)
ASSIGNMENT = "azure-native:authorization:RoleAssignment"
CREDENTIAL = "azure-native:managedidentity:FederatedIdentityCredential"


@pytest.fixture
def given() -> list[StoreSignIn]:
    return []


def sign_in(preview: Preview, given: list[StoreSignIn], prefix: str = "velero") -> Run:
    args = replace(ARGS, user=replace(ARGS.user, prefix=prefix))
    return preview(lambda: given.append(BlobSignIn("velero-store", args).sign_in))


def test_a_user_is_the_pods_of_one_service_account_and_pods_ask_for_its_token(preview: Preview, given: list[StoreSignIn]) -> None:
    (credential,) = of_type(sign_in(preview, given), CREDENTIAL)
    assert credential.inputs["subject"] == "system:serviceaccount:velero:velero-server"
    (told,) = given
    assert list(told.annotations) == ["azure.workload.identity/client-id"]
    assert told.labels == {"azure.workload.identity/use": "true"}
    assert told.ready is not None
    assert told.ready._name == credential.name


def test_it_may_read_and_write_the_container_and_nothing_else_of_the_account(preview: Preview, given: list[StoreSignIn]) -> None:
    run = sign_in(preview, given)
    (assignment,) = of_type(run, ASSIGNMENT)
    assert assignment.inputs["scope"] == CONTAINER
    assert assignment.inputs["roleDefinitionId"].endswith("/ba92f5b4-2d11-453d-a403-e96b0029c9fe")
    (credential,) = of_type(run, CREDENTIAL)
    assert assignment.urn in credential.dependencies


def test_a_prefix_is_a_condition_of_the_role_and_no_prefix_is_none(preview: Preview, given: list[StoreSignIn]) -> None:
    (narrowed,) = of_type(sign_in(preview, given), ASSIGNMENT)
    assert (narrowed.inputs["condition"], narrowed.inputs["conditionVersion"]) == (below("velero"), "2.0")
    (whole,) = of_type(sign_in(preview, given, prefix=""), ASSIGNMENT)
    assert not {"condition", "conditionVersion"} & set(whole.inputs)


def test_the_condition_bounds_every_action_of_the_role_on_blobs_and_their_listing() -> None:
    condition = below("velero")
    for action in ("read", "write", "add/action", "delete"):
        assert f"blobs/{action}'}}" in condition
    assert condition.count("StringStartsWith 'velero/'") == 2
    assert condition.count("(") == condition.count(")")
