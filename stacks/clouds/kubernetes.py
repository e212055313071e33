"""The provider of a cluster that the platform made itself."""

from __future__ import annotations

import pulumi
import pulumi_kubernetes as kubernetes


def kubernetes_provider(kubeconfig: pulumi.Input[str], *, cluster_name: str, ready: pulumi.Resource) -> kubernetes.Provider:
    """The cluster, once it is ``ready``: it has nodes and add-ons; the kubeconfig holds a command that signs in, and no secret."""
    return kubernetes.Provider(
        "kubernetes",
        kubeconfig=kubeconfig,
        # The name is the cluster's identity: a renewed certificate authority is no reason to replace every object.
        cluster_identifier=cluster_name,
        enable_server_side_apply=True,
        opts=pulumi.ResourceOptions(depends_on=[ready]),
    )
