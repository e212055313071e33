"""How pods get rights in AWS: a role for one service account of one cluster, by EKS Pod Identity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_aws as aws

from components.aws import AwsLocation, Statement, policy_document
from components.base import Component
from components.cluster.eks.iam import pod_identity_trust


@dataclass(frozen=True, kw_only=True)
class ServiceAccount:
    """A service account of a cluster; neither need exist yet."""

    cluster_name: str
    namespace: str
    name: str


def grant_to_pods(
    component: Component, account: ServiceAccount, statements: Sequence[Statement], *, location: AwsLocation, description: str
) -> aws.eks.PodIdentityAssociation:
    """Give the pods of a service account a role with these rights; those that start later have it."""
    trust = pod_identity_trust(location, cluster_name=account.cluster_name, namespace=account.namespace, service_account=account.name)
    role = aws.iam.Role(
        component.child_name("role"),
        aws.iam.RoleArgs(description=description, assume_role_policy=trust),
        component.child_options(),
    )
    rights = aws.iam.RolePolicy(
        component.child_name("role-policy"),
        aws.iam.RolePolicyArgs(role=role.name, policy=policy_document(*statements)),
        component.child_options(),
    )
    return aws.eks.PodIdentityAssociation(
        component.child_name("identity"),
        aws.eks.PodIdentityAssociationArgs(
            cluster_name=account.cluster_name, namespace=account.namespace, service_account=account.name, role_arn=role.arn
        ),
        component.child_options(depends_on=[rights]),
    )
