"""The network on Azure, as it is set."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from ipaddress import IPv4Network
from typing import Annotated, Final

from pydantic import Field, ValidationInfo, field_validator

from components.models.azure import NetworkWatcherId, Zone
from components.models.scalars import Cidr, Flag, NetworkCidr, Port
from components.models.section import Contradiction, Section, refuse, twice
from components.models.surroundings import Surroundings
from components.models.written import duration
from components.network.azure.access import AccessSettings
from components.network.plan import ZonePlan, plan_network
from facts.addresses import KUBERNETES_SERVICE_CIDR, PRIVATE_RANGES
from facts.azure import LOCATIONS, NatGateway
from facts.tiers import Tier

LEAST_ZONES: Final = 2
ZONES_IN_PRODUCTION: Final = 3
# Each node has a /24 of the pods' range, however few pods run on it (AKS, "Azure CNI Overlay").
ADDRESSES_OF_PODS: Final = 256
WIDEST_POD_CIDR: Final = 12
NARROWEST_POD_CIDR: Final = 20
# What AKS keeps for itself (AKS, "Azure CNI prerequisites").
RESERVED_BY_AKS: Final = tuple(map(IPv4Network, ("169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24")))
# The first four addresses and the last one of a subnet.
RESERVED_IN_SUBNETS: Final = 5


class NetworkSettings(Section):
    """The virtual network."""

    cidr: NetworkCidr = Field(
        description="Private IPv4 range of /16 to /20, apart from all networks that it may be joined with. "
        "It stays for good: Azure changes no subnet that something is in."
    )
    pod_cidr: Cidr = Field(
        default=IPv4Network("100.64.0.0/16"),
        description="Private IPv4 range of /12 to /20 of the pods, a /24 for each node. It is the cluster's own: nothing outside sees "
        "its addresses, and several clusters may have the same. AKS widens it later, but neither moves nor narrows it.",
    )
    zones: Annotated[tuple[Zone, ...], Field(max_length=3)] = Field(
        description="Availability zones, by number, that nodes and databases are spread over; empty where the region has none."
    )
    nat_gateway: NatGateway = Field(
        default=NatGateway.ZONE_REDUNDANT,
        validate_default=True,
        description="Through all zones of the region, or, where it has no such gateways, through a single one that all nodes lose the "
        "internet with. About 33 USD a month, and 0.045 USD for each GB. Another kind has another public address.",
    )
    load_balancer_ports: tuple[Port, ...] = Field(
        default=(),
        description="TCP ports at which load balancers of the cluster answer, such as 80 and 443: "
        "public ones the internet, internal ones the networks of access.",
    )
    log_retention: Annotated[timedelta, duration(least="30d", most="730d", step="1d", example="90d")] = Field(
        description="How long flow logs, and the logs of the platform's resources, are kept. Log Analytics takes about 2.80 USD "
        "for each GB written, and after 31 days 0.12 USD a month for each GB kept; flow logs cost about 0.50 USD for each GB."
    )
    traffic_analytics: Flag = Field(
        description="Sum flow logs up in the workspace every ten minutes, where they can be queried. "
        "About 3.50 USD for each GB of them, beside what is written."
    )
    network_watcher: NetworkWatcherId | None = Field(
        default=None,
        description="The Network Watcher of the subscription and region, of which Azure allows one, "
        "where it is not the one that Azure creates by itself, NetworkWatcher_<region> in NetworkWatcherRG.",
    )
    access: AccessSettings = Field(
        default=AccessSettings(),
        description="How people and pipelines reach the Kubernetes API and the database from outside of the virtual network.",
    )

    @property
    def plan(self) -> ZonePlan:
        """Which subnet gets which range: a subnet of Azure is in all zones, so the region is laid out as one."""
        (region,) = plan_network(self.cidr, ("region",)).zones
        return region

    @property
    def node_cidr(self) -> IPv4Network:
        """Where nodes and internal load balancers have their addresses."""
        return self.plan.private

    @property
    def api_server_cidr(self) -> IPv4Network:
        """Where the Kubernetes API has its addresses."""
        return self.plan.control_plane

    @property
    def database_cidr(self) -> IPv4Network:
        """Where databases have their addresses."""
        return self.plan.isolated

    @property
    def private_endpoint_cidr(self) -> IPv4Network:
        """Where storage accounts and vaults have their addresses."""
        return self.plan.public

    @property
    def node_capacity(self) -> int:
        """How many nodes there can be at once, by the addresses of nodes and of pods."""
        return min(self.node_cidr.num_addresses - RESERVED_IN_SUBNETS, self.pod_cidr.num_addresses // ADDRESSES_OF_PODS)

    @field_validator("zones")
    @classmethod
    def _zones_are_there(cls, zones: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if isinstance(info.context, Surroundings):
            refuse(_zone_contradictions(zones, info.context))
        return zones

    @field_validator("nat_gateway")
    @classmethod
    def _nat_gateway_is_there(cls, kind: NatGateway, info: ValidationInfo) -> NatGateway:
        region = str(info.context.region) if isinstance(info.context, Surroundings) else ""
        if kind is NatGateway.ZONE_REDUNDANT and region in LOCATIONS and not LOCATIONS[region].zone_redundant_nat:
            raise ValueError(f"{region} has no zone-redundant NAT gateways; allowed is {NatGateway.ZONAL.value}")
        return kind

    def contradictions(self) -> Iterator[Contradiction]:
        """Zones that stand twice, and ranges that cannot be told apart."""
        yield from twice(self.zones, "zones")
        yield from self._pod_cidr_contradictions()
        for reserved in RESERVED_BY_AKS:
            if self.cidr.overlaps(reserved):
                yield ("cidr",), f"{self.cidr} is in the way of {reserved}, which AKS keeps for itself; take a range outside of it"
        for place, caller in enumerate(self.access.callers):
            for taken in (self.cidr, self.pod_cidr, IPv4Network(KUBERNETES_SERVICE_CIDR)):
                # A wider one is fine: what is outside of the cluster's own ranges finds its way back.
                if caller.subnet_of(taken):
                    problem = f"{caller} is within {taken}, which is the cluster's own; name the networks beside it"
                    yield ("access", "peering", "cidrs", place), problem

    def _pod_cidr_contradictions(self) -> Iterator[Contradiction]:
        if not WIDEST_POD_CIDR <= self.pod_cidr.prefixlen <= NARROWEST_POD_CIDR:
            yield ("podCidr",), f"{self.pod_cidr} is not within bounds; allowed are /{WIDEST_POD_CIDR} to /{NARROWEST_POD_CIDR}"
        if not any(self.pod_cidr.subnet_of(private) for private in PRIVATE_RANGES):
            yield ("podCidr",), f"{self.pod_cidr} is not private; allowed are ranges within {', '.join(map(str, PRIVATE_RANGES))}"
        for taken in (self.cidr, IPv4Network(KUBERNETES_SERVICE_CIDR), *RESERVED_BY_AKS):
            if self.pod_cidr.overlaps(taken):
                yield ("podCidr",), f"{self.pod_cidr} is in the way of {taken}; take a range outside of it"


def _zone_contradictions(zones: tuple[str, ...], surroundings: Surroundings) -> Iterator[Contradiction]:
    location = LOCATIONS.get(str(surroundings.region))
    if location and not location.zones and zones:
        yield (), f"{surroundings.region} has no availability zones; leave the list empty or take another region"
    if location and location.zones and len(zones) < LEAST_ZONES:
        yield (), f"{len(zones)} zones; {surroundings.region} has {len(location.zones)}: name at least {LEAST_ZONES} of them"
    if surroundings.tier is Tier.PRODUCTION and len(zones) < ZONES_IN_PRODUCTION:
        yield (), f"{len(zones)} zones; production needs {ZONES_IN_PRODUCTION}, so that one can fail"
