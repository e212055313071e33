"""The programs that a rehearsal drives, and how to get them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from rehearsal.errors import PreparationError

SERVERS: Final = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok")
HELM: Final = "helm"

_KUBERNETES: Final = (
    "the server binaries of a Kubernetes release (kubernetes-server-linux-amd64.tar.gz), or `go build` of k8s.io/kubernetes"
)
_SOURCES: Final[Mapping[str, str]] = {
    "etcd": "the release archive of etcd-io/etcd, or `go build` of go.etcd.io/etcd/server/v3",
    "kube-apiserver": _KUBERNETES,
    "kube-controller-manager": _KUBERNETES,
    "kube-scheduler": _KUBERNETES,
    "kwok": "the release of kubernetes-sigs/kwok, or `go install sigs.k8s.io/kwok/cmd/kwok`",
    HELM: "the release archive of helm/helm, or a package of the system",
}


def find_programs(folders: Sequence[Path]) -> Mapping[str, Path]:
    """The path of each program: in one of ``folders``, else on PATH.

    Raises:
        PreparationError: with all that are missing, each with where to get it.
    """
    path = os.pathsep.join([*map(str, folders), os.environ.get("PATH", os.defpath)])
    found = {name: shutil.which(name, path=path) for name in _SOURCES}
    missing = [name for name, where in found.items() if where is None]
    if missing:
        lines = [f"  {name}: {_SOURCES[name]}" for name in missing]
        raise PreparationError(
            "\n".join(
                [
                    "these programs were found neither on PATH nor in .tools/bin; put them there, or name their folder with --programs:",
                    *lines,
                    "docs/rehearsal.md says more",
                ]
            )
        )
    return {name: Path(where) for name, where in found.items() if where is not None}
