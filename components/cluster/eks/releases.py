"""What belongs to each Kubernetes release: nodes' image, EKS add-ons, autoscaler, at exact versions.

Where the versions come from, and how they move: runbooks/node-image-upgrade.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class EksRelease:
    """One Kubernetes release on EKS.

    Attributes:
        node_image: release version of the EKS optimised images of Amazon Linux 2023, the same for both architectures.
        autoscaler: tag of the Cluster Autoscaler's image, which simulates the scheduler of just this release.
        addons: version of each add-on by its name.
    """

    node_image: str
    autoscaler: str
    addons: Mapping[str, str]


# These serve all releases.
_ADDONS: Final = {
    "vpc-cni": "v1.22.4-eksbuild.3",
    "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
    "eks-node-monitoring-agent": "v1.7.2-eksbuild.1",
    "snapshot-controller": "v8.6.0-eksbuild.8",
    "aws-ebs-csi-driver": "v1.66.0-eksbuild.1",
    "metrics-server": "v0.9.0-eksbuild.11",
}

RELEASES: Final[Mapping[str, EksRelease]] = {
    "1.35": EksRelease(
        node_image="1.35.8-20260930",
        autoscaler="v1.35.2",
        addons={**_ADDONS, "kube-proxy": "v1.35.3-eksbuild.29", "coredns": "v1.13.2-eksbuild.31"},
    ),
    "1.36": EksRelease(
        node_image="1.36.4-20260930",
        autoscaler="v1.36.1",
        addons={**_ADDONS, "kube-proxy": "v1.36.0-eksbuild.25", "coredns": "v1.14.3-eksbuild.23"},
    ),
}
"""By the releases that settings allow (``facts.releases``)."""
