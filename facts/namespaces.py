"""The namespaces that are the platform's or the cluster's own: no application may take one of these names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

AUTOSCALING: Final = "autoscaling"
BACKUP: Final = "velero"
CERTIFICATES: Final = "cert-manager"
DATABASE: Final = "database"
MESSAGING: Final = "messaging"
AGENTS: Final = "node-agents"
OBSERVABILITY: Final = "observability"
RESTORE_DRILL: Final = "restore-drill"
RESTORE_SCRATCH: Final = "restore-scratch"

PRIVILEGED: Final[Mapping[str, str]] = {
    "kube-system": "the cluster's own agents (CNI, CSI, kube-proxy) use host namespaces",
    "kube-public": "owned by the cluster itself",
    "kube-node-lease": "owned by the cluster itself",
    BACKUP: "the node agent reads the volumes of other pods through the host",
    "falco": "watches system calls of the host",
    AGENTS: "exporters and log collectors that read the host",
}
"""Namespaces whose pods may do what POD-001 and POD-002 refuse elsewhere, each with the reason."""

RESERVED: Final = frozenset(
    {*PRIVILEGED, AUTOSCALING, CERTIFICATES, DATABASE, MESSAGING, OBSERVABILITY, RESTORE_DRILL, RESTORE_SCRATCH, "default"}
)
"""Names that no application may have; those that begin with ``kube-`` are the cluster's, too."""


def is_reserved(name: str) -> bool:
    """Whether a namespace of this name is the platform's or the cluster's."""
    return name in RESERVED or name.startswith("kube-")
