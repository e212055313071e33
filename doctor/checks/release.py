"""Versions and clocks: the API server's, the kubelets', this machine's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from doctor.cluster import Cluster
from doctor.findings import Finding, advice, fine, missing
from doctor.needs import Needs
from facts.releases import KUBERNETES_RELEASES

_SUBJECT: Final = "Kubernetes"
_OLDEST_KUBELET: Final = 3
"""Minor releases that a kubelet may be behind its API server (version skew policy of Kubernetes)."""
_MOST_SKEW: Final = timedelta(seconds=30)
"""Tokens and certificates of a few minutes, as exec plugins and cert-manager make them, are then still valid on both sides."""
_MINOR: Final = re.compile(r"v?(\d{1,3})\.(\d{1,3})")


def check_release(needs: Needs, cluster: Cluster) -> Iterator[Finding]:
    """The server is of the release that the settings say, and supported; no node is too far from it; the clocks agree."""
    server = str(cluster.version.get("gitVersion", ""))
    found = _minor(server)
    if found is None:
        yield advice(_SUBJECT, f"the server calls its version {server!r}, which nobody can compare", "Compare it with the settings")
        return
    release = f"{found[0]}.{found[1]}"
    if release not in KUBERNETES_RELEASES:
        supported = " and ".join(KUBERNETES_RELEASES)
        yield missing(_SUBJECT, f"the server is {server}; supported are {supported}", "Upgrade the cluster to one of them", "CLUS-005")
    if release != needs.release:
        cure = f'Set plinth:cluster.version to "{release}", or bring the cluster to {needs.release}'
        yield missing(_SUBJECT, f"the server is {server}, and the settings say {needs.release}", cure, "CLUS-005")
    if release in KUBERNETES_RELEASES and release == needs.release:
        yield fine(_SUBJECT, server)
    for node in cluster.objects("/api/v1/nodes"):
        kubelet = _minor(str(node["status"]["nodeInfo"]["kubeletVersion"]))
        if kubelet is not None and not 0 <= found[1] - kubelet[1] <= _OLDEST_KUBELET:
            name = node["metadata"]["name"]
            problem = f"the kubelet of node {name} is {kubelet[0]}.{kubelet[1]}, and the server {release}"
            yield missing(_SUBJECT, problem, f"Bring the node to {release}: a kubelet is at most {_OLDEST_KUBELET} releases behind")


def check_clock(_: Needs, cluster: Cluster) -> Iterator[Finding]:
    """Certificates and tokens are valid by the clock of whoever looks at them."""
    skew = cluster.clock_skew
    if skew is not None and abs(skew) > _MOST_SKEW:
        direction = "ahead of" if skew > timedelta() else "behind"
        seconds = round(abs(skew).total_seconds())
        problem = f"the API server's clock is {seconds} s {direction} this machine's"
        yield advice("clocks", problem, "Let NTP set both: new certificates and tokens are otherwise refused for that long")


def _minor(version: str) -> tuple[int, int] | None:
    match = _MINOR.match(version)
    return (int(match[1]), int(match[2])) if match else None
