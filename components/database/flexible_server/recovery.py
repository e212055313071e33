"""How a database on Azure comes back.

The figures are those of Azure Database for PostgreSQL, "Overview of business continuity", each at
its upper end: a restore takes "from few minutes up to 12 hours".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from components.database.flexible_server.model import DatabaseSettings
from components.database.recovery import by_itself, lost, restored
from components.recovery import Loss, Recovery

_FAILOVER: Final = timedelta(minutes=2)
# Azure starts an only server on another machine; its storage is still there.
_NEW_HOST: Final = timedelta(minutes=30)
_LATEST_RESTORABLE: Final = timedelta(minutes=5)
_RESTORE: Final = timedelta(hours=12)
_LATEST_COPY: Final = timedelta(hours=1)
_RUNBOOK: Final = "database-restore"


def recovery(settings: DatabaseSettings) -> Sequence[Recovery]:
    """A row for each loss."""
    declared = settings.recovery
    backups = f"a restore to a moment of the last {settings.backup_retention.days} days"
    deletion = restored(Loss.DELETION, rpo=_LATEST_RESTORABLE, rto=_RESTORE, means=backups, runbook=_RUNBOOK)
    region = (
        restored(
            Loss.REGION,
            rpo=_LATEST_COPY,
            rto=_RESTORE,
            means="a restore from the backups that are copied to the paired region",
            runbook=_RUNBOOK,
        )
        if settings.geo_redundant_backup
        else lost(Loss.REGION, means="its backups are in the region alone")
    )
    if settings.multi_az:
        means = "a synchronous standby in another zone takes over"
        here = [by_itself(loss, declared=declared, rto=_FAILOVER, means=means) for loss in (Loss.SERVER, Loss.ZONE)]
    else:
        here = [
            by_itself(Loss.SERVER, declared=declared, rto=_NEW_HOST, means="Azure starts it on another machine, with its storage"),
            restored(
                Loss.ZONE, declared=declared, rpo=_LATEST_RESTORABLE, rto=_RESTORE, means=f"{backups}, in another zone", runbook=_RUNBOOK
            ),
        ]
    return [*here, deletion, region]
