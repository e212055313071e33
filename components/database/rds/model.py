"""The PostgreSQL database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from components.models.scalars import (
    GIB,
    BackupWindow,
    Count,
    DatabaseClass,
    DatabaseName,
    Flag,
    InsightsRetention,
    LogRetention,
    MaintenanceWindow,
    PostgresVersion,
)
from components.models.section import Contradiction, Section
from components.models.written import duration, quantity
from facts.aws import MAX_BACKUP_DAYS, MAX_READ_REPLICAS
from facts.quantity import format_quantity
from facts.windows import WindowError, check_windows


class DatabaseSettings(Section):
    """PostgreSQL on RDS."""

    name: DatabaseName = Field(description="The database that is created within the instance.")
    engine_version: PostgresVersion = Field(description="Exact version, in quotes.")
    instance_class: DatabaseClass = Field(description="Class of the primary and of each replica.")
    storage: Annotated[Decimal, quantity(least="20Gi", most="64Ti", step="1Gi")] = Field(description="Storage to begin with.")
    max_storage: Annotated[Decimal, quantity(least="22Gi", most="64Ti", step="1Gi")] = Field(
        description="How far the storage may grow by itself: at least a tenth above storage."
    )
    multi_az: Flag = Field(description="Keep a synchronous standby in another zone.")
    read_replicas: Annotated[Count, Field(ge=0, le=MAX_READ_REPLICAS)] = Field(description="Asynchronous copies that can be read from.")
    backup_retention: Annotated[timedelta, duration(least="1d", most=f"{MAX_BACKUP_DAYS}d", step="1d", example="7d")] = Field(
        description="To any point within it the database can be restored."
    )
    backup_window: BackupWindow = Field(description="Daily, UTC, half an hour at least.")
    maintenance_window: MaintenanceWindow = Field(description="Weekly, UTC, half an hour at least, apart from the backup window.")
    insights_retention: InsightsRetention = Field(description="How long Performance Insights keeps what it saw.")
    log_retention: LogRetention = Field(description="How long PostgreSQL's logs are kept.")

    @property
    def storage_gib(self) -> int:
        """The storage to begin with in GiB."""
        return int(self.storage // GIB)

    @property
    def max_storage_gib(self) -> int:
        """The most storage in GiB."""
        return int(self.max_storage // GIB)

    def contradictions(self) -> Iterator[Contradiction]:
        """Storage that could not grow, and windows that overlap."""
        if self.max_storage * 10 < self.storage * 11:
            given, start = format_quantity(self.max_storage), format_quantity(self.storage)
            yield ("maxStorage",), f"{given} is too little for a storage of {start}: RDS asks for at least 10 % more"
        try:
            check_windows(self.backup_window, self.maintenance_window)
        except WindowError as error:
            yield ("maintenanceWindow",), str(error)
