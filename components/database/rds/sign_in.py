"""How applications sign in to the database without a password: a role for each service account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.aws import AwsLocation, policy_document
from components.base import Component
from components.cluster.eks.iam import pod_identity_trust
from components.database.model import DatabaseClient
from components.database.rds.admission import PORT
from components.tenancy.traffic import TrafficRule, calls_addresses, takes_credentials

_LONGEST_PREFIX: Final = 38
"""IAM: 64 characters for a role's name, of which the provider takes 26 to make it unique."""
_POLICY: Final = "connect"


@dataclass(frozen=True, kw_only=True)
class RdsSignInArgs:
    """Who signs in to which database.

    Attributes:
        location: the account and region of cluster and database.
        cluster_name: the EKS cluster of the service accounts; it needs the Pod Identity agent.
        resource_ids: ``RdsPostgres.resource_id``, and that of the proxy where there is one: what needs a
            session may go past it, and pods that were told the other address keep their way.
        clients: the service accounts, each with its database user.
    """

    location: AwsLocation
    cluster_name: str
    resource_ids: Sequence[pulumi.Input[str]]
    clients: Sequence[DatabaseClient]


class RdsSignIn(Component):
    """A role for each client, which connects as its own database user alone (PG-013, PG-015).

    EKS hands the role to the pods of the service account. The user itself, and its membership of
    ``rds_iam``, are made once by an operator (runbooks/database-user.md). ``opts`` bring the AWS
    provider and put the component behind the cluster.
    """

    def __init__(self, name: str, args: RdsSignInArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        for client in args.clients:
            self._create_role(args, client)
        self.register_outputs({})

    def _create_role(self, args: RdsSignInArgs, client: DatabaseClient) -> None:
        # A dot cannot be part of either name, so that a-b of c and a of b-c stay apart.
        role_name = f"{client.namespace}.{client.service_account}"
        role = aws.iam.Role(
            self.child_name(role_name),
            aws.iam.RoleArgs(
                name_prefix=f"db-{role_name}"[: _LONGEST_PREFIX - 1] + "-",
                description=f"Connects as database user {client.user}: {client.service_account} of {client.namespace}",
                assume_role_policy=pod_identity_trust(
                    args.location,
                    cluster_name=args.cluster_name,
                    namespace=client.namespace,
                    service_account=client.service_account,
                ),
            ),
            self.child_options(),
        )
        policy = aws.iam.RolePolicy(
            self.child_name(f"{role_name}-policy"),
            aws.iam.RolePolicyArgs(name=_POLICY, role=role.name, policy=connect_policy(args.location, args.resource_ids, [client.user])),
            self.child_options(),
        )
        aws.eks.PodIdentityAssociation(
            self.child_name(role_name),
            aws.eks.PodIdentityAssociationArgs(
                cluster_name=args.cluster_name,
                namespace=client.namespace,
                service_account=client.service_account,
                role_arn=role.arn,
            ),
            self.child_options(depends_on=[policy]),
        )


def connect_policy(location: AwsLocation, resource_ids: Sequence[pulumi.Input[str]], users: Sequence[str]) -> pulumi.Output[str]:
    """The right to connect as these users of databases and proxies (service authorization, "rds-db")."""
    return pulumi.Output.all(*resource_ids).apply(
        lambda databases: policy_document(
            {
                "Effect": "Allow",
                "Action": "rds-db:connect",
                "Resource": [location.arn("rds-db", f"dbuser:{database}/{user}") for database in databases for user in users],
            }
        )
    )


def traffic(cidrs: Sequence[str]) -> Sequence[TrafficRule]:
    """What a namespace of clients calls: the database in ``cidrs`` and the agent of its credentials.

    It calls no other address of AWS: a token is signed where it is used.
    """
    return (calls_addresses("database", cidrs, PORT), takes_credentials())
