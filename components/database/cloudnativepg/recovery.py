"""How a database in the cluster comes back, and how long that takes at most."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from components.database.cloudnativepg.model import DatabaseSettings
from components.database.recovery import by_itself, lost, restored
from components.recovery import Loss, Recovery

# Kubernetes gives up a node after 50 seconds (node-monitor-grace-period); the operator then promotes a standby.
_FAILOVER: Final = timedelta(minutes=2)
# What is written closes its segment after five minutes (archive_timeout of the operator), and is sent within the next.
_LATEST_ARCHIVED: Final = timedelta(minutes=6)
# What a restore reads a second; measure yours in a drill.
_RESTORED_BYTES: Final = 50 * 2**20
# To decide, to make the instance, and to replay a day of changes.
_AROUND_A_RESTORE: Final = timedelta(hours=1)
_MINUTE_SECONDS: Final = 60
_RUNBOOK: Final = "database-in-cluster"


def recovery(settings: DatabaseSettings, *, zoned: bool, archive_elsewhere: bool) -> Sequence[Recovery]:
    """A row for each loss.

    ``zoned`` is whether instances are spread over zones, ``archive_elsewhere`` whether the bucket
    survives the cluster.
    """
    declared = settings.recovery
    rto = restore_time(settings)
    backups = f"a restore to a moment of the last {settings.backup_retention.days} days"
    means = "a standby on another node takes over"
    again = [
        restored(loss, declared=declared, rpo=_LATEST_ARCHIVED, rto=rto, means=backups, runbook=_RUNBOOK)
        for loss in (Loss.SERVER, Loss.ZONE)
    ]
    if settings.instances > 1:
        again[0] = by_itself(Loss.SERVER, declared=declared, rto=_FAILOVER, means=means)
        if zoned:
            again[1] = by_itself(Loss.ZONE, declared=declared, rto=_FAILOVER, means="a standby in another zone takes over")
    elsewhere = [
        restored(loss, rpo=_LATEST_ARCHIVED, rto=rto, means="a restore from the bucket elsewhere", runbook=_RUNBOOK)
        if archive_elsewhere
        else lost(loss, means="its archive is in the cluster too")
        for loss in (Loss.CLUSTER, Loss.REGION)
    ]
    return [*again, restored(Loss.DELETION, rpo=_LATEST_ARCHIVED, rto=rto, means=backups, runbook=_RUNBOOK), *elsewhere]


def restore_time(settings: DatabaseSettings) -> timedelta:
    """How long a restore of a full data volume takes at most, in whole minutes."""
    return timedelta(minutes=math.ceil(int(settings.storage) / _RESTORED_BYTES / _MINUTE_SECONDS)) + _AROUND_A_RESTORE
