"""The identity that deploys: which workflows of GitHub may sign in as it, and its rights."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from accounts.azure.session import AzureSubscription
from accounts.github import ISSUER, Workflows
from accounts.steps import Thing, Trait
from facts.azure import BuiltInRole

AUDIENCE: Final = "api://AzureADTokenExchange"
IDENTITY_API: Final = "2023-01-31"
_ASSIGNMENTS_API: Final = "2022-04-01"

NEVER_ASSIGNED: Final = frozenset(
    {BuiltInRole.AKS_RBAC_CLUSTER_ADMIN, BuiltInRole.LOCKS_CONTRIBUTOR, BuiltInRole.RBAC_ADMINISTRATOR, BuiltInRole.KEY_VAULT_CRYPTO_USER}
)
"""Roles that the identity has, and gives to nobody."""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A role on a scope; ``condition`` bounds what it may be used for."""

    role: BuiltInRole
    scope: str
    condition: str | None = None


def assignment_condition(roles: Sequence[BuiltInRole]) -> str:
    """Only these roles, and only to identities and groups: whoever may assign roles could otherwise make himself owner."""
    allowed = ", ".join(sorted(roles))
    bounds = []
    for action, source in (("write", "@Request"), ("delete", "@Resource")):
        attribute = f"{source}[Microsoft.Authorization/roleAssignments:"
        bounds.append(
            f"((!(ActionMatches{{'Microsoft.Authorization/roleAssignments/{action}'}})) OR "
            f"({attribute}RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{{allowed}}} AND "
            f"{attribute}PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {{'ServicePrincipal', 'Group'}}))"
        )
    return " AND ".join(bounds)


def grants(subscription: AzureSubscription, *, container_id: str, vault_id: str) -> Sequence[Grant]:
    """What the stacks need: their resources, locks on them, rights of identities, the clusters' API; the state and its key."""
    everywhere = subscription.scope
    assignable = [role for role in BuiltInRole if role not in NEVER_ASSIGNED]
    return (
        Grant(role=BuiltInRole.CONTRIBUTOR, scope=everywhere),
        # A contributor neither locks nor assigns.
        Grant(role=BuiltInRole.LOCKS_CONTRIBUTOR, scope=everywhere),
        Grant(role=BuiltInRole.RBAC_ADMINISTRATOR, scope=everywhere, condition=assignment_condition(assignable)),
        Grant(role=BuiltInRole.AKS_RBAC_CLUSTER_ADMIN, scope=everywhere),
        Grant(role=BuiltInRole.STORAGE_BLOB_DATA_CONTRIBUTOR, scope=container_id),
        Grant(role=BuiltInRole.KEY_VAULT_CRYPTO_USER, scope=vault_id),
    )


def federated_credentials(subscription: AzureSubscription, identity_id: str, workflows: Workflows) -> Thing:
    """The jobs that may sign in as the identity, and no others: what somebody added by hand is removed."""
    collection = f"{identity_id}/federatedIdentityCredentials"

    def there() -> Mapping[str, str]:
        found = subscription.read(collection, IDENTITY_API) or {}
        return {each["name"]: _trust(each["properties"]) for each in found.get("value", ())}

    def wanted() -> Mapping[str, str]:
        return {name: _trust(_credential(subject)) for name, subject in workflows.subjects.items()}

    def write() -> None:
        before = there()
        for name in sorted(before.keys() - wanted().keys()):
            subscription.delete(f"{collection}/{name}", IDENTITY_API)
        # One after the other: Azure refuses two at a time.
        for name, subject in workflows.subjects.items():
            if before.get(name) != wanted()[name]:
                subscription.write(f"{collection}/{name}", IDENTITY_API, {"properties": _credential(subject)})

    return Thing(
        kind="federated credentials",
        name=f"of {identity_id.rpartition('/')[2]}",
        exists=lambda: True,
        create=write,
        traits=[Trait(name="GitHub", read=there, wanted=wanted, write=write)],
    )


def role_assignments(
    subscription: AzureSubscription, identity_name: str, principal_id: Callable[[], str | None], granted: Sequence[Grant]
) -> Thing:
    """The rights of the identity in the subscription, and no others."""
    path = "providers/Microsoft.Authorization/roleAssignments"

    def read() -> Mapping[str, tuple[str, str]]:
        """Ids of assignments and conditions by role and scope."""
        principal = principal_id()
        if principal is None:
            return {}
        filtered = {"$filter": f"principalId eq '{principal}'"}
        found = subscription.read(f"{subscription.scope}/{path}", _ASSIGNMENTS_API, **filtered) or {}
        return {
            _label(each["properties"]["roleDefinitionId"], each["properties"]["scope"]): (
                each["id"],
                each["properties"].get("condition") or "",
            )
            for each in found.get("value", ())
            if each["properties"]["scope"].lower().startswith(subscription.scope.lower())
        }

    def there() -> Mapping[str, str]:
        return {label: condition for label, (_, condition) in read().items()}

    def wanted() -> Mapping[str, str]:
        return {_label(grant.role, grant.scope): grant.condition or "" for grant in granted}

    def write() -> None:
        before = read()
        for label in sorted(before.keys() - wanted().keys()):
            subscription.delete(before[label][0], _ASSIGNMENTS_API)
        for grant in granted:
            label = _label(grant.role, grant.scope)
            if label in before and before[label][1] == (grant.condition or ""):
                continue
            principal = principal_id()
            name = uuid.uuid5(uuid.NAMESPACE_URL, f"{grant.scope}/{principal}/{grant.role}".lower())
            conditions = {"condition": grant.condition, "conditionVersion": "2.0"} if grant.condition else {}
            properties = {
                "roleDefinitionId": f"{subscription.scope}/providers/Microsoft.Authorization/roleDefinitions/{grant.role}",
                "principalId": principal,
                # Otherwise an identity that is seconds old is looked up where it has not been copied to yet.
                "principalType": "ServicePrincipal",
                **conditions,
            }
            resource_id = before[label][0] if label in before else f"{grant.scope}/{path}/{name}"
            subscription.write(resource_id, _ASSIGNMENTS_API, {"properties": properties})

    return Thing(
        kind="role assignments",
        name=f"of {identity_name}",
        exists=lambda: True,
        create=write,
        traits=[Trait(name="roles", read=there, wanted=wanted, write=write)],
    )


def _credential(subject: str) -> Mapping[str, object]:
    return {"issuer": ISSUER, "subject": subject, "audiences": [AUDIENCE]}


def _trust(properties: Mapping[str, object]) -> str:
    """Issuer, subject and audiences in one line: a difference in any of them is one in whom it trusts."""
    audiences = properties["audiences"]
    listed = ",".join(map(str, audiences)) if isinstance(audiences, list) else str(audiences)
    return f"{properties['subject']} by {properties['issuer']} for {listed}"


def _label(role_definition: str, scope: str) -> str:
    """The role by its name where it is known, and its scope, in one spelling."""
    guid = role_definition.rpartition("/")[2].lower()
    known = {role.value: role.name.lower().replace("_", " ") for role in BuiltInRole}
    return f"{known.get(guid, guid)} on {scope.lower()}"
