"""The explicit providers: where, as whom and with which tags everything is created. Default providers are disabled in the stack files."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components.cluster.eks.cluster import EksCluster
from stacks.settings.tree import Settings


def default_tags(settings: Settings) -> dict[str, str]:
    """What every cloud resource of the stack is tagged with (COST-005, IAC-004)."""
    return {
        "project": pulumi.get_project(),
        "environment": settings.environment.value,
        "stack": pulumi.get_stack(),
        "team": settings.team,
        "managed-by": "pulumi",
    }


def aws_provider(settings: Settings) -> aws.Provider:
    """AWS in the stack's region and in no other account than its own."""
    return aws.Provider(
        "aws",
        region=settings.aws.region,
        allowed_account_ids=[settings.aws.account],
        default_tags=aws.ProviderDefaultTagsArgs(tags=default_tags(settings)),
    )


def kubernetes_provider(cluster: EksCluster, *, cluster_name: str) -> kubernetes.Provider:
    """The cluster, once it has nodes and add-ons; its users sign in with ``aws eks get-token``."""
    return kubernetes.Provider(
        "kubernetes",
        kubeconfig=cluster.kubeconfig,
        # The name is the cluster's identity: a renewed certificate authority is no reason to replace every object.
        cluster_identifier=cluster_name,
        enable_server_side_apply=True,
        opts=pulumi.ResourceOptions(depends_on=[cluster]),
    )
