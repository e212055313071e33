"""How NATS comes back from each loss, as it is configured."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from components.messaging.nats.backup_model import BackupSettings
from components.messaging.nats.bucket_model import BucketSettings
from components.messaging.nats.link_model import MirrorSettings
from components.messaging.nats.model import NatsSettings
from components.messaging.nats.values import RTO
from components.models.recovery import RecoveryTargets
from components.recovery import Decision, Loss, Recovery

COMPONENT: Final = "NATS"
_ELECTION: Final = timedelta(minutes=1)
"""Leaders are elected within seconds; clients reconnect."""
_RESTART: Final = timedelta(minutes=20)
"""A single server's pod: ten minutes until its node counts as lost, and its start on the volume."""
_RESTORE: Final = timedelta(hours=4)
"""Of the job that people restore in."""
_TAKE_OVER: Final = timedelta(minutes=30)
"""Of the runbook, once it is decided."""
_LAG: Final = timedelta(minutes=12)
"""Of a mirror: its alerts fire after ten minutes at the latest, and its link is watched for two."""
_DAY: Final = timedelta(days=1)


def recovery(settings: NatsSettings, *, stored: bool, volumes_lose: timedelta | None, dr_stack: str | None) -> Sequence[Recovery]:
    """A row for each loss: a server, a zone, what was deleted, the cluster, the region.

    ``stored`` is whether there is a store for backups, ``volumes_lose`` what the newest backup of the
    servers' volumes lacks at most (None where there is none), ``dr_stack`` the stack that mirrors are in.
    """
    backup = settings.backup if stored else None
    beyond = (
        [_copied_anew(settings.remote.name, loss) for loss in (Loss.DELETION, Loss.CLUSTER, Loss.REGION)]
        if settings.remote and _holds_copies_alone(settings)
        else [
            _from_backup(backup, Loss.DELETION),
            _after_the_cluster(settings, backup, volumes_lose, dr_stack),
            _from_afar(settings, dr_stack, Loss.REGION),
        ]
    )
    declared = RecoveryTargets.model_validate({"rpo": settings.rpo, "rto": RTO})
    clustered = settings.servers > 1
    return [
        *(
            Recovery(
                component=COMPONENT,
                loss=loss,
                declared=declared,
                rpo=timedelta(0) if clustered else (declared.rpo if loss is Loss.SERVER else None),
                rto=_ELECTION if clustered else (_RESTART if loss is Loss.SERVER else None),
                means="the other servers hold every stream" if clustered else "its volume, once a node is there",
                decision=Decision.AUTOMATIC,
                runbook="nats-recovery",
            )
            for loss in (Loss.SERVER, Loss.ZONE)
        ),
        *beyond,
    ]


def _holds_copies_alone(settings: NatsSettings) -> bool:
    stored = [each for _, account in settings.accounts() for _, each in account.stored()]
    return bool(stored) and all(isinstance(each, MirrorSettings) or (isinstance(each, BucketSettings) and each.mirror) for each in stored)


def _copied_anew(origin: str, loss: Loss) -> Recovery:
    return Recovery(
        component=COMPONENT,
        loss=loss,
        declared=None,
        rpo=timedelta(0),
        # Whoever publishes and consumes does so there.
        rto=timedelta(0),
        means=f"{origin} goes on, and is copied anew",
        decision=Decision.ON_CALL,
        runbook="nats-failover",
    )


def _from_backup(backup: BackupSettings | None, loss: Loss) -> Recovery:
    takes = backup.takes if backup else timedelta(0)
    return Recovery(
        component=COMPONENT,
        loss=loss,
        declared=None,
        rpo=_DAY + takes if backup else None,
        rto=_RESTORE if backup else None,
        means="the daily backup" if backup else "nothing",
        decision=Decision.INCIDENT_COMMANDER,
        runbook="nats-backup" if backup else None,
    )


def _after_the_cluster(
    settings: NatsSettings, backup: BackupSettings | None, volumes_lose: timedelta | None, dr_stack: str | None
) -> Recovery:
    if settings.leaf_nodes is not None and dr_stack is not None:
        return _from_afar(settings, dr_stack, Loss.CLUSTER)
    if volumes_lose is None:
        return _from_backup(backup, Loss.CLUSTER)
    return Recovery(
        component=COMPONENT,
        loss=Loss.CLUSTER,
        declared=None,
        rpo=volumes_lose,
        rto=_RESTORE,
        means="the newest backup of the servers' volumes",
        decision=Decision.INCIDENT_COMMANDER,
        runbook="restore",
    )


def _from_afar(settings: NatsSettings, dr_stack: str | None, loss: Loss) -> Recovery:
    copied = settings.leaf_nodes is not None and dr_stack is not None
    return Recovery(
        component=COMPONENT,
        loss=loss,
        declared=None,
        rpo=_LAG if copied else None,
        rto=_TAKE_OVER if copied else None,
        means=f"mirrors in {dr_stack}" if copied else "nothing",
        decision=Decision.INCIDENT_COMMANDER,
        runbook="nats-failover",
    )
