"""The identities of a cluster: who may sign in, what the control plane and the nodes may do, and the roles of pods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws import AwsLocation, policy_document, role_with_policies, service_trust
from components.base import Component


@dataclass(frozen=True, kw_only=True)
class PodIdentity:
    """The service account of an add-on in ``kube-system`` and the AWS managed policy that its pods need."""

    service_account: str
    policy: str


def pod_identity_trust(location: AwsLocation, *, cluster_name: str, namespace: str, service_account: str) -> str:
    """The trust policy of a role for the pods of one service account of one cluster, through EKS Pod Identity.

    The conditions are on the session tags that EKS sets: no other service account, and none of another cluster, gets the role.
    """
    return service_trust(
        "pods.eks.amazonaws.com",
        actions=("sts:AssumeRole", "sts:TagSession"),
        conditions={
            "StringEquals": {
                "aws:RequestTag/eks-cluster-arn": location.arn("eks", f"cluster/{cluster_name}"),
                "aws:RequestTag/kubernetes-namespace": namespace,
                "aws:RequestTag/kubernetes-service-account": service_account,
            }
        },
    )


def secrets_key_policy(key_arn: str) -> str:
    """What the control plane does with the key that encrypts its secrets (EKS user guide, "envelope encryption")."""
    actions = ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"]
    return policy_document({"Effect": "Allow", "Action": actions, "Resource": key_arn})


def create_control_plane_role(cluster: Component, location: AwsLocation) -> tuple[aws.iam.Role, Sequence[pulumi.Resource]]:
    """The role of the control plane, and what must exist before a cluster uses it."""
    return role_with_policies(
        cluster,
        "control-plane",
        description="The EKS control plane",
        trust=service_trust("eks.amazonaws.com"),
        policy_arns={"cluster-policy": location.managed_policy("AmazonEKSClusterPolicy")},
    )


def create_node_role(cluster: Component, location: AwsLocation) -> tuple[aws.iam.Role, Sequence[pulumi.Resource]]:
    """The role of the nodes: join the cluster and pull images. Add-ons have roles of their own, so a pod gains nothing from its node."""
    return role_with_policies(
        cluster,
        "node",
        description="The nodes of the EKS cluster",
        trust=service_trust("ec2.amazonaws.com"),
        policy_arns={
            "worker-policy": location.managed_policy("AmazonEKSWorkerNodePolicy"),
            "pull-policy": location.managed_policy("AmazonEC2ContainerRegistryPullOnly"),
        },
    )


def create_pod_role(
    cluster: Component, addon: str, identity: PodIdentity, *, location: AwsLocation, cluster_name: str
) -> tuple[aws.iam.Role, Sequence[pulumi.Resource]]:
    """The role of an add-on's pods."""
    return role_with_policies(
        cluster,
        addon,
        description=f"The EKS add-on {addon}",
        trust=pod_identity_trust(location, cluster_name=cluster_name, namespace="kube-system", service_account=identity.service_account),
        policy_arns={"policy": location.managed_policy(identity.policy)},
    )


def grant_access(
    cluster: Component, role_arns: Sequence[str], *, cluster_name: pulumi.Input[str], policy: str, location: AwsLocation
) -> list[aws.eks.AccessPolicyAssociation]:
    """Let IAM roles into the whole cluster with an EKS access policy such as ``AmazonEKSViewPolicy``."""
    associations = []
    for role_arn in role_arns:
        # Account, path and name as they are: two accounts may have roles of one name, and two paths too.
        role = role_arn.split("::")[-1].replace(":role/", "/")
        entry = aws.eks.AccessEntry(
            cluster.child_name(f"access-{role}"),
            aws.eks.AccessEntryArgs(cluster_name=cluster_name, principal_arn=role_arn, type="STANDARD"),
            cluster.child_options(),
        )
        associations.append(
            aws.eks.AccessPolicyAssociation(
                cluster.child_name(f"access-{role}"),
                aws.eks.AccessPolicyAssociationArgs(
                    cluster_name=cluster_name,
                    principal_arn=entry.principal_arn,
                    policy_arn=f"arn:{location.partition}:eks::aws:cluster-access-policy/{policy}",
                    access_scope=aws.eks.AccessPolicyAssociationAccessScopeArgs(type="cluster"),
                ),
                cluster.child_options(depends_on=[entry]),
            )
        )
    return associations
