"""How pods sign in to a store on Azure: an identity for one service account, below one prefix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi

from components.azure import AzureLocation
from components.base import Component
from components.security.azure.identity import CLIENT_ID, USES_IDENTITY, PodIdentity, Right, ServiceAccount, identify_pods
from components.storage.object_store import StoreSignIn, StoreUser
from facts.azure import BuiltInRole, worldwide_name

_LONGEST_NAME: Final = 128
_BLOBS: Final = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
_READ: Final = f"ActionMatches{{'{_BLOBS}/read'}}"
_LIST: Final = "SubOperationMatches{'Blob.List'}"


@dataclass(frozen=True, kw_only=True)
class BlobSignInArgs:
    """Who signs in to which container.

    Attributes:
        location: the subscription and resource group of the identity.
        platform: the name of the platform, with which that of the identity begins.
        issuer: the URL of the cluster's OIDC issuer.
        container_id: of the container.
        user: whose pods.
    """

    location: AzureLocation
    platform: str
    issuer: pulumi.Input[str]
    container_id: str
    user: StoreUser


class BlobSignIn(Component):
    """An identity for the pods of a user of a store. ``opts`` bring the provider, and put it behind the cluster and the store.

    Attributes:
        sign_in: what its service account and pods carry.
    """

    def __init__(self, name: str, args: BlobSignInArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        user = args.user
        identity = identify_pods(
            self,
            PodIdentity(
                role="identity",
                name=worldwide_name(
                    f"{args.platform}-store-{user.name}", subscription=args.location.subscription_id, longest=_LONGEST_NAME, separator="-"
                ),
                issuer=args.issuer,
                accounts=[ServiceAccount(namespace=user.namespace, name=user.service_account)],
                rights={
                    user.store: Right(
                        # Reads, writes and deletes; it neither deletes nor brings back a former version.
                        role=BuiltInRole.STORAGE_BLOB_DATA_CONTRIBUTOR,
                        scope=args.container_id,
                        condition=below(user.prefix) if user.prefix else None,
                    )
                },
            ),
            location=args.location,
        )
        self.sign_in = StoreSignIn(annotations={CLIENT_ID: identity.client_id}, labels=USES_IDENTITY, ready=identity.ready)
        self.register_outputs({})


def below(prefix: str) -> str:
    """The condition of a role that is for blobs below ``prefix`` alone, and lists no others.

    Example Azure role assignment conditions for Blob Storage, "Read or list blobs in named containers with
    a path".
    """
    others = " AND ".join(f"!(ActionMatches{{'{_BLOBS}/{action}'}})" for action in ("write", "add/action", "delete"))
    return (
        f"((!({_READ} AND NOT {_LIST}) AND {others}) OR (@Resource[{_BLOBS}:path] StringStartsWith '{prefix}/'))"
        f" AND ((!({_READ} AND {_LIST})) OR (@Request[{_BLOBS}:prefix] StringStartsWith '{prefix}/'))"
    )
