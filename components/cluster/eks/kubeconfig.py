"""How clients reach the cluster: a kubeconfig that asks for a short-lived token each time and holds no secret."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ClusterAccess:
    """Where a cluster is. ``certificate_authority`` is base64, as the EKS API gives it."""

    cluster_name: str
    region: str
    endpoint: str
    certificate_authority: str


def render_kubeconfig(access: ClusterAccess) -> str:
    """A kubeconfig as JSON, which every reader of YAML takes too.

    Who runs the client signs in, by the AWS CLI on its PATH.
    """
    name = access.cluster_name
    sign_in = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "aws",
        "args": ["eks", "get-token", "--region", access.region, "--cluster-name", name, "--output", "json"],
        "interactiveMode": "Never",
    }
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": name,
            "clusters": [
                {"name": name, "cluster": {"server": access.endpoint, "certificate-authority-data": access.certificate_authority}}
            ],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
            "users": [{"name": name, "user": {"exec": sign_in}}],
        }
    )
