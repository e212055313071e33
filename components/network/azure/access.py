"""How people and pipelines come into the network, as it is set."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Annotated, Final

from pydantic import Field

from components.models.azure import VirtualNetworkId
from components.models.scalars import Cidr, Flag
from components.models.section import Contradiction, Section

# A company's network is narrower.
WIDEST_CALLER: Final = 8
# Each is a prefix in the rules of three security groups; a group holds 4,000 of them.
MOST_CALLERS: Final = 20
# Azure joins 500 networks with one; a stack copies from a few.
MOST_PEERS: Final = 10


class PeeringSettings(Section):
    """A virtual network, such as a company's hub, that this one is peered with."""

    virtual_network: VirtualNetworkId = Field(
        description="The other network. In the stack's own subscription its side of the peering is created too; "
        "in another one, its owners create it."
    )
    cidrs: Annotated[tuple[Cidr, ...], Field(min_length=1, max_length=MOST_CALLERS)] = Field(
        description="Networks that come in by it, such as the hub's own and a VPN's: they may call the Kubernetes API and the database."
    )
    remote_gateway: Flag = Field(
        default=False,
        description="Use the VPN or ExpressRoute gateway of the other network. "
        "Azure refuses it until the other side of the peering is there and allows gateway transit.",
    )


class AccessSettings(Section):
    """The ways into the network from outside of it."""

    peering: PeeringSettings | None = Field(default=None, description="Peer the virtual network with another one.")
    peers: Annotated[tuple[VirtualNetworkId, ...], Field(max_length=MOST_PEERS)] = Field(
        default=(),
        description="Networks of other stacks, such as that whose streams this one copies, joined directly: a hub leads from none of "
        "its networks to another. Name it in one of the two stacks; in another subscription, its owners create their side.",
    )

    @property
    def callers(self) -> tuple[IPv4Network, ...]:
        """The networks outside that may call the Kubernetes API and the database at their private addresses."""
        return self.peering.cidrs if self.peering else ()

    def contradictions(self) -> Iterator[Contradiction]:
        """Networks that are too wide, or that another one holds: a rule of Azure names no address twice; networks joined twice."""
        joined = [self.peering.virtual_network.lower()] if self.peering else []
        for place, peer in enumerate(self.peers):
            if peer.lower() in joined:
                yield ("peers", place), "it is joined with this network already; name it once"
            elif peer.lower().rpartition("/")[2] in {each.rpartition("/")[2] for each in joined}:
                yield ("peers", place), "another network of this name is joined already: peerings are named after networks"
            joined.append(peer.lower())
        for place, cidr in enumerate(self.callers):
            if cidr.prefixlen < WIDEST_CALLER:
                problem = f"{cidr} is wider than any network of a company; allowed are /{WIDEST_CALLER} and narrower"
                yield ("peering", "cidrs", place), problem
            for other in self.callers[:place]:
                if cidr.overlaps(other):
                    yield ("peering", "cidrs", place), f"{cidr} overlaps {other}; name the wider one alone"
