"""What the settings of all stacks share, wherever they stand, and the rules between these sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from components.backup.model import BackupSettings
from components.database.limits import ConnectionLimits
from components.messaging.amazon_mq.model import AmazonMqSettings
from components.messaging.cloudamqp.model import CloudAmqpSettings
from components.messaging.nats.model import NatsSettings
from components.messaging.rabbitmq.model import OperatorSettings, RabbitmqSettings
from components.models.scalars import DnsLabel, Flag, ImageRegistry, OciRegistry, ResourceName, TeamName
from components.models.section import Contradiction, Section, refuse
from components.observability.model import ObservabilitySettings
from components.tenancy.model import NamespaceSettings, colliding_namespaces
from facts.namespaces import is_reserved
from facts.postgres import is_reserved as is_reserved_for_postgres
from facts.tiers import Tier


class ChartSettings(Section):
    """Where Helm charts and their images come from."""

    mirror: OciRegistry | None = Field(default=None, description="OCI registry that holds every chart under its name.")
    image_registry: ImageRegistry | None = Field(default=None, description="Registry that holds the images of the charts.")


class PolicySettings(Section):
    """What the policy pack is told about this stack."""

    undecided: Literal["advisory", "mandatory"] = Field(
        default="advisory", description="How much it counts when a rule cannot decide at preview because a value is unknown."
    )
    approved_storage_classes: tuple[ResourceName, ...] = Field(
        default=(), description="Storage classes, beside the platform's own, that keep their volumes and can expand them."
    )


class DisasterRecoverySettings(Section):
    """What is kept elsewhere, for the loss of all that is here."""

    stack: ResourceName | None = Field(
        default=None, description="The stack that takes over, in the other region; mirrors of streams are there."
    )


Rabbitmq = Annotated[OperatorSettings | AmazonMqSettings | CloudAmqpSettings, Field(discriminator="kind")]
"""RabbitMQ by whoever runs it."""


class Settings(Section):
    """All settings of a stack but those of its place.

    The tree of a place adds them: its own section, network, cluster and database.
    """

    rabbitmq_kinds: ClassVar[Sequence[str]] = ("operator",)
    """Who can run RabbitMQ in the place."""

    # The order matters: a section's rules see the sections above it, and those of the place.
    environment: Tier = Field(description="What the stack is for; the defaults of all other settings follow from it.")
    team: TeamName = Field(description="Who answers for the stack: a tag of every resource.")
    teardown: Flag = Field(
        default=False,
        description="Mark the stack for being taken down: nothing is protected any more; final snapshots are still taken.",
    )
    namespaces: Mapping[DnsLabel, NamespaceSettings] = Field(default={}, description="Namespaces of applications, by name.")
    nats: NatsSettings | None = Field(default=None, description="NATS with JetStream; null leaves it out.")
    rabbitmq: Rabbitmq | None = Field(default=None, description="RabbitMQ, in the cluster or managed; null leaves it out.")
    observability: ObservabilitySettings | None = Field(
        default=None, description="Prometheus, Alertmanager and Grafana; null leaves them out."
    )
    backups: BackupSettings | None = Field(
        default=None, description="Velero, which backs up objects and volumes into the store backups; null leaves it out."
    )
    charts: ChartSettings = Field(default=ChartSettings(), description="Where Helm charts and their images come from.")
    policies: PolicySettings = Field(default=PolicySettings(), description="What the policy pack is told about this stack.")

    @property
    def keeps_data(self) -> bool:
        """Whether what a deletion takes away is worth a snapshot, and volumes outlive their claims: in staging and production."""
        return self.environment in {Tier.STAGING, Tier.PRODUCTION}

    @property
    def retain(self) -> bool:
        """Whether state is protected from deletion: where it is worth keeping, until the stack is marked for being taken down."""
        return self.keeps_data and not self.teardown

    @property
    def recovery_stack(self) -> str | None:
        """The stack that takes over where all that is here is lost; None where none is named."""
        recovery: DisasterRecoverySettings | None = getattr(self, "disaster_recovery", None)
        return recovery.stack if recovery else None

    @property
    def needs_certificates(self) -> bool:
        """Whether something of the platform asks for a certificate: brokers, and webhooks of operators."""
        return bool(self.nats or self.rabbitmq or self.observability)

    @property
    def standby_replicas(self) -> int:
        """How many pods of a controller there are: two where the tier pays for one that stands by."""
        return 2 if self.environment in {Tier.STAGING, Tier.PRODUCTION} else 1

    @field_validator("namespaces")
    @classmethod
    def _namespaces_are_the_applications(cls, namespaces: Mapping[str, NamespaceSettings]) -> Mapping[str, NamespaceSettings]:
        taken = [name for name in namespaces if is_reserved(name)]
        refuse(
            [
                *(((name,), "this namespace is not an application's; choose another name") for name in taken),
                *colliding_namespaces(namespaces),
            ]
        )
        return namespaces

    @field_validator("namespaces")
    @classmethod
    def _clients_sign_in_to_the_database(
        cls, namespaces: Mapping[str, NamespaceSettings], others: ValidationInfo
    ) -> Mapping[str, NamespaceSettings]:
        users: dict[str, str] = {}
        found: list[Contradiction] = []
        for name, namespace in namespaces.items():
            clients = namespace.database_clients(name)
            if clients and cls._lacks_database(others.data):
                found.append(((name, "database"), "the stack has no database; set plinth:database, or remove this"))
            for user in {client.user: None for client in clients}:
                if is_reserved_for_postgres(user):
                    problem = f"the user would be {user}, which PostgreSQL or the service that runs it keeps for itself"
                    found.append(((name, "database"), f"{problem}; name a user for each service account in databaseUsers"))
                elif user in users:
                    found.append(((name, "databaseUsers"), f"{user} is the user of namespace {users[user]} too; give each its own"))
                users.setdefault(user, name)
        refuse(found)
        return namespaces

    @field_validator("namespaces")
    @classmethod
    def _pools_fit(cls, namespaces: Mapping[str, NamespaceSettings], others: ValidationInfo) -> Mapping[str, NamespaceSettings]:
        database = others.data.get("database")
        if database is not None:
            limits: ConnectionLimits = database.connections
            pools = {name: namespace.database_pool for name, namespace in namespaces.items() if namespace.database_pool}
            wanted = sum(pool.connections for pool in pools.values())
            each = ", ".join(f"{name} {pool.max} times {pool.replicas}" for name, pool in pools.items())
            problem = f"all pools may hold {wanted} connections ({each}); 90 % of the {limits.most} of plinth:database are {limits.high}"
            if wanted > limits.high:
                largest = max(pools, key=lambda name: pools[name].connections)
                refuse([((largest, "databasePool"), f"{problem}: lower max or replicas, or choose a larger database")])
        return namespaces

    @classmethod
    def _lacks_database(cls, sections: Mapping[str, Any]) -> bool:
        """Whether nobody can sign in to a database, as far as the right ones of ``sections`` tell."""
        return sections.get("database", ...) is None

    @field_validator("nats", "rabbitmq")
    @classmethod
    def _clients_have_their_namespace(cls, broker: NatsSettings | RabbitmqSettings | None, others: ValidationInfo) -> object:
        known = others.data.get("namespaces")
        if broker is not None and known is not None:
            there = ", ".join(known) or "none"
            refuse(
                ((*place, "namespace"), f"{namespace} is not a namespace of plinth:namespaces; there are {there}")
                for place, namespace in broker.clients_at()
                if namespace not in known
            )
        return broker

    @field_validator("rabbitmq")
    @classmethod
    def _broker_is_to_be_had(cls, broker: Rabbitmq | None) -> Rabbitmq | None:
        if broker is not None and broker.kind not in cls.rabbitmq_kinds:
            allowed = " or ".join(cls.rabbitmq_kinds)
            refuse([(("kind",), f"{broker.kind} is not to be had in the place of the stack; allowed is {allowed}")])
        return broker

    @field_validator("backups")
    @classmethod
    def _backups_have_what_they_need(cls, backups: BackupSettings | None, others: ValidationInfo) -> BackupSettings | None:
        if backups is not None:
            refuse(((), f"{lacking}, or plinth:backups to null") for lacking in cls._lacks_for_backups(others.data))
        return backups

    @classmethod
    def _lacks_for_backups(cls, sections: Mapping[str, Any]) -> Sequence[str]:
        """What backups lack in the place, and what to set for it, as far as the right ones of ``sections`` tell."""
        raise NotImplementedError
