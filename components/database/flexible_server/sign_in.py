"""How applications sign in to the database without a password: an identity for each service account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi

from components.azure import AzureLocation
from components.base import Component
from components.database.flexible_server.postgres import POOLER_PORT, PORT
from components.database.model import DatabaseClient
from components.security.azure.identity import PodIdentity, ServiceAccount, identify_pods
from components.tenancy.traffic import TrafficRule, azure_apis, calls_addresses
from facts.azure import worldwide_name

_LONGEST_NAME: Final = 128


@dataclass(frozen=True, kw_only=True)
class FlexibleSignInArgs:
    """Who signs in.

    Attributes:
        location: the subscription and resource group of the identities.
        platform: the name of the platform, with which those of the identities begin.
        issuer: the URL of the cluster's OIDC issuer.
        clients: the service accounts, each with its database user.
    """

    location: AzureLocation
    platform: str
    issuer: pulumi.Input[str]
    clients: Sequence[DatabaseClient]


class FlexibleSignIn(Component):
    """An identity for each client, which connects as its own database user alone (PG-013, PG-015).

    It has no right in Azure: the database maps it to the user, which is made once by an operator
    (runbooks/database-user.md). ``opts`` bring the Azure provider.

    Attributes:
        variables: what a client's environment has beside what all have, by client: which identity to sign in as.
        principals: the object id of each client's identity, by database user.
    """

    variables: Mapping[DatabaseClient, Mapping[str, pulumi.Input[str]]]
    principals: Mapping[str, pulumi.Output[str]]

    def __init__(self, name: str, args: FlexibleSignInArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        identities = {client: identify_pods(self, _identity(args, client), location=args.location) for client in args.clients}
        self.variables = {client: {"AZURE_CLIENT_ID": identity.client_id, "PGUSER": client.user} for client, identity in identities.items()}
        self.principals = {client.user: identity.principal_id for client, identity in identities.items()}
        self.register_outputs({"principals": self.principals})


def _identity(args: FlexibleSignInArgs, client: DatabaseClient) -> PodIdentity:
    # An underscore cannot be part of either name, so that a-b of c and a of b-c stay apart.
    account = f"{client.namespace}_{client.service_account}"
    return PodIdentity(
        role=account,
        name=worldwide_name(
            f"{args.platform}-db-{account}", subscription=args.location.subscription_id, longest=_LONGEST_NAME, separator="-"
        ),
        issuer=args.issuer,
        accounts=[ServiceAccount(namespace=client.namespace, name=client.service_account)],
    )


def traffic(cidrs: Sequence[str]) -> Sequence[TrafficRule]:
    """What a namespace of clients calls: the database in ``cidrs``, through its pooler or not, and Entra for a token."""
    return (calls_addresses("database", cidrs, POOLER_PORT, PORT), azure_apis())
