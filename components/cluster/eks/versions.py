"""The versions of a cluster: Kubernetes releases that EKS supports as standard, and for each the add-ons that belong to it."""

from __future__ import annotations

from collections.abc import Mapping

from components.base import ComponentError

_VPC_CNI = "v1.22.4-eksbuild.3"
_POD_IDENTITY_AGENT = "v1.3.10-eksbuild.3"
_EBS_CSI_DRIVER = "v1.66.0-eksbuild.1"
_SNAPSHOT_CONTROLLER = "v8.5.0-eksbuild.5"

# A release leaves this table when its standard support ends, and with it the clusters that stayed on it (CLUS-005). What may follow a
# version: aws eks describe-addon-versions --kubernetes-version <release> --addon-name <add-on>
ADDON_VERSIONS: Mapping[str, Mapping[str, str]] = {
    "1.34": {
        "vpc-cni": _VPC_CNI,
        "kube-proxy": "v1.34.6-eksbuild.21",
        "eks-pod-identity-agent": _POD_IDENTITY_AGENT,
        "coredns": "v1.12.4-eksbuild.29",
        "snapshot-controller": _SNAPSHOT_CONTROLLER,
        "aws-ebs-csi-driver": _EBS_CSI_DRIVER,
    },
    "1.35": {
        "vpc-cni": _VPC_CNI,
        "kube-proxy": "v1.35.3-eksbuild.29",
        "eks-pod-identity-agent": _POD_IDENTITY_AGENT,
        "coredns": "v1.13.2-eksbuild.31",
        "snapshot-controller": _SNAPSHOT_CONTROLLER,
        "aws-ebs-csi-driver": _EBS_CSI_DRIVER,
    },
    "1.36": {
        "vpc-cni": _VPC_CNI,
        "kube-proxy": "v1.36.0-eksbuild.21",
        "eks-pod-identity-agent": _POD_IDENTITY_AGENT,
        "coredns": "v1.14.3-eksbuild.16",
        "snapshot-controller": _SNAPSHOT_CONTROLLER,
        "aws-ebs-csi-driver": _EBS_CSI_DRIVER,
    },
}


class KubernetesVersionError(ComponentError):
    """The platform has no add-ons for that Kubernetes version."""


def addon_versions(kubernetes_version: str) -> Mapping[str, str]:
    """The exact version of each add-on, by its name, for a Kubernetes release such as ``1.35``.

    Raises:
        KubernetesVersionError: the release is not in the table.
    """
    if kubernetes_version not in ADDON_VERSIONS:
        raise KubernetesVersionError(f"Kubernetes {kubernetes_version} is not supported; allowed are {', '.join(ADDON_VERSIONS)}")
    return ADDON_VERSIONS[kubernetes_version]
