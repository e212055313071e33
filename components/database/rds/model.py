"""The PostgreSQL database on RDS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Final

from pydantic import ConfigDict, Field

from components.database.limits import ConnectionLimits
from components.database.rds.sizing import RESERVED_CONNECTIONS, max_connections
from components.models.recovery import RecoveryTargets
from components.models.scalars import (
    GIB,
    BackupWindow,
    Count,
    DatabaseClass,
    DatabaseName,
    EmailAddress,
    Flag,
    InsightsRetention,
    LogRetention,
    MaintenanceWindow,
    PostgresVersion,
    TopicArn,
)
from components.models.section import RETIRED, Contradiction, Section, twice
from components.models.written import duration, quantity
from facts.aws import CLUSTER_CLASS, CLUSTER_FAMILIES, MAX_BACKUP_DAYS
from facts.quantity import format_quantity
from facts.releases import POSTGRES_MAJORS, POSTGRES_MINORS
from facts.windows import WindowError, check_windows

CLUSTER_ZONES: Final = 3
"""A Multi-AZ DB cluster has three instances, each in a zone of its own."""
_ADVANCED_INSIGHTS: Final = timedelta(days=465)


class AlarmSettings(Section):
    """Whom the database's CloudWatch alarms reach: they ring even when the cluster does not."""

    emails: tuple[EmailAddress, ...] = Field(
        default=(), description="Addresses that are sent every alarm; each has to confirm once, by the link in its first mail."
    )
    # An alarm has five actions of a kind at most (CloudWatch API, PutMetricAlarm); one is our own topic.
    topic_arns: tuple[TopicArn, ...] = Field(
        default=(), max_length=4, description="SNS topics that exist in the region, such as the one that an on-call service listens to."
    )

    def contradictions(self) -> Iterator[Contradiction]:
        """Receivers that stand twice."""
        yield from twice(self.emails, "emails")
        yield from twice(self.topic_arns, "topicArns")


class DatabaseSettings(Section):
    """PostgreSQL on RDS: an instance, or a Multi-AZ DB cluster, whose standbys can be read from.

    There are no read replicas: RDS refuses them for an instance whose password it manages (RDS user
    guide, "Password management with Amazon RDS and AWS Secrets Manager"), and every other way puts
    the password into the state.
    """

    model_config = ConfigDict(
        json_schema_extra={
            RETIRED: {
                "readReplicas": "RDS makes no read replicas where it manages the password, and no other way keeps it out of the state; "
                "remove this, and set readableStandbys to true where applications read from a second place"
            }
        }
    )

    name: DatabaseName = Field(description="The database that is created at first.")
    engine_version: PostgresVersion = Field(description="Exact version, in quotes.")
    upgrade_from: Annotated[Count, Field(ge=min(POSTGRES_MAJORS), le=max(POSTGRES_MAJORS))] | None = Field(
        default=None,
        description="The major that an upgrade under way comes from: allows the upgrade, applies it at once and keeps the old parameters.",
    )
    instance_class: DatabaseClass = Field(description="Class of the instance and of its standbys.")
    storage: Annotated[Decimal, quantity(least="20Gi", most="64Ti", step="1Gi")] = Field(description="Storage to begin with.")
    max_storage: Annotated[Decimal, quantity(least="22Gi", most="64Ti", step="1Gi")] | None = Field(
        description="How far the storage may grow by itself: at least a tenth above storage; null with readableStandbys."
    )
    multi_az: Flag = Field(description="Keep a synchronous standby in another zone.")
    readable_standbys: Flag = Field(
        default=False,
        description=(
            "Two standbys, in two more zones, that applications can read from: a Multi-AZ DB cluster instead of an instance. "
            "Off unless asked for: RDS neither grows its storage by itself nor copies its backups to another region. "
            "Switching makes a new, empty database; runbooks/database-readable-standbys.md says how to move."
        ),
    )
    backup_retention: Annotated[timedelta, duration(least="1d", most=f"{MAX_BACKUP_DAYS}d", step="1d", example="7d")] = Field(
        description="To any point within it the database can be restored."
    )
    backup_window: BackupWindow = Field(description="Daily, UTC, half an hour at least.")
    maintenance_window: MaintenanceWindow = Field(description="Weekly, UTC, half an hour at least, apart from the backup window.")
    insights_retention: InsightsRetention = Field(description="How long Performance Insights keeps what it saw.")
    log_retention: LogRetention = Field(description="How long PostgreSQL's logs are kept.")
    recovery: RecoveryTargets = Field(description="What the loss of a server or a zone may cost: tags of the database.")
    proxy: Flag = Field(
        description="Pool the applications' connections in RDS Proxy, which keeps them through a failover: PGHOST is then the proxy's. "
        "Its certificate is of Amazon's public authority: docs/databases.md."
    )
    alarms: AlarmSettings = Field(default=AlarmSettings(), description="Whom the CloudWatch alarms reach.")

    @property
    def storage_gib(self) -> int:
        """The storage to begin with in GiB."""
        return int(self.storage // GIB)

    @property
    def max_storage_gib(self) -> int | None:
        """The most storage in GiB; None where it does not grow by itself."""
        return int(self.max_storage // GIB) if self.max_storage is not None else None

    @property
    def backups_are_copied(self) -> bool:
        """Whether RDS copies them to another region: of a Multi-AZ DB cluster it copies neither backups nor snapshots."""
        return not self.readable_standbys

    @property
    def connections(self) -> ConnectionLimits:
        """Those of each instance."""
        return ConnectionLimits(most=max_connections(self.instance_class), reserved=RESERVED_CONNECTIONS)

    @property
    def major(self) -> int:
        """The major of the version: 17 of ``17.9`` (PG-003)."""
        return int(self.engine_version.partition(".")[0])

    @property
    def majors(self) -> Sequence[int]:
        """The majors that need parameters: RDS refuses to delete the old ones before an upgrade is through."""
        return (self.major, *([self.upgrade_from] if self.upgrade_from else []))

    @property
    def newer_version(self) -> str | None:
        """A version of the same major that fixes more; None where none is known."""
        newest = POSTGRES_MINORS[self.major]
        return f"{self.major}.{newest}" if newest > int(self.engine_version.partition(".")[2]) else None

    @property
    def insights_mode(self) -> str:
        """The mode of Database Insights: ``advanced`` needs 15 months of history."""
        return "advanced" if self.insights_retention >= _ADVANCED_INSIGHTS else "standard"

    def contradictions(self) -> Iterator[Contradiction]:
        """Storage that could not grow, standbys that RDS does not offer, windows that overlap, and an upgrade that leads nowhere."""
        yield from self._about_standbys() if self.readable_standbys else self._about_growth()
        if self.upgrade_from is not None and self.upgrade_from >= self.major:
            yield (
                ("upgradeFrom",),
                f"{self.upgrade_from} is not older than {self.engine_version}: name the major that is left behind, or remove it",
            )
        try:
            check_windows(self.backup_window, self.maintenance_window)
        except WindowError as error:
            yield ("maintenanceWindow",), str(error)

    def _about_growth(self) -> Iterator[Contradiction]:
        if self.max_storage is None:
            yield ("maxStorage",), "is missing: say how far the storage may grow by itself; only with readableStandbys is it null"
        elif self.max_storage * 10 < self.storage * 11:
            given, start = format_quantity(self.max_storage), format_quantity(self.storage)
            yield ("maxStorage",), f"{given} is too little for a storage of {start}: RDS asks for at least 10 % more"

    def _about_standbys(self) -> Iterator[Contradiction]:
        if not self.multi_az:
            yield ("multiAz",), "readable standbys are in other zones; set it to true, or remove readableStandbys"
        if self.max_storage is not None:
            yield ("maxStorage",), "RDS does not grow the storage of a database with readable standbys by itself; set it to null"
        if not CLUSTER_CLASS.match(self.instance_class):
            offered = ", ".join(f"db.{family}" for family in CLUSTER_FAMILIES)
            yield (
                ("instanceClass",),
                f"{self.instance_class} is not offered with readableStandbys; allowed are the families {offered}, such as db.m6gd.large",
            )
