"""How people and pipelines come into the network, as it is set."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Annotated, Final

from pydantic import Field

from components.models.scalars import AccountId, Cidr, Port, Region
from components.models.section import Contradiction, Section
from components.models.written import Written

# Wider routes would take over the way to the internet.
WIDEST_ROUTE: Final = 8
# A network beyond the transit gateway or the peering is a route in every table; AWS allows 500 a
# table, and 50 in accounts older than June 2025 (Amazon VPC quotas).
MOST_ROUTES: Final = 20

TransitGatewayId = Annotated[
    str,
    Written(what="the id of a transit gateway", pattern=r"^tgw-([0-9a-f]{8}|[0-9a-f]{17})$", example="tgw-0123456789abcdef0"),
]
VpcId = Annotated[str, Written(what="the id of a VPC", pattern=r"^vpc-([0-9a-f]{8}|[0-9a-f]{17})$", example="vpc-0123456789abcdef0")]
RoutedCidrs = Annotated[tuple[Cidr, ...], Field(min_length=1, max_length=MOST_ROUTES)]


class TransitGatewaySettings(Section):
    """A transit gateway that the VPC is attached to."""

    id: TransitGatewayId = Field(
        description="The gateway: of this account, or shared with it. Each zone of the attachment costs about 37 USD a month."
    )
    cidrs: RoutedCidrs = Field(description="Networks beyond it, such as a VPN's, that nodes, databases and the Kubernetes API answer to.")


class PeeringSettings(Section):
    """A VPC that this one is peered with."""

    vpc_id: VpcId = Field(description="The other VPC.")
    cidrs: RoutedCidrs = Field(description="Networks of the other VPC that nodes, databases and the Kubernetes API answer to.")
    account: AccountId | None = Field(default=None, description="Its account, in quotes; the stack's own where it is left out.")
    region: Region | None = Field(default=None, description="Its region; the stack's own where it is left out.")


class SessionManagerSettings(Section):
    """Ports forwarded by AWS Systems Manager, through an instance that nothing can connect to."""

    local_port: Port = Field(
        default=8443,
        description="Port of one's own machine at which the Kubernetes API answers while a session is open; "
        "the stack's kubeconfig points there where no other way in is set.",
    )


class AccessSettings(Section):
    """The ways into the network from outside of it; several may be set."""

    transit_gateway: TransitGatewaySettings | None = Field(default=None, description="Attach the VPC to a transit gateway.")
    peering: PeeringSettings | None = Field(default=None, description="Peer the VPC with another one.")
    session_manager: SessionManagerSettings | None = Field(
        default=None, description="Forward ports by AWS Systems Manager; the instance for it costs about 7 USD a month."
    )

    @property
    def routed(self) -> tuple[tuple[str, int, IPv4Network], ...]:
        """The networks that routes lead to: each with the key that holds it and its place there."""
        ways = (("transitGateway", self.transit_gateway), ("peering", self.peering))
        return tuple((key, place, cidr) for key, way in ways if way for place, cidr in enumerate(way.cidrs))

    def contradictions(self) -> Iterator[Contradiction]:
        """Networks that are too wide for a route, or that two routes would lead to."""
        seen: list[IPv4Network] = []
        for way, place, cidr in self.routed:
            if cidr.prefixlen < WIDEST_ROUTE:
                yield (way, "cidrs", place), f"{cidr} would take over the way to the internet; allowed are /{WIDEST_ROUTE} and narrower"
            if cidr in seen:
                yield (way, "cidrs", place), f"{cidr} stands twice; name each network once, at the way that leads there"
            seen.append(cidr)
