"""How a database on Azure comes back.

The figures are those of Azure Database for PostgreSQL, "Overview of business continuity", each at
its upper end: a restore takes "from few minutes up to 12 hours".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from components.database.flexible_server.model import DatabaseSettings
from components.database.recovery import ManagedFigures, managed_recovery
from components.recovery import Recovery

_FAILOVER: Final = timedelta(minutes=2)
_RESTORE: Final = timedelta(hours=12)
_LATEST_COPY: Final = timedelta(hours=1)


def recovery(settings: DatabaseSettings) -> Sequence[Recovery]:
    """A row for each loss."""
    figures = ManagedFigures(
        failover=_FAILOVER if settings.multi_az else None,
        new_host="Azure starts it on another machine, with its storage",
        restore=_RESTORE,
        copied=(_LATEST_COPY, "the backups that are copied to the paired region") if settings.geo_redundant_backup else None,
    )
    return managed_recovery(figures, declared=settings.recovery, retention=settings.backup_retention)
