"""The settings of a stack on AWS: where it lives, its network, cluster and database, and the rules between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pydantic import Field, ValidationInfo, field_validator

from components.cluster.eks.model import ClusterSettings
from components.database.rds.model import CLUSTER_ZONES, DatabaseSettings
from components.messaging.nats.model import NatsSettings
from components.messaging.rabbitmq.model import OperatorSettings
from components.models.scalars import AccountId, DnsLabel, Region
from components.models.section import Section, refuse
from components.network.aws.model import NetworkSettings
from components.storage.model import VolumeSettings
from components.storage.object_store_model import BACKUPS, StoreSettings
from facts.aws import partition_of
from facts.quantity import format_quantity
from stacks.settings.tree import DisasterRecoverySettings, Rabbitmq, Settings
from stacks.settings.ways_in import check_links, check_ways_in


class AwsSettings(Section):
    """The account and region that everything of the stack is in."""

    region: Region = Field(description="The region; it must have EKS.")
    account: AccountId = Field(description="The account's twelve digits, in quotes. Resources are refused in any other account.")
    broker_volumes: VolumeSettings | None = Field(
        default=None,
        description="Speed of brokers' volumes; without it 6000 iops and 250 MiB/s where RabbitMQ is or NATS must lose nothing (rpo 0s), "
        "and what gp3 has at no extra cost elsewhere. Existing volumes keep their speed: runbooks/volume-speed.md.",
    )
    object_stores: Mapping[DnsLabel, StoreSettings] = Field(
        default={}, description="Stores of objects, such as backups, by name: a bucket each."
    )


class AwsDisasterRecoverySettings(DisasterRecoverySettings):
    """The second region of a stack on AWS."""

    region: Region = Field(description="The region that copies are kept in; another one than that of plinth:aws.")


class AwsPlace(Section):
    """What a stack on AWS has beside what all have."""

    aws: AwsSettings = Field(description="Account and region.")
    disaster_recovery: AwsDisasterRecoverySettings | None = Field(
        default=None, description="What is kept in a second region; null keeps all in one."
    )
    network: NetworkSettings = Field(description="The VPC.")
    cluster: ClusterSettings = Field(description="The Kubernetes cluster.")
    database: DatabaseSettings | None = Field(default=None, description="The PostgreSQL database; null leaves it out.")

    @field_validator("disaster_recovery")
    @classmethod
    def _copies_are_elsewhere(
        cls, recovery: AwsDisasterRecoverySettings | None, others: ValidationInfo
    ) -> AwsDisasterRecoverySettings | None:
        place = others.data.get("aws")
        if recovery is not None and place is not None:
            here, there = partition_of(place.region), partition_of(recovery.region)
            if recovery.region == place.region:
                refuse([(("region",), f"{recovery.region} is where the stack is; choose another region")])
            if here != there:
                problem = f"{recovery.region} is in the partition {there} of AWS, the stack in {here}, and nothing is copied between them"
                refuse([(("region",), f"{problem}; choose another region")])
        return recovery

    @field_validator("cluster")
    @classmethod
    def _cluster_fits_its_network(cls, cluster: ClusterSettings, others: ValidationInfo) -> ClusterSettings:
        network = others.data.get("network")
        if network is not None:
            strangers = (
                (("nodeGroups", name, "zones", place), f"{zone} is not a zone of plinth:network; there are {', '.join(network.zones)}")
                for name, group in cluster.node_groups.items()
                for place, zone in enumerate(group.zones or ())
                if zone not in network.zones
            )
            refuse([*strangers, *check_ways_in(network.access, cluster, vpc=network.cidr)])
        return cluster

    @field_validator("database")
    @classmethod
    def _standbys_are_in_zones_of_their_own(cls, database: DatabaseSettings | None, others: ValidationInfo) -> DatabaseSettings | None:
        network = others.data.get("network")
        if database is not None and network is not None and database.readable_standbys and len(network.zones) < CLUSTER_ZONES:
            there = ", ".join(network.zones)
            refuse([(("readableStandbys",), f"needs {CLUSTER_ZONES} zones in plinth:network; there are {there}")])
        return database


# The sections of the place come first: pydantic collects fields from the last base on, and a section's rules see those before it.
class AwsStack(Settings, AwsPlace):
    """All settings of a stack on AWS."""

    rabbitmq_kinds: ClassVar[Sequence[str]] = ("operator", "amazon-mq", "cloudamqp")

    @classmethod
    def _lacks_for_backups(cls, sections: Mapping[str, Any]) -> Sequence[str]:
        place = sections.get("aws")
        has_store = place is None or BACKUPS in place.object_stores
        return () if has_store else [f"they have no store; set plinth:aws.objectStores.{BACKUPS}"]

    @field_validator("nats", "rabbitmq")
    @classmethod
    def _volumes_carry_their_speed(cls, broker: NatsSettings | Rabbitmq | None, others: ValidationInfo) -> object:
        place = others.data.get("aws")
        if isinstance(broker, NatsSettings | OperatorSettings) and place is not None and place.broker_volumes:
            speed = place.broker_volumes
            if broker.storage < speed.least_size:
                least = format_quantity(speed.least_size)
                refuse([(("storage",), f"{speed.iops} iops of plinth:aws.brokerVolumes need {least} at least; raise storage")])
        return broker

    @field_validator("nats")
    @classmethod
    def _links_have_a_route(cls, nats: NatsSettings | None, others: ValidationInfo) -> NatsSettings | None:
        network = others.data.get("network")
        if nats is not None and network is not None:
            refuse([*check_links(network.access, nats, vpc=network.cidr)])
        return nats
