"""How a database on RDS comes back.

The figures are those of the RDS user guide ("Multi-AZ DB instance deployments", "Multi-AZ DB cluster
deployments", "Restoring a DB instance to a specified time") and of AWS Prescriptive Guidance ("Amazon
RDS PITR snapshot replication"), each at its upper end.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from components.database.rds.model import DatabaseSettings
from components.database.recovery import by_itself, lost, restored
from components.recovery import Loss, Recovery

_INSTANCE_FAILOVER: Final = timedelta(minutes=2)
_CLUSTER_FAILOVER: Final = timedelta(minutes=1)
# RDS starts an only instance on other hardware; its volume is still there.
_NEW_HOST: Final = timedelta(minutes=30)
_LATEST_RESTORABLE: Final = timedelta(minutes=5)
_RESTORE: Final = timedelta(hours=4)
_LATEST_COPY: Final = timedelta(minutes=30)
_RUNBOOK: Final = "database-restore"


def recovery(settings: DatabaseSettings, *, second_region: str | None) -> Sequence[Recovery]:
    """A row for each loss; ``second_region`` is where the backups of an instance are copied."""
    declared = settings.recovery
    days = settings.backup_retention.days
    backups = f"a restore to a moment of the last {days} days"
    deletion = restored(Loss.DELETION, rpo=_LATEST_RESTORABLE, rto=_RESTORE, means=backups, runbook=_RUNBOOK)
    region = (
        restored(
            Loss.REGION,
            rpo=_LATEST_COPY,
            rto=_RESTORE,
            means=f"a restore from the copies in {second_region}",
            runbook=_RUNBOOK,
        )
        if second_region and settings.backups_are_copied
        else lost(Loss.REGION, means="its backups are in the region alone")
    )
    if settings.multi_az:
        rto = _CLUSTER_FAILOVER if settings.readable_standbys else _INSTANCE_FAILOVER
        means = "a synchronous standby in another zone takes over"
        here = [by_itself(loss, declared=declared, rto=rto, means=means) for loss in (Loss.SERVER, Loss.ZONE)]
    else:
        here = [
            by_itself(Loss.SERVER, declared=declared, rto=_NEW_HOST, means="RDS starts it on another host, with its volume"),
            restored(
                Loss.ZONE, declared=declared, rpo=_LATEST_RESTORABLE, rto=_RESTORE, means=f"{backups}, in another zone", runbook=_RUNBOOK
            ),
        ]
    return [*here, deletion, region]
