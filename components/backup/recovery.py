"""What becomes of objects and volumes of the cluster after each loss that backups are for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from components.backup.model import BackupSettings
from components.recovery import Decision, Loss, Recovery

# 500 GiB at 100 MiB a second, which is what the largest volumes of the defaults need.
_VOLUMES: Final = timedelta(hours=2)
# Network, cluster and operators by `make up`, and what people need between the steps of the runbook.
_CLUSTER: Final = timedelta(minutes=90)
# Objects of a bucket or an account are in the other region within so much, nearly always.
_COPYING: Final = timedelta(minutes=15)


def recovery(settings: BackupSettings, *, copied: bool) -> Sequence[Recovery]:
    """The rows of what Velero backs up.

    Args:
        settings: how often, and what is declared.
        copied: whether the store has a copy in another region.
    """
    # What was written since the newest complete backup began.
    lost = 2 * settings.every
    means = "the newest backup of the namespace"
    elsewhere = "the copy of the store, in the cluster of the other region" if copied else "nothing: the store is in this region alone"
    return (
        _row(settings, Loss.DELETION, lost, _VOLUMES, means, Decision.ON_CALL),
        _row(settings, Loss.CLUSTER, lost, _CLUSTER + _VOLUMES, "a new cluster from the settings, then the newest backups"),
        _row(settings, Loss.REGION, lost + _COPYING if copied else None, _CLUSTER + _VOLUMES if copied else None, elsewhere),
    )


def _row(
    settings: BackupSettings,
    loss: Loss,
    rpo: timedelta | None,
    rto: timedelta | None,
    means: str,
    decision: Decision = Decision.INCIDENT_COMMANDER,
) -> Recovery:
    return Recovery(
        component="Objects and volumes of the cluster",
        loss=loss,
        declared=settings.recovery,
        rpo=rpo,
        rto=rto,
        means=means,
        decision=decision,
        runbook="restore",
    )
