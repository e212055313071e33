"""How clients reach the cluster, and who they are."""

from __future__ import annotations

from dataclasses import dataclass

from components.cluster.kubeconfig import render_kubeconfig


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


def render_access(access: ClusterAccess) -> str:
    """A kubeconfig with which whoever runs the client signs in, by the AWS CLI on its PATH."""
    # Through a tunnel the certificate is still that of the API's own name.
    server = (
        {"server": access.endpoint}
        if access.local_port is None
        else {"server": f"https://127.0.0.1:{access.local_port}", "tls-server-name": access.endpoint.removeprefix("https://")}
    )
    return render_kubeconfig(
        access.cluster_name,
        cluster={**server, "certificate-authority-data": access.certificate_authority},
        sign_in=["aws", "eks", "get-token", "--region", access.region, "--cluster-name", access.cluster_name, "--output", "json"],
    )
