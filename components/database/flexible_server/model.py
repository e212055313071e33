"""The PostgreSQL database on Azure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Final, Literal, Self

from pydantic import Field, ValidationInfo, model_validator

from components.database.flexible_server.sizing import connection_limits
from components.database.limits import ConnectionLimits
from components.models.azure import ActionGroupId, FlexibleServerSku, PostgresExtension, PostgresMajor, Uuid
from components.models.recovery import RecoveryTargets
from components.models.scalars import GIB, DatabaseName, EmailAddress, Flag, MaintenanceWindow
from components.models.section import Contradiction, Section, refuse, twice
from components.models.surroundings import Surroundings
from components.models.written import duration, quantity
from facts.azure import LOCATIONS
from facts.flexible_server import LEAST_BACKUP_DAYS, MAX_BACKUP_DAYS, STORAGE_GIB, WITHOUT_GEO_BACKUP, WITHOUT_ZONES
from facts.windows import parse_maintenance_window

_WINDOW_MINUTES: Final = 60
_BURSTABLE: Final = "Standard_B"


class AlarmSettings(Section):
    """Whom the database's Azure Monitor alerts reach: they ring even when the cluster does not."""

    emails: tuple[EmailAddress, ...] = Field(default=(), description="Addresses that are sent every alert, and its end.")
    # An alert has five action groups at most (Azure Monitor, service limits); one is our own.
    action_group_ids: tuple[ActionGroupId, ...] = Field(
        default=(), max_length=4, description="Action groups that exist, such as the one that an on-call service listens to."
    )

    def contradictions(self) -> Iterator[Contradiction]:
        """Receivers that stand twice."""
        yield from twice(self.emails, "emails")
        yield from twice(self.action_group_ids, "actionGroupIds")


class AdministratorSettings(Section):
    """A principal of Entra that administers the database; the server has no password."""

    name: Annotated[str, Field(min_length=1, max_length=63)] = Field(
        description="Its display name, of a user the user principal name: the database user to sign in as."
    )
    object_id: Uuid = Field(description="Its object id in Entra.")
    type: Literal["Group", "User", "ServicePrincipal"] = Field(
        default="Group", description="Its kind. Who administers then changes in Entra alone, where it is a group."
    )


class DatabaseSettings(Section):
    """PostgreSQL as a flexible server in the stack's network.

    There are no read replicas: a standby of it answers nobody, and a replica would be a server of its
    own with its own host, alerts and restore.
    """

    name: DatabaseName = Field(description="The database that is created at first.")
    engine_version: PostgresMajor = Field(
        description="The major, in quotes; Azure picks the minor and moves it in the maintenance window. A newer one upgrades the "
        "server in place: runbooks/database-major-upgrade.md."
    )
    sku: FlexibleServerSku = Field(description="Compute size. A burstable one has neither a standby nor PgBouncer.")
    storage: Annotated[Decimal, quantity(least="32Gi", most="32767Gi", step="1Gi", example="128Gi")] = Field(
        description="Storage, one of the sizes of Premium SSD. Azure doubles it when it fills up: write the new size here before "
        "anything else of the server changes."
    )
    multi_az: Flag = Field(description="Keep a synchronous standby in another zone.")
    geo_redundant_backup: Flag = Field(
        description="Copy the backups to the paired region. Azure takes it at creation alone: a change makes a new, empty server."
    )
    backup_retention: Annotated[timedelta, duration(least=f"{LEAST_BACKUP_DAYS}d", most=f"{MAX_BACKUP_DAYS}d", step="1d", example="7d")] = (
        Field(description="To any point within it the database can be restored.")
    )
    maintenance_window: MaintenanceWindow = Field(description="Weekly, UTC, of one hour.")
    extensions: tuple[PostgresExtension, ...] = Field(
        default=(), description="Extensions that databases may create; Azure refuses every other, but for pg_stat_statements here."
    )
    recovery: RecoveryTargets = Field(description="What the loss of a server or a zone may cost: tags of the server.")
    administrators: tuple[AdministratorSettings, ...] = Field(min_length=1, description="Who administers the database.")
    alarms: AlarmSettings = Field(default=AlarmSettings(), description="Whom the Azure Monitor alerts reach.")

    @property
    def storage_gib(self) -> int:
        """The storage in GiB."""
        return int(self.storage // GIB)

    @property
    def connections(self) -> ConnectionLimits:
        """Those of the server."""
        return connection_limits(self.sku)

    @property
    def major(self) -> int:
        """The major of the version (PG-003)."""
        return int(self.engine_version)

    @property
    def burstable(self) -> bool:
        """Whether the server earns its processor time by being idle."""
        return self.sku.startswith(_BURSTABLE)

    def contradictions(self) -> Iterator[Contradiction]:
        """What Azure refuses: sizes between sizes, a standby of a burstable server, longer windows, an administrator twice."""
        if self.storage_gib not in STORAGE_GIB:
            yield (
                ("storage",),
                f"{self.storage_gib}Gi is not a size of Premium SSD; allowed are {', '.join(f'{size}Gi' for size in STORAGE_GIB)}",
            )
        if self.multi_az and self.burstable:
            yield ("multiAz",), f"{self.sku} is burstable and has no standby; choose a SKU such as Standard_D2ds_v5, or set it to false"
        if parse_maintenance_window(self.maintenance_window)[1] != _WINDOW_MINUTES:
            yield ("maintenanceWindow",), f"{self.maintenance_window} is not one hour, which is what Azure takes; move its end"
        yield from twice(self.extensions, "extensions")
        yield from twice([administrator.object_id for administrator in self.administrators], "administrators")

    @model_validator(mode="after")
    def _its_region_has_it(self, info: ValidationInfo) -> Self:
        if isinstance(info.context, Surroundings) and (region := LOCATIONS.get(str(info.context.region))):
            refuse(self._of_region(str(info.context.region), zones=bool(region.zones), paired=region.pair is not None))
        return self

    def _of_region(self, name: str, *, zones: bool, paired: bool) -> Iterator[Contradiction]:
        if self.multi_az and (not zones or name in WITHOUT_ZONES):
            yield ("multiAz",), f"{name} has no zone-redundant databases; choose another region, or set it to false"
        if self.geo_redundant_backup and (not paired or name in WITHOUT_GEO_BACKUP):
            yield ("geoRedundantBackup",), f"{name} has no geo-redundant backups; choose another region, or set it to false"
