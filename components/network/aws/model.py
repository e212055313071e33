"""The network on AWS, as it is set."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Annotated, Final

from pydantic import Field, ValidationInfo, field_validator

from components.models.scalars import Count, Flag, LogRetention, NetworkCidr, Zone
from components.models.section import Contradiction, Section, refuse, twice
from components.models.surroundings import Surroundings
from components.network.aws.access import AccessSettings
from components.network.plan import MOST_ZONES, NetworkPlan, plan_network
from facts.addresses import KUBERNETES_SERVICE_CIDR
from facts.aws import REGION_ZONES, NatGateways, zones_of
from facts.tiers import Tier

ZONES_IN_PRODUCTION: Final = 3


class NetworkSettings(Section):
    """The VPC."""

    cidr: NetworkCidr = Field(description="Private IPv4 range of /16 to /20, apart from all networks that it may be joined with.")
    zones: Annotated[tuple[Zone, ...], Field(min_length=2, max_length=MOST_ZONES)] = Field(
        description="Availability zones, by name. Their order decides the addresses: add new ones at the end."
    )
    control_plane_zones: Annotated[Count, Field(ge=2, le=MOST_ZONES)] = Field(
        description="In how many of the zones, from the first one on, the Kubernetes API has its interfaces. "
        "EKS fixes these zones when the cluster is created: do not change this when zones are added."
    )
    nat_gateways: NatGateways = Field(
        description="One in each zone, or a single one. Each costs about 33 USD a month, and 0.045 USD for each GB."
    )
    flow_log_retention: LogRetention = Field(
        description="How long flow logs are kept. "
        "CloudWatch Logs costs about 0.50 USD for each GB written, and 0.03 USD a month for each GB kept."
    )
    interface_endpoints: Flag = Field(
        description="Private ways to the AWS services that a cluster calls, instead of through NAT gateways. "
        "About a dozen of them, each about 7 USD a month in each zone."
    )
    access: AccessSettings = Field(
        default=AccessSettings(), description="How people and pipelines reach the Kubernetes API and the database from outside of the VPC."
    )

    @property
    def plan(self) -> NetworkPlan:
        """Which subnet gets which range."""
        return plan_network(self.cidr, self.zones)

    @property
    def control_plane_cidrs(self) -> tuple[IPv4Network, ...]:
        """Where the interfaces of the Kubernetes API have their addresses."""
        return tuple(zone.control_plane for zone in self.plan.zones[: self.control_plane_zones])

    @property
    def database_cidrs(self) -> tuple[IPv4Network, ...]:
        """Where databases have their addresses."""
        return tuple(zone.isolated for zone in self.plan.zones)

    @field_validator("zones")
    @classmethod
    def _zones_are_there(cls, zones: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if isinstance(info.context, Surroundings):
            refuse(_zone_contradictions(zones, info.context))
        return zones

    def contradictions(self) -> Iterator[Contradiction]:
        """Zones that stand twice or are too few, and routes into what is the cluster's own."""
        yield from twice(self.zones, "zones")
        if self.control_plane_zones > len(self.zones):
            yield ("controlPlaneZones",), f"given {self.control_plane_zones}, but there are {len(self.zones)} zones; allowed are 2 to that"
        for way, place, cidr in self.access.routed:
            for taken in (self.cidr, IPv4Network(KUBERNETES_SERVICE_CIDR)):
                # A wider route is fine: the narrower one, of the VPC itself, comes before it.
                if cidr.subnet_of(taken):
                    problem = f"{cidr} is within {taken}, which is the cluster's own; name the networks beside it"
                    yield ("access", way, "cidrs", place), problem


def _zone_contradictions(zones: tuple[str, ...], surroundings: Surroundings) -> Iterator[Contradiction]:
    region = surroundings.region
    if isinstance(region, str) and region in REGION_ZONES:
        there = zones_of(region)
        for place, zone in enumerate(zones):
            if zone not in there:
                yield (place,), f"{region} has no zone {zone}; allowed are {', '.join(there)}"
    if surroundings.tier is Tier.PRODUCTION and len(zones) < ZONES_IN_PRODUCTION:
        yield (), f"{len(zones)} zones; production needs {ZONES_IN_PRODUCTION}, so that one can fail"
