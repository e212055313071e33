"""Whether anybody outside of the VPC can reach the Kubernetes API, whoever deploys among them."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Final

from components.cluster.eks.model import ClusterSettings
from components.models.section import Contradiction
from components.network.aws.access import AccessSettings

_NO_WAY_IN: Final = (
    "nobody outside of the VPC could call the Kubernetes API, not even to deploy into it; set one of "
    "plinth:network.access.sessionManager; plinth:network.access.transitGateway or .peering, with "
    "plinth:cluster.privateAccessCidrs; or plinth:cluster.publicAccessCidrs"
)


def check_ways_in(access: AccessSettings, cluster: ClusterSettings, *, vpc: IPv4Network) -> Iterator[Contradiction]:
    """Callers that no route leads back to, and an API that nobody can call.

    Paths begin at the cluster's settings.
    """
    routed = [cidr for _, _, cidr in access.routed]
    for place, caller in enumerate(cluster.private_access_cidrs):
        if not any(caller.subnet_of(known) for known in (vpc, *routed)):
            problem = f"{caller} is routed nowhere; name it in plinth:network.access.transitGateway.cidrs or .peering.cidrs"
            yield ("privateAccessCidrs", place), problem
    if not (cluster.public_access_cidrs or access.session_manager or _call_privately(access, cluster)):
        yield (), _NO_WAY_IN


def tunnel_port(access: AccessSettings, cluster: ClusterSettings) -> int | None:
    """The port at which people reach the API where sessions are the only way in, else None."""
    if access.session_manager is None or cluster.public_access_cidrs or _call_privately(access, cluster):
        return None
    return access.session_manager.local_port


def _call_privately(access: AccessSettings, cluster: ClusterSettings) -> bool:
    return any(caller.subnet_of(cidr) for _, _, cidr in access.routed for caller in cluster.private_access_cidrs)
