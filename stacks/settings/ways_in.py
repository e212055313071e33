"""Whether what is outside of the VPC can reach it and be reached: the callers of the Kubernetes API, other clusters of NATS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network
from typing import Final

from components.cluster.eks.model import ClusterSettings
from components.messaging.nats.model import NatsSettings
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
    yield from _without_a_route(access, cluster.private_access_cidrs, ("privateAccessCidrs",), vpc=vpc)
    if not (cluster.public_access_cidrs or access.session_manager or _call_privately(access, cluster)):
        yield (), _NO_WAY_IN


def check_links(access: AccessSettings, nats: NatsSettings, *, vpc: IPv4Network) -> Iterator[Contradiction]:
    """Clusters of NATS that could not reach this one, or that it could not reach.

    The way in is a load balancer inside the VPC; the one elsewhere may be on the internet. Paths begin at
    NATS' settings.
    """
    if nats.leaf_nodes:
        yield from _without_a_route(access, nats.leaf_nodes.cidrs, ("leafNodes", "cidrs"), vpc=vpc)
    if nats.remote:
        yield from _without_a_route(access, nats.remote.cidrs, ("remote", "cidrs"), vpc=vpc, may_be_public=True)


def tunnel_port(access: AccessSettings, cluster: ClusterSettings) -> int | None:
    """The port at which people reach the API where sessions are the only way in, else None."""
    if access.session_manager is None or cluster.public_access_cidrs or _call_privately(access, cluster):
        return None
    return access.session_manager.local_port


def _without_a_route(
    access: AccessSettings, networks: Sequence[IPv4Network], path: tuple[str, ...], *, vpc: IPv4Network, may_be_public: bool = False
) -> Iterator[Contradiction]:
    """Those of ``networks`` that no route leads to."""
    routed = [vpc, *(cidr for _, _, cidr in access.routed)]
    for place, network in enumerate(networks):
        if not any(network.subnet_of(known) for known in routed) and not (may_be_public and network.is_global):
            problem = f"{network} is routed nowhere; name it in plinth:network.access.transitGateway.cidrs or .peering.cidrs"
            yield (*path, place), problem


def _call_privately(access: AccessSettings, cluster: ClusterSettings) -> bool:
    return any(caller.subnet_of(cidr) for _, _, cidr in access.routed for caller in cluster.private_access_cidrs)
