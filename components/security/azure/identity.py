"""How pods sign in to Azure: an identity federated with service accounts of one cluster, by Entra Workload ID.

A pod gets its token where its service account names the identity (annotation :data:`CLIENT_ID`) and the
pod asks for it (label :data:`USES_IDENTITY`).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pulumi
from pulumi_azure_native import managedidentity

from components.azure import AzureLocation
from components.base import Component
from components.security.azure.roles import Holder, assign_role
from facts.azure import BuiltInRole

CLIENT_ID: Final = "azure.workload.identity/client-id"
"""The annotation of a service account that names its identity."""
USES_IDENTITY: Final[Mapping[str, str]] = {"azure.workload.identity/use": "true"}
"""The label of pods that sign in as the identity of their service account."""
_AUDIENCE: Final = "api://AzureADTokenExchange"


@dataclass(frozen=True, kw_only=True)
class ServiceAccount:
    """A service account of a cluster; neither need exist yet."""

    namespace: str
    name: str

    @property
    def subject(self) -> str:
        """What the tokens of its pods say that they are."""
        return f"system:serviceaccount:{self.namespace}:{self.name}"


@dataclass(frozen=True, kw_only=True)
class Right:
    """A right of an identity.

    Attributes:
        role: what it may do.
        scope: the id of the resource that it is for.
        condition: narrows it; None for all that the role allows.
    """

    role: BuiltInRole
    scope: pulumi.Input[str]
    condition: str | None = None


@dataclass(frozen=True, kw_only=True)
class PodIdentity:
    """An identity of pods by the role that it plays in its component.

    Attributes:
        role: of the identity in its component.
        name: in the resource group; people see it in sign-in logs.
        issuer: the URL under which the cluster publishes the keys of its tokens.
        accounts: whose pods may take it: at most 20, as Entra allows.
        rights: each by a short name.
    """

    role: str
    name: str
    issuer: pulumi.Input[str]
    accounts: Sequence[ServiceAccount]
    rights: Mapping[str, Right] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class IdentityOfPods:
    """An identity as it was made.

    Attributes:
        client_id: what service accounts name.
        principal_id: what roles are given to.
        ready: pods that start behind this can take the identity, and have its rights.
    """

    client_id: pulumi.Output[str]
    principal_id: pulumi.Output[str]
    ready: pulumi.Resource


def identify_pods(component: Component, identity: PodIdentity, *, location: AzureLocation) -> IdentityOfPods:
    """Create the identity, trust the service accounts and give it its rights."""
    created = managedidentity.UserAssignedIdentity(
        component.child_name(identity.role),
        # As keywords: the arguments of this class and the next have a resource_name, which the SDK takes for the resource's own.
        resource_name_=identity.name,
        resource_group_name=location.resource_group,
        location=location.location,
        tags=location.tags,
        opts=component.child_options(),
    )
    holder = Holder(
        name=location.resource_id("Microsoft.ManagedIdentity/userAssignedIdentities", identity.name), principal_id=created.principal_id
    )
    previous: list[pulumi.Resource] = [
        created,
        *(
            assign_role(
                component,
                f"{identity.role}-{short_name}",
                right.role,
                scope=right.scope,
                holder=holder,
                location=location,
                condition=right.condition,
            )
            for short_name, right in identity.rights.items()
        ),
    ]
    for account in identity.accounts:
        credential = managedidentity.FederatedIdentityCredential(
            component.child_name(f"{identity.role}-{account.namespace}.{account.name}"),
            resource_name_=created.name,
            resource_group_name=location.resource_group,
            # Names of namespaces and service accounts together can be longer than the 120 characters of this one.
            federated_identity_credential_resource_name=str(uuid.uuid5(uuid.NAMESPACE_URL, account.subject)),
            issuer=identity.issuer,
            subject=account.subject,
            audiences=[_AUDIENCE],
            # Entra refuses to write two credentials of one identity at the same time.
            opts=component.child_options(depends_on=previous),
        )
        previous = [credential]
    return IdentityOfPods(client_id=created.client_id, principal_id=created.principal_id, ready=previous[-1])
