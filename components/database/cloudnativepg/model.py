"""The PostgreSQL database in the cluster itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import Field

from components.database.cloudnativepg.releases import DEFAULT_MAJOR, POSTGRES
from components.database.limits import ConnectionLimits
from components.models.recovery import RecoveryTargets
from components.models.scalars import GIB, BackupWindow, Count, DatabaseName, DnsLabel, Flag, Quantity
from components.models.section import Contradiction, Section
from components.models.written import Written, duration, quantity

CLUSTER: Final = "postgres"
"""The Cluster's name, and that of its archive unless another is set."""
_LEAST_SYNCHRONOUS: Final = 3
_CONNECTIONS_A_GIB: Final = 100
_LEAST_CONNECTIONS: Final = 25
_RESERVED_CONNECTIONS: Final = 3
_MAJOR: Final = Written(
    what=f"a major version of PostgreSQL, {', '.join(POSTGRES)}", pattern=f"^({'|'.join(POSTGRES)})$", example=DEFAULT_MAJOR
)
_MOMENT: Final = Written(what="a moment in UTC", pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$", example="2026-09-21T14:05:00Z")


class RestoreSettings(Section):
    """What a database that is made anew begins with. One that is there already stays as it is, but for ``follow``."""

    archive: DnsLabel = Field(description="The archive of the database that was lost, or is followed.")
    target_time: Annotated[str, _MOMENT] | None = Field(default=None, description="The moment to go back to; without it the latest.")
    follow: Flag = Field(
        default=False,
        description="Go on replaying what is archived, for a second site, and only read; false ends it and lets the database write.",
    )

    def contradictions(self) -> Iterator[Contradiction]:
        """A moment to stop at for what goes on."""
        if self.follow and self.target_time is not None:
            yield ("targetTime",), "a database that follows stops at no moment; remove one of the two"


class DatabaseSettings(Section):
    """PostgreSQL by CloudNativePG: instances in the cluster, their archive in a bucket, poolers before them."""

    name: DatabaseName = Field(description="The database that is created at first.")
    engine_version: Annotated[str, _MAJOR] = Field(
        description="Major version, in quotes; the minor comes with the platform. A newer major is upgraded to at once, while nobody can "
        "sign in: runbooks/database-in-cluster.md."
    )
    instances: Annotated[Count, Field(ge=1, le=7)] = Field(
        description="Each on a node of its own. With three or more a commit waits for a standby, and one may fail without a loss; "
        "with two, a commit waits only while the standby is there."
    )
    cpu: Quantity = Field(description="Cores requested by each instance.")
    memory: Annotated[Decimal, quantity(least="256Mi", most="1Ti", example="2Gi")] = Field(
        description="Memory of each instance, request and limit; a hundred connections for each GiB."
    )
    storage: Annotated[Decimal, quantity(least="1Gi", most="64Ti")] = Field(description="The data volume of each instance; it can grow.")
    wal_storage: Annotated[Decimal, quantity(least="1Gi", most="4Ti", example="10Gi")] = Field(
        description="The volume of each instance for changes that are not archived yet; it can grow."
    )
    pool_mode: Literal["transaction", "session"] = Field(
        default="transaction",
        description="When the pooler takes a connection back: session where clients keep settings, locks or LISTEN beyond a transaction.",
    )
    backup_retention: Annotated[timedelta, duration(least="1d", most="365d", step="1d", example="7d")] = Field(
        description="To any point within it the database can be restored."
    )
    backup_window: BackupWindow = Field(description="Daily, UTC: the base backup begins when it does.")
    archive: DnsLabel = Field(
        default=CLUSTER,
        description="Where in the bucket the database archives. One that is made anew needs another: it refuses one that is not empty.",
    )
    recovery: RecoveryTargets = Field(description="What the loss of a server or a zone may cost: annotations of the database.")
    restore_from: RestoreSettings | None = Field(default=None, description="Restore, or follow: runbooks/database-in-cluster.md.")

    @property
    def is_synchronous(self) -> bool:
        """Whether a commit waits for a standby come what may: with a third instance one may fail."""
        return self.instances >= _LEAST_SYNCHRONOUS

    @property
    def connections(self) -> ConnectionLimits:
        """Those of each instance: about 10 MiB of its memory to each, some of them for superusers."""
        most = max(_LEAST_CONNECTIONS, int(self.memory * _CONNECTIONS_A_GIB // GIB))
        return ConnectionLimits(most=most, reserved=_RESERVED_CONNECTIONS)

    def contradictions(self) -> Iterator[Contradiction]:
        """A database that would write over what it is restored from."""
        if self.restore_from is not None and self.restore_from.archive == self.archive:
            yield ("archive",), f"{self.archive} is what it is restored from; name another, such as {self.archive}-2"
