"""How clients reach the cluster: a kubeconfig that asks for a short-lived token, without a secret."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ClusterAccess:
    """Where a cluster is.

    Attributes:
        cluster_name: its name.
        region: where it is.
        endpoint: of its API, with ``https://``.
        certificate_authority: base64, as the EKS API gives it.
        local_port: where a tunnel to the API ends on the client's machine; None where it is reached directly.
    """

    cluster_name: str
    region: str
    endpoint: str
    certificate_authority: str
    local_port: int | None


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
    # Through a tunnel the certificate is still that of the API's own name.
    server = (
        {"server": access.endpoint}
        if access.local_port is None
        else {"server": f"https://127.0.0.1:{access.local_port}", "tls-server-name": access.endpoint.removeprefix("https://")}
    )
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": name,
            "clusters": [{"name": name, "cluster": {**server, "certificate-authority-data": access.certificate_authority}}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
            "users": [{"name": name, "user": {"exec": sign_in}}],
        }
    )
