"""Rights in Azure: a built-in role on one scope."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import authorization

from components.azure import AzureLocation
from components.base import Component
from facts.azure import BuiltInRole


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who gets rights: a managed identity or a group.

    Attributes:
        name: tells it apart from every other in the subscription, such as its resource id.
        principal_id: its object in Entra, known once it is there.
        kind: what it is.
    """

    name: str
    principal_id: pulumi.Input[str]
    kind: authorization.PrincipalType = authorization.PrincipalType.SERVICE_PRINCIPAL


def assign_role(
    component: Component,
    role: str,
    right: BuiltInRole,
    *,
    scope: pulumi.Input[str],
    holder: Holder,
    location: AzureLocation,
    keep: bool = False,
    condition: str | None = None,
) -> authorization.RoleAssignment:
    """Give ``holder`` the ``right`` on the resource with the id ``scope`` and all below it.

    ``keep`` leaves it where the stack is taken down; ``condition`` narrows it ("Azure role assignment
    condition format and syntax"). It takes up to ten minutes until every service of Azure knows (Azure
    RBAC, troubleshooting).
    """
    return authorization.RoleAssignment(
        component.child_name(role),
        authorization.RoleAssignmentArgs(
            # Azure names it by a UUID. One that follows from what is assigned is not assigned twice.
            role_assignment_name=pulumi.Output.from_input(scope).apply(
                lambda known: str(uuid.uuid5(uuid.NAMESPACE_URL, f"{known}/{holder.name}/{right}".lower()))
            ),
            principal_id=holder.principal_id,
            # Otherwise an identity that is seconds old is looked up where it has not been copied to yet.
            principal_type=holder.kind,
            role_definition_id=f"/subscriptions/{location.subscription_id}/providers/Microsoft.Authorization/roleDefinitions/{right}",
            scope=scope,
            condition=condition,
            condition_version="2.0" if condition else None,
        ),
        # A successor would have the name of the one that it replaces.
        component.child_options(delete_before_replace=True, retain_on_delete=keep),
    )
