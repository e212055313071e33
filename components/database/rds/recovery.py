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
from components.database.recovery import ManagedFigures, managed_recovery
from components.recovery import Recovery

_INSTANCE_FAILOVER: Final = timedelta(minutes=2)
_CLUSTER_FAILOVER: Final = timedelta(minutes=1)
_RESTORE: Final = timedelta(hours=4)
_LATEST_COPY: Final = timedelta(minutes=30)


def recovery(settings: DatabaseSettings, *, second_region: str | None) -> Sequence[Recovery]:
    """A row for each loss; ``second_region`` is where the backups of an instance are copied."""
    failover = _CLUSTER_FAILOVER if settings.readable_standbys else _INSTANCE_FAILOVER
    figures = ManagedFigures(
        failover=failover if settings.multi_az else None,
        new_host="RDS starts it on another host, with its volume",
        restore=_RESTORE,
        copied=(_LATEST_COPY, f"the copies in {second_region}") if second_region and settings.backups_are_copied else None,
    )
    return managed_recovery(figures, declared=settings.recovery, retention=settings.backup_retention)
