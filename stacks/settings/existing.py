"""The settings of a stack on a cluster that exists: where it is, what it offers, its database, and the rules between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Final

from pydantic import Field, ValidationInfo, field_validator

from components.cluster.existing.model import ClusterSettings
from components.database.cloudnativepg.model import DatabaseSettings
from components.database.elsewhere import PostgresSettings
from components.messaging.nats.model import NatsSettings
from components.messaging.rabbitmq.model import OperatorSettings
from components.models.section import Contradiction, Section, refuse
from components.models.surroundings import Surroundings
from components.models.written import Written
from components.observability.model import ObservabilitySettings
from components.storage.minio.model import MinioSettings
from components.storage.s3 import ObjectStoreSettings
from facts.tiers import Tier
from stacks.settings.tree import DisasterRecoverySettings, Rabbitmq, Settings

_CONTEXT: Final = Written(what="the name of a kubeconfig's context, without spaces", pattern=r"^[\w.@:/-]{1,253}$", example="homelab")


class ExistingSettings(Section):
    """The cluster, and what there is beside it."""

    context: Annotated[str, _CONTEXT] = Field(
        description="The context of kubectl's configuration: whoever deploys has it under this name, and nothing of it is stored."
    )
    postgres: PostgresSettings | None = Field(
        default=None, description="A PostgreSQL outside of the cluster; with it plinth:database is null."
    )
    object_store: ObjectStoreSettings | None = Field(default=None, description="An S3 bucket outside of the cluster, for backups.")
    minio: MinioSettings | None = Field(default=None, description="A MinIO that the platform installs, where there is no such bucket.")

    def contradictions(self) -> Iterator[Contradiction]:
        """Two places for the same backups."""
        if self.object_store is not None and self.minio is not None:
            yield ("minio",), "backups go into objectStore; remove one of the two"


class ExistingPlace(Section):
    """What a stack on a cluster that exists has beside what all have."""

    existing: ExistingSettings = Field(description="The cluster, and what there is beside it.")
    disaster_recovery: DisasterRecoverySettings | None = Field(
        default=None, description="What is kept at a second site; null keeps all at one."
    )
    cluster: ClusterSettings = Field(description="What the cluster offers.")
    database: DatabaseSettings | None = Field(default=None, description="The PostgreSQL database in the cluster; null leaves it out.")

    @field_validator("existing")
    @classmethod
    def _backups_leave_the_cluster_in_production(cls, existing: ExistingSettings, info: ValidationInfo) -> ExistingSettings:
        if isinstance(info.context, Surroundings) and info.context.tier is Tier.PRODUCTION and existing.minio is not None:
            problem = "a MinIO in the cluster is lost with it; production needs a bucket elsewhere (BAK-006): set objectStore instead"
            refuse([(("minio",), problem)])
        return existing

    @field_validator("database")
    @classmethod
    def _database_has_its_nodes_and_archive(cls, database: DatabaseSettings | None, others: ValidationInfo) -> DatabaseSettings | None:
        existing, cluster = others.data.get("existing"), others.data.get("cluster")
        found: list[Contradiction] = []
        if database is not None and existing is not None:
            if existing.postgres is not None:
                found.append(((), "plinth:existing.postgres is the database already; set plinth:database to null, or remove the other"))
            elif existing.object_store is None and existing.minio is None:
                found.append(((), "it has nowhere to archive (PG-004); set plinth:existing.objectStore or plinth:existing.minio"))
        if database is not None and cluster is not None:
            found.extend(_beyond_nodes("instances", database.instances, cluster))
        refuse(found)
        return database


# The sections of the place come first: pydantic collects fields from the last base on, and a section's rules see those before it.
class ExistingStack(Settings, ExistingPlace):
    """All settings of a stack on a cluster that exists."""

    @property
    def needs_certificates(self) -> bool:
        """Whether something of the platform asks for a certificate: what does everywhere, and the database."""
        return super().needs_certificates or self.database is not None

    @classmethod
    def _lacks_database(cls, sections: Mapping[str, Any]) -> bool:
        existing = sections.get("existing")
        return super()._lacks_database(sections) and existing is not None and existing.postgres is None

    @classmethod
    def _lacks_for_backups(cls, sections: Mapping[str, Any]) -> Sequence[str]:
        existing, cluster = sections.get("existing"), sections.get("cluster")
        lacking = []
        if existing is not None and existing.object_store is None:
            lacking.append("they have no store that would be left if the cluster were not; set plinth:existing.objectStore")
        if cluster is not None and cluster.snapshot_class is None:
            lacking.append("the volumes of the cluster have no snapshots; set plinth:cluster.snapshotClass")
        return lacking

    @field_validator("nats")
    @classmethod
    def _servers_have_their_nodes(cls, nats: NatsSettings | None, others: ValidationInfo) -> NatsSettings | None:
        if nats is not None:
            refuse(_unplaced("servers", nats.servers, others.data.get("cluster")))
        return nats

    @field_validator("rabbitmq")
    @classmethod
    def _brokers_have_their_nodes(cls, rabbitmq: Rabbitmq | None, others: ValidationInfo) -> Rabbitmq | None:
        if isinstance(rabbitmq, OperatorSettings):
            refuse(_unplaced("nodes", rabbitmq.nodes, others.data.get("cluster")))
        return rabbitmq

    @field_validator("observability")
    @classmethod
    def _replicas_have_their_nodes(cls, metrics: ObservabilitySettings | None, others: ValidationInfo) -> ObservabilitySettings | None:
        cluster = others.data.get("cluster")
        if metrics is not None and cluster is not None:
            refuse(_beyond_nodes("replicas", metrics.replicas, cluster))
        return metrics


def _unplaced(field: str, count: int, cluster: ClusterSettings | None) -> Iterator[Contradiction]:
    """Servers of a broker without a node or a zone each."""
    if cluster is None:
        return
    yield from _beyond_nodes(field, count, cluster)
    if count > 1 and not cluster.is_zoned:
        problem = "several servers are spread over zones; label the nodes with topology.kubernetes.io/zone, be it by host"
        yield (field,), f"{problem}, and name the zones in plinth:cluster.zones"


def _beyond_nodes(field: str, count: int, cluster: ClusterSettings) -> Iterator[Contradiction]:
    if count > cluster.nodes:
        yield (field,), f"{count} need a node each, but plinth:cluster.nodes is {cluster.nodes}; lower it, or add nodes"
