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

    @property
    def callers(self) -> tuple[IPv4Network, ...]:
        """The networks outside that may call the Kubernetes API and the database at their private addresses."""
        return self.peering.cidrs if self.peering else ()

    def contradictions(self) -> Iterator[Contradiction]:
        """Networks that are too wide, or that another one holds: a rule of Azure names no address twice."""
        for place, cidr in enumerate(self.callers):
            if cidr.prefixlen < WIDEST_CALLER:
                problem = f"{cidr} is wider than any network of a company; allowed are /{WIDEST_CALLER} and narrower"
                yield ("peering", "cidrs", place), problem
            for other in self.callers[:place]:
                if cidr.overlaps(other):
                    yield ("peering", "cidrs", place), f"{cidr} overlaps {other}; name the wider one alone"
