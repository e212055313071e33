"""How clients reach the cluster, and who they are."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Final

import yaml

from components.cluster.kubeconfig import render_kubeconfig

# Entra's application "Azure Kubernetes Service AAD Server", the same in every tenant.
_SERVER_ID: Final = "6dae42f8-4368-4678-94ff-3960e28e3630"


@dataclass(frozen=True, kw_only=True)
class ClusterAccess:
    """Where a cluster is.

    Attributes:
        cluster_name: its name.
        tenant_id: of Entra, which knows the users.
        endpoint: of its API, with ``https://``.
        certificate_authority: base64.
    """

    cluster_name: str
    tenant_id: str
    endpoint: str
    certificate_authority: str


def read_access(kubeconfig: str, *, cluster_name: str, tenant_id: str) -> ClusterAccess:
    """Where the cluster is, by the kubeconfig that AKS gives to users: base64 of YAML.

    It is the one place where AKS names the cluster's certificate authority. Local accounts are off, so
    it holds no credentials.
    """
    (cluster,) = yaml.safe_load(base64.b64decode(kubeconfig))["clusters"]
    return ClusterAccess(
        cluster_name=cluster_name,
        tenant_id=tenant_id,
        endpoint=cluster["cluster"]["server"],
        certificate_authority=cluster["cluster"]["certificate-authority-data"],
    )


def render_access(access: ClusterAccess) -> str:
    """A kubeconfig with which whoever runs the client signs in, by kubelogin and the Azure CLI on its PATH."""
    return render_kubeconfig(
        access.cluster_name,
        cluster={"server": access.endpoint, "certificate-authority-data": access.certificate_authority},
        sign_in=["kubelogin", "get-token", "--login", "azurecli", "--server-id", _SERVER_ID, "--tenant-id", access.tenant_id],
    )
