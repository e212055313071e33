"""The PostgreSQL database on RDS."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field

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
from components.models.section import Contradiction, Section, twice
from components.models.written import duration, quantity
from facts.aws import MAX_BACKUP_DAYS
from facts.quantity import format_quantity
from facts.releases import POSTGRES_MAJORS, POSTGRES_MINORS
from facts.windows import WindowError, check_windows

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
    """PostgreSQL on RDS.

    There are no read replicas: RDS refuses them for an instance whose password it manages (RDS user
    guide, "Password management with Amazon RDS and AWS Secrets Manager"), and every other way puts
    the password into the state. The standby of ``multi_az`` is synchronous and takes over by itself.
    """

    name: DatabaseName = Field(description="The database that is created within the instance.")
    engine_version: PostgresVersion = Field(description="Exact version, in quotes.")
    upgrade_from: Annotated[Count, Field(ge=min(POSTGRES_MAJORS), le=max(POSTGRES_MAJORS))] | None = Field(
        default=None,
        description="The major that an upgrade under way comes from: allows the upgrade, applies it at once and keeps the old parameters.",
    )
    instance_class: DatabaseClass = Field(description="Class of the instance and of its standby.")
    storage: Annotated[Decimal, quantity(least="20Gi", most="64Ti", step="1Gi")] = Field(description="Storage to begin with.")
    max_storage: Annotated[Decimal, quantity(least="22Gi", most="64Ti", step="1Gi")] = Field(
        description="How far the storage may grow by itself: at least a tenth above storage."
    )
    multi_az: Flag = Field(
        description="Keep a synchronous standby in another zone. RDS makes no read replicas where it manages the password."
    )
    backup_retention: Annotated[timedelta, duration(least="1d", most=f"{MAX_BACKUP_DAYS}d", step="1d", example="7d")] = Field(
        description="To any point within it the database can be restored."
    )
    backup_window: BackupWindow = Field(description="Daily, UTC, half an hour at least.")
    maintenance_window: MaintenanceWindow = Field(description="Weekly, UTC, half an hour at least, apart from the backup window.")
    insights_retention: InsightsRetention = Field(description="How long Performance Insights keeps what it saw.")
    log_retention: LogRetention = Field(description="How long PostgreSQL's logs are kept.")
    alarms: AlarmSettings = Field(default=AlarmSettings(), description="Whom the CloudWatch alarms reach.")

    @property
    def storage_gib(self) -> int:
        """The storage to begin with in GiB."""
        return int(self.storage // GIB)

    @property
    def max_storage_gib(self) -> int:
        """The most storage in GiB."""
        return int(self.max_storage // GIB)

    @property
    def major(self) -> int:
        """The major of the version: 17 of ``17.9`` (PG-003)."""
        return int(self.engine_version.partition(".")[0])

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
        """Storage that could not grow, windows that overlap, and an upgrade that leads nowhere."""
        if self.max_storage * 10 < self.storage * 11:
            given, start = format_quantity(self.max_storage), format_quantity(self.storage)
            yield ("maxStorage",), f"{given} is too little for a storage of {start}: RDS asks for at least 10 % more"
        if self.upgrade_from is not None and self.upgrade_from >= self.major:
            yield (
                ("upgradeFrom",),
                f"{self.upgrade_from} is not older than {self.engine_version}: name the major that is left behind, or remove it",
            )
        try:
            check_windows(self.backup_window, self.maintenance_window)
        except WindowError as error:
            yield ("maintenanceWindow",), str(error)
