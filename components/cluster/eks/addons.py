"""The add-ons of a cluster: what each needs, and in which order they come up."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.aws import AwsLocation
from components.base import Component
from components.cluster.eks.iam import PodIdentity, create_pod_role

# A node is ready only once it has a network, and the network's pods need their role from the agent.
BEFORE_NODES: Final = ("eks-pod-identity-agent", "kube-proxy", "vpc-cni")
# The monitoring agent sees what nodes are repaired for beside a dead kubelet. The driver looks for
# the snapshot definitions when it starts: the controller that brings them comes before it.
AFTER_NODES: Final = ("coredns", "metrics-server", "eks-node-monitoring-agent", "snapshot-controller", "aws-ebs-csi-driver")

POD_IDENTITIES: Final[Mapping[str, PodIdentity]] = {
    "vpc-cni": PodIdentity(service_account="aws-node", policy="AmazonEKS_CNI_Policy"),
    # Volumes and snapshots that the driver made itself, told by their tag, and no others.
    "aws-ebs-csi-driver": PodIdentity(service_account="ebs-csi-controller-sa", policy="AmazonEBSCSIDriverPolicyV2"),
}


@dataclass(frozen=True, kw_only=True)
class AddonContext:
    """The cluster that add-ons are installed in.

    Attributes:
        cluster_name: its name, as it is written.
        created_name: its name, once it exists.
        location: where it is.
        versions: by add-on.
        tags: of volumes.
    """

    cluster_name: str
    created_name: pulumi.Input[str]
    location: AwsLocation
    versions: Mapping[str, str]
    tags: Mapping[str, str]


def addon_configuration(addon: str, tags: Mapping[str, str]) -> dict[str, Any]:
    """The configuration of an add-on as its schema has it; ``tags`` are put on every volume."""
    configurations: dict[str, dict[str, Any]] = {
        # Without the first NetworkPolicies are accepted and ignored (NET-003). Prefixes let a node
        # hold as many pods as its memory allows instead of as many as it has single addresses.
        "vpc-cni": {"enableNetworkPolicy": "true", "env": {"ENABLE_PREFIX_DELEGATION": "true", "WARM_PREFIX_TARGET": "1"}},
        "coredns": {"autoScaling": {"enabled": True, "minReplicas": 2, "maxReplicas": 10}},
        "aws-ebs-csi-driver": {"controller": {"extraVolumeTags": dict(tags)}} if tags else {},
    }
    return configurations.get(addon, {})


def create_addons(
    cluster: Component, addons: Sequence[str], context: AddonContext, *, after: Sequence[pulumi.Resource]
) -> list[pulumi.Resource]:
    """Install ``addons`` one after the other, the first one behind ``after``.

    What goes behind the last one is behind all.
    """
    created: list[pulumi.Resource] = []
    for addon in addons:
        created.append(_create_addon(cluster, addon, context, after=created[-1:] or after))
    return created


def _create_addon(cluster: Component, addon: str, context: AddonContext, *, after: Sequence[pulumi.Resource]) -> aws.eks.Addon:
    identities: list[aws.eks.AddonPodIdentityAssociationArgs] = []
    attached: Sequence[pulumi.Resource] = ()
    if addon in POD_IDENTITIES:
        identity = POD_IDENTITIES[addon]
        role, attached = create_pod_role(cluster, addon, identity, location=context.location, cluster_name=context.cluster_name)
        identities = [aws.eks.AddonPodIdentityAssociationArgs(role_arn=role.arn, service_account=identity.service_account)]
    configuration = addon_configuration(addon, context.tags)
    return aws.eks.Addon(
        cluster.child_name(addon),
        aws.eks.AddonArgs(
            cluster_name=context.created_name,
            addon_name=addon,
            addon_version=context.versions[addon],
            configuration_values=json.dumps(configuration) if configuration else None,
            pod_identity_associations=identities or None,
            # What stands here is what runs: a change by hand goes with the next update.
            resolve_conflicts_on_create="OVERWRITE",
            resolve_conflicts_on_update="OVERWRITE",
        ),
        cluster.child_options(depends_on=[*after, *attached]),
    )
