from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from accounts.azure.bootstrap import AzureBootstrap
from accounts.azure.deployer import NEVER_ASSIGNED, assignment_condition
from accounts.azure.failures import failures
from accounts.azure.registrations import PROVIDERS
from accounts.azure.session import sign_in
from accounts.errors import AccountError, CloudError, MissingRightsError
from accounts.github import Workflows
from accounts.steps import Action, Step, apply, plan
from facts.azure import BuiltInRole
from tests.accounts.azure.arm import CLIENT, PRINCIPAL, SUBSCRIPTION, TENANT, Arm

SCOPE = f"/subscriptions/{SUBSCRIPTION}"
GROUP = f"{SCOPE}/resourcegroups/plinth-state"


@pytest.fixture
def arm() -> Arm:
    return Arm()


def bootstrap(arm: Arm, environments: Sequence[str] = ("production",), location: str = "westeurope") -> AzureBootstrap:
    return AzureBootstrap(
        subscription=sign_in(SUBSCRIPTION, arm.connect),
        location=location,
        project="plinth",
        workflows=Workflows(repository="acme/platform", environments=environments),
    )


def run(described: AzureBootstrap) -> Sequence[Step]:
    return list(apply(plan(described.things, failures), failures))


def changes(described: AzureBootstrap) -> Mapping[str, Sequence[str]]:
    return {step.thing.kind: step.details for step in plan(described.things, failures) if step.action is not Action.KEEP}


# -- the first run, and the second ----------------------------------------------------------------------------------------------


def test_a_first_run_creates_everything_in_order_and_a_second_finds_nothing_to_do(arm: Arm) -> None:
    kinds = [step.thing.kind for step in run(bootstrap(arm))]
    assert kinds == [
        "resource providers",
        "feature",
        "resource group",
        "storage account",
        "lock",
        "blob service",
        "container",
        "lifecycle",
        "key vault",
        "lock",
        "key",
        "identity",
        "federated credentials",
        "role assignments",
    ]
    assert changes(bootstrap(arm)) == {}


def test_planning_changes_nothing(arm: Arm) -> None:
    plan(bootstrap(arm).things, failures)
    assert arm.resources == {}
    assert {call.split()[0] for call in arm.calls} == {"GET"}


def test_every_provider_and_encryption_at_host_are_registered_and_the_provider_learns_of_it(arm: Arm) -> None:
    arm.providers = {"Microsoft.Compute": "Registered", "Microsoft.Storage": "NotRegistered"}
    run(bootstrap(arm))
    assert arm.providers == dict.fromkeys(PROVIDERS, "Registered")
    put = next(call for call in arm.calls if "subscriptionFeatureRegistrations/EncryptionAtHost" in call and call.startswith("PUT"))
    assert arm.calls.index(put) < arm.calls.index(f"POST {SCOPE}/providers/Microsoft.Compute/register")


def test_a_new_subscription_is_planned_for_though_it_knows_no_provider_yet(arm: Arm) -> None:
    arm.is_new = True
    plan(bootstrap(arm).things, failures)
    assert {call.split()[0] for call in arm.calls} == {"GET"}
    run(bootstrap(arm))
    assert changes(bootstrap(arm)) == {}


def test_the_state_is_versioned_locked_and_opened_by_no_key_of_the_account(arm: Arm) -> None:
    run(bootstrap(arm))
    account = next(body for path, body in arm.resources.items() if "/storageaccounts/" in path and path.count("/") == 8)
    assert account["properties"]["allowSharedKeyAccess"] is False
    assert account["properties"]["allowBlobPublicAccess"] is False
    assert account["properties"]["minimumTlsVersion"] == "TLS1_2"
    assert account["sku"] == {"name": "Standard_ZRS"}
    service = arm.find("/blobservices/default")["properties"]
    assert service["isVersioningEnabled"] is True
    assert service["deleteRetentionPolicy"] == service["containerDeleteRetentionPolicy"] == {"enabled": True, "days": 90}
    assert arm.find(f"/providers/microsoft.authorization/locks/{account['name']}")["properties"]["level"] == "CanNotDelete"


def test_a_region_without_zones_has_an_account_all_the_same(arm: Arm) -> None:
    run(bootstrap(arm, location="westus"))
    assert [body["sku"]["name"] for body in arm.resources.values() if body.get("kind") == "StorageV2"] == ["Standard_LRS"]


def test_the_vault_is_never_purged_and_its_key_named_with_its_version(arm: Arm) -> None:
    described = bootstrap(arm)
    run(described)
    vault = arm.find(f"/vaults/{described.vault}")
    assert vault["properties"]["enablePurgeProtection"] is True
    assert vault["properties"]["enableRbacAuthorization"] is True
    assert vault["properties"]["tenantId"] == TENANT
    assert arm.find(f"/locks/{described.vault}")["properties"]["level"] == "CanNotDelete"
    lines = "\n".join(line for _, lines in described.next_steps for line in lines)
    version = "0123456789abcdef0123456789abcdef"
    assert f"--secrets-provider='azurekeyvault://{described.vault}.vault.azure.net/keys/secrets/{version}'" in lines
    assert f"pulumi login 'azblob://state?storage_account={described.account}'" in lines
    assert f"client-id: {CLIENT}" in lines
    assert f"ARM_CLIENT_ID: {CLIENT}" in lines


def test_names_fit_their_kinds_and_differ_by_subscription(arm: Arm) -> None:
    described = bootstrap(arm)
    assert described.account.isalnum()
    assert len(described.account) <= 24
    assert len(described.vault) <= 24
    assert described.account != described.vault


def test_the_identity_trusts_the_jobs_of_the_named_environments_alone(arm: Arm) -> None:
    run(bootstrap(arm, environments=("staging", "production")))
    credentials = {path.rpartition("/")[2]: body["properties"] for path, body in arm.resources.items() if "/federated" in path}
    assert credentials == {
        f"environment-{name}": {
            "issuer": "https://token.actions.githubusercontent.com",
            "subject": f"repo:acme/platform:environment:{name}",
            "audiences": ["api://AzureADTokenExchange"],
        }
        for name in ("staging", "production")
    }


def test_the_identity_has_its_roles_and_assigns_none_that_would_raise_it(arm: Arm) -> None:
    run(bootstrap(arm))
    assigned = {
        body["properties"]["roleDefinitionId"].rpartition("/")[2]: body["properties"]
        for path, body in arm.resources.items()
        if "/roleassignments/" in path
    }
    assert set(assigned) == {*NEVER_ASSIGNED, BuiltInRole.CONTRIBUTOR, BuiltInRole.STORAGE_BLOB_DATA_CONTRIBUTOR}
    assert {(each["principalId"], each["principalType"]) for each in assigned.values()} == {(PRINCIPAL, "ServicePrincipal")}
    condition = assigned[BuiltInRole.RBAC_ADMINISTRATOR]["condition"]
    assert BuiltInRole.STORAGE_BLOB_DATA_CONTRIBUTOR in condition
    assert not [role for role in NEVER_ASSIGNED if role in condition]
    assert assigned[BuiltInRole.STORAGE_BLOB_DATA_CONTRIBUTOR]["scope"].endswith("/containers/state")
    assert assigned[BuiltInRole.KEY_VAULT_CRYPTO_USER]["scope"].startswith(
        f"{SCOPE}/resourceGroups/plinth-state/providers/Microsoft.KeyVault/"
    )


def test_the_condition_bounds_both_what_is_assigned_and_what_is_taken_away() -> None:
    role = BuiltInRole.STORAGE_BLOB_DATA_CONTRIBUTOR
    assert assignment_condition([role]) == (
        "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR "
        f"(@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{{role}}} AND "
        "@Request[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase "
        "{'ServicePrincipal', 'Group'})) AND "
        "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})) OR "
        f"(@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{{role}}} AND "
        "@Resource[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase "
        "{'ServicePrincipal', 'Group'}))"
    )


# -- what was changed by hand ---------------------------------------------------------------------------------------------------


def _set(end: str, key: str, *, value: object) -> Callable[[Arm], None]:
    def change(arm: Arm) -> None:
        arm.find(end)["properties"][key] = value

    return change


def _remove(end: str) -> Callable[[Arm], None]:
    def change(arm: Arm) -> None:
        [path] = [path for path in arm.resources if path.endswith(end)]
        del arm.resources[path]

    return change


def _credential_by_hand(arm: Arm) -> None:
    path = next(path for path in arm.resources if "/federated" in path)
    subject = {"issuer": "https://elsewhere.example.com", "subject": "anybody", "audiences": ["any"]}
    arm.resources[f"{path.rpartition('/')[0]}/more"] = {"id": "x", "name": "more", "properties": subject}


def _owner_by_hand(arm: Arm) -> None:
    path = f"{SCOPE}/providers/Microsoft.Authorization/roleAssignments/by-hand"
    properties = {"roleDefinitionId": f"{SCOPE}/providers/x/owner", "principalId": PRINCIPAL, "scope": SCOPE}
    arm.resources[path.lower()] = {"id": path, "name": "by-hand", "properties": properties}


def _account(arm: Arm) -> str:
    return f"/storageaccounts/{bootstrap(arm).account}"


@pytest.mark.parametrize(
    ("drift", "kind", "said"),
    [
        (
            lambda arm: _set(_account(arm), "allowSharedKeyAccess", value=True)(arm),
            "storage account",
            "settings: changes properties.allowSharedKeyAccess (true → false)",
        ),
        (
            _set("/blobservices/default", "isVersioningEnabled", value=False),
            "blob service",
            "settings: changes properties.isVersioningEnabled (false → true)",
        ),
        (_remove("/managementpolicies/default"), "lifecycle", "settings"),
        (lambda arm: _remove(f"/locks/{bootstrap(arm).account}")(arm), "lock", "settings"),
        (
            _set("/environment-production", "subject", value="repo:acme/other:environment:production"),
            "federated credentials",
            "GitHub: changes environment-production",
        ),
        (_credential_by_hand, "federated credentials", "GitHub: removes more"),
        (_owner_by_hand, "role assignments", f"roles: removes owner on {SCOPE}"),
        (lambda arm: arm.providers.update({"Microsoft.Insights": "NotRegistered"}), "resource providers", "registration: changes"),
    ],
)
def test_what_was_changed_by_hand_is_shown_and_mended(arm: Arm, drift: Callable[[Arm], None], kind: str, said: str) -> None:
    run(bootstrap(arm))
    drift(arm)
    found = changes(bootstrap(arm))
    assert list(found) == [kind]
    assert [detail for detail in found[kind] if detail.startswith(said)]
    run(bootstrap(arm))
    assert changes(bootstrap(arm)) == {}


def test_a_condition_that_was_taken_off_is_put_back(arm: Arm) -> None:
    run(bootstrap(arm))
    bounded = next(body for path, body in arm.resources.items() if body["properties"].get("condition"))
    del bounded["properties"]["condition"]
    assert list(changes(bootstrap(arm))) == ["role assignments"]
    run(bootstrap(arm))
    assert changes(bootstrap(arm)) == {}


def test_tags_of_others_stay(arm: Arm) -> None:
    run(bootstrap(arm))
    arm.resources[GROUP]["tags"] = {"owner": "somebody"}
    run(bootstrap(arm))
    assert arm.resources[GROUP]["tags"] == {"owner": "somebody", "project": "plinth", "managed-by": "plinth-bootstrap"}


# -- what goes wrong ------------------------------------------------------------------------------------------------------------


def test_all_rights_to_read_that_are_missing_are_named_at_once(arm: Arm) -> None:
    arm.denied = {r"GET .*/vaults/[^/]+$": "Microsoft.KeyVault/vaults/read", r"GET .*/providers$": "Microsoft.Resources/providers/read"}
    with pytest.raises(MissingRightsError) as caught:
        plan(bootstrap(arm).things, failures)
    assert f"Microsoft.Resources/providers/read on {SCOPE}" in str(caught.value)
    assert "Microsoft.KeyVault/vaults/read on" in str(caught.value)


def test_a_missing_right_in_the_middle_is_named_and_the_next_run_goes_on(arm: Arm) -> None:
    arm.denied = {r"PUT .*/locks/": "Microsoft.Authorization/locks/write"}
    with pytest.raises(MissingRightsError, match=r"Microsoft.Authorization/locks/write on /subscriptions/"):
        run(bootstrap(arm))
    arm.denied = {}
    assert run(bootstrap(arm))[0].thing.kind == "lock"
    assert changes(bootstrap(arm)) == {}


@pytest.mark.parametrize(
    ("status", "code", "message", "kind", "said"),
    [
        (404, "SubscriptionNotFound", "The subscription could not be found.", AccountError, "do not reach the subscription"),
        (
            401,
            "InvalidAuthenticationTokenTenant",
            "The access token is from the wrong issuer.",
            AccountError,
            "does not accept the credentials",
        ),
        (401, "ExpiredAuthenticationToken", "The access token expiry UTC time …", AccountError, "does not accept the credentials"),
        (
            403,
            "RequestDisallowedByPolicy",
            "Resource 'x' was disallowed by policy.",
            AccountError,
            "a policy of the subscription forbids it",
        ),
        (409, "SubscriptionNotRegistered", "…", CloudError, "Azure refused: SubscriptionNotRegistered"),
    ],
)
def test_what_azure_answers_is_said_with_what_to_do(
    arm: Arm, status: int, code: str, message: str, kind: type[Exception], said: str
) -> None:
    arm.failure = (status, {"error": {"code": code, "message": message}})
    with pytest.raises(kind, match=said):
        sign_in(SUBSCRIPTION, arm.connect)


@pytest.mark.parametrize("subscription", ["", "production", SUBSCRIPTION.upper() + "x"])
def test_what_is_not_a_subscription_is_refused(arm: Arm, subscription: str) -> None:
    with pytest.raises(AccountError, match="is not a subscription"):
        sign_in(subscription, arm.connect)


def test_whoever_is_not_signed_in_is_told_how_once(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
    for name in ("AZURE_TENANT_ID", "AZURE_CLIENT_ID"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(AccountError, match="sign in with `az login"):
        sign_in(SUBSCRIPTION)
    assert [record.getMessage() for record in caplog.records] == []


def test_a_location_that_cannot_be_is_refused(arm: Arm) -> None:
    with pytest.raises(AccountError, match="--location is 'West Europe'"):
        bootstrap(arm, location="West Europe")


def test_every_role_that_stays_with_the_identity_is_one_that_it_has(arm: Arm) -> None:
    run(bootstrap(arm))
    held: set[Any] = {
        body["properties"]["roleDefinitionId"].rpartition("/")[2] for path, body in arm.resources.items() if "/roleassignments/" in path
    }
    assert held >= set(NEVER_ASSIGNED)
