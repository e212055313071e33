"""The settings of a stack on Azure: where it lives, its network, cluster and database, and the rules between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from pydantic import Field, ValidationInfo, field_validator

from components.cluster.aks.model import ClusterSettings
from components.database.flexible_server.model import DatabaseSettings
from components.models.azure import LocationName, Uuid
from components.models.scalars import DnsLabel, Flag
from components.models.section import Contradiction, Section, refuse
from components.network.azure.access import AccessSettings
from components.network.azure.model import NetworkSettings
from components.storage.azure.object_store_model import ObjectStoreSettings
from components.storage.object_store_model import BACKUPS
from facts.azure import LOCATIONS
from facts.limits.table import limits_of
from stacks.settings.tree import DisasterRecoverySettings, Settings

_NO_WAY_IN: Final = (
    "nobody outside of the virtual network could call the Kubernetes API, not even to deploy into it; set one of "
    "plinth:network.access.peering or plinth:cluster.publicAccessCidrs"
)


class AzureSettings(Section):
    """The subscription and region that everything of the stack is in."""

    subscription: Uuid = Field(description="The subscription. Resources are created in no other.")
    tenant: Uuid = Field(description="The Entra tenant that the subscription trusts.")
    location: LocationName = Field(description="The region.")
    zone_redundant_volumes: Flag = Field(
        default=False,
        description="Volumes in all zones at once, so that a pod whose zone is lost starts in another one: Premium SSD, whose speed "
        "follows from its size, with zone-redundant storage, instead of Premium SSD v2. Existing volumes stay as they are.",
    )
    object_stores: Mapping[DnsLabel, ObjectStoreSettings] = Field(
        default={}, description="Stores of objects, such as backups, by name: a storage account with one container each."
    )

    def contradictions(self) -> Iterator[Contradiction]:
        """Names that a container cannot have, and copies in zones or in a paired region that there are none of."""
        if self.zone_redundant_volumes and not LOCATIONS[self.location].zones:
            yield ("zoneRedundantVolumes",), f"{self.location} has no availability zones; set it to false, or choose another region"
        named = limits_of("azure-native:storage:BlobContainer")["containerName"]
        for name, store in self.object_stores.items():
            if not named.admits(name):
                yield ("objectStores", name), f"this cannot be a container's name; allowed are {named.allowed}"
            if store.geo_redundant and LOCATIONS[self.location].pair is None:
                problem = f"{self.location} has no paired region to copy to; set it to false, or choose another region"
                yield ("objectStores", name, "geoRedundant"), problem


class AzureDisasterRecoverySettings(DisasterRecoverySettings):
    """The second region of a stack on Azure."""

    region: LocationName = Field(description="The region that takes over; another one than that of plinth:azure.")


class AzurePlace(Section):
    """What a stack on Azure has beside what all have."""

    azure: AzureSettings = Field(description="Subscription and region.")
    disaster_recovery: AzureDisasterRecoverySettings | None = Field(
        default=None, description="What is kept in a second region; null keeps all in one."
    )
    network: NetworkSettings = Field(description="The virtual network.")
    cluster: ClusterSettings = Field(description="The Kubernetes cluster.")
    database: DatabaseSettings | None = Field(default=None, description="The PostgreSQL database; null leaves it out.")

    @field_validator("disaster_recovery")
    @classmethod
    def _copies_are_elsewhere(
        cls, recovery: AzureDisasterRecoverySettings | None, others: ValidationInfo
    ) -> AzureDisasterRecoverySettings | None:
        place = others.data.get("azure")
        if recovery is not None and place is not None:
            pair = LOCATIONS[place.location].pair
            if recovery.region == place.location:
                refuse([(("region",), f"{recovery.region} is where the stack is; choose another region")])
            if pair not in {None, recovery.region} and any(store.geo_redundant for store in place.object_stores.values()):
                refuse([(("region",), f"Azure copies the stores of plinth:azure.objectStores to {pair} alone; choose that region")])
        return recovery

    @field_validator("cluster")
    @classmethod
    def _cluster_fits_its_network(cls, cluster: ClusterSettings, others: ValidationInfo) -> ClusterSettings:
        network = others.data.get("network")
        if network is not None:
            refuse([*_strange_zones(cluster, network), *_too_many_nodes(cluster, network), *_check_ways_in(network.access, cluster)])
        return cluster


# The sections of the place come first: pydantic collects fields from the last base on, and a section's rules see those before it.
class AzureStack(Settings, AzurePlace):
    """All settings of a stack on Azure."""

    rabbitmq_kinds: ClassVar[Sequence[str]] = ("operator", "cloudamqp")

    @classmethod
    def _lacks_for_backups(cls, sections: Mapping[str, Any]) -> Sequence[str]:
        place = sections.get("azure")
        has_store = place is None or BACKUPS in place.object_stores
        return () if has_store else [f"they have no store; set plinth:azure.objectStores.{BACKUPS}"]


def _strange_zones(cluster: ClusterSettings, network: NetworkSettings) -> Iterator[Contradiction]:
    there = ", ".join(network.zones) or "none"
    pools = [
        (("systemPool",), cluster.system_pool.zones),
        *((("nodePools", name), pool.zones) for name, pool in cluster.node_pools.items()),
    ]
    for path, zones in pools:
        for place, zone in enumerate(zones or ()):
            if zone not in network.zones:
                yield (*path, "zones", place), f"{zone} is not a zone of plinth:network; there are {there}"


def _too_many_nodes(cluster: ClusterSettings, network: NetworkSettings) -> Iterator[Contradiction]:
    most = cluster.most_nodes(network.zones)
    if most > network.node_capacity:
        problem = f"there may be {most} nodes at once, with those that an upgrade adds, but plinth:network has addresses for "
        yield ("nodePools",), f"{problem}{network.node_capacity}; lower maxPerZone, or widen cidr or podCidr"


def _check_ways_in(access: AccessSettings, cluster: ClusterSettings) -> Iterator[Contradiction]:
    if not (access.callers or cluster.public_access_cidrs):
        yield (), _NO_WAY_IN
