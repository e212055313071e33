"""The network on AWS, as it is set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Field, ValidationInfo, field_validator

from components.models.scalars import Flag, LogRetention, NetworkCidr, Zone
from components.models.section import Contradiction, Section, refuse, twice
from facts.aws import REGION_ZONES, NatGateways, zones_of
from facts.tiers import Tier

ZONES_IN_PRODUCTION: Final = 3


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the rules of a section ask of others, as it was written: told beforehand, so that no other mistake keeps them from asking."""

    region: object
    tier: object


class NetworkSettings(Section):
    """The VPC."""

    cidr: NetworkCidr = Field(description="Private IPv4 range of /16 to /20, apart from all networks that it may be joined with.")
    zones: Annotated[tuple[Zone, ...], Field(min_length=2, max_length=6)] = Field(
        description="Availability zones, by name. Their order decides the addresses: add new ones at the end."
    )
    nat_gateways: NatGateways = Field(description="One in each zone, or a single one.")
    flow_log_retention: LogRetention = Field(description="How long flow logs are kept.")
    interface_endpoints: Flag = Field(description="Private ways to the AWS services that a cluster calls, instead of through NAT gateways.")

    @field_validator("zones")
    @classmethod
    def _zones_are_there(cls, zones: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if isinstance(info.context, Surroundings):
            refuse(_zone_contradictions(zones, info.context))
        return zones

    def contradictions(self) -> Iterator[Contradiction]:
        """Zones that stand twice."""
        yield from twice(self.zones, "zones")


def _zone_contradictions(zones: tuple[str, ...], surroundings: Surroundings) -> Iterator[Contradiction]:
    region = surroundings.region
    if isinstance(region, str) and region in REGION_ZONES:
        there = zones_of(region)
        for place, zone in enumerate(zones):
            if zone not in there:
                yield (place,), f"{region} has no zone {zone}; allowed are {', '.join(there)}"
    if surroundings.tier is Tier.PRODUCTION and len(zones) < ZONES_IN_PRODUCTION:
        yield (), f"{len(zones)} zones; production needs {ZONES_IN_PRODUCTION}, so that one can fail"
