"""What becomes of RabbitMQ in the cluster after each loss."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from components.messaging.rabbitmq.model import OperatorSettings
from components.recovery import Decision, Loss, Recovery

_NOTHING: Final = timedelta(0)
# Leaders are elected within seconds; clients notice by two heartbeats of a minute that their server is gone.
_ELECTION: Final = timedelta(minutes=2)
# Pods leave a node that is gone after five minutes, its volume after six more; then the server starts.
_RESCHEDULING: Final = timedelta(minutes=15)
# Volumes from snapshots, claims bound to them, servers that find each other, and a check of the queues.
_RESTORING: Final = timedelta(hours=1)


def recovery(settings: OperatorSettings, *, backup_every: timedelta | None) -> Sequence[Recovery]:
    """The rows of RabbitMQ.

    Args:
        settings: of the servers.
        backup_every: how often the volumes of its namespace are backed up; None where they are not.
    """
    several = settings.nodes > 1
    restored = "the newest backup of its volumes, taken at different moments; what is declared comes from the settings"
    kept = restored if backup_every else "what is declared comes from the settings; messages do not come back"
    after = _RESTORING if backup_every else None
    zone = "the other zones have a majority of each queue" if several else "its volume stays in the zone, and comes back with it"
    return (
        _row(
            settings,
            Loss.SERVER,
            rpo=_NOTHING,
            rto=_ELECTION if several else _RESCHEDULING,
            means="a majority of each queue serves on" if several else "the server starts elsewhere with its volume",
        ),
        _row(settings, Loss.ZONE, rpo=_NOTHING if several else None, rto=_ELECTION if several else None, means=zone),
        *(
            _row(settings, loss, rpo=backup_every, rto=after, means=kept, decision=decision)
            for loss, decision in ((Loss.DELETION, Decision.ON_CALL), (Loss.CLUSTER, Decision.INCIDENT_COMMANDER))
        ),
        _row(
            settings,
            Loss.REGION,
            rpo=None,
            rto=None,
            means="what is declared comes from the settings of the other stack; messages stay in the region",
            decision=Decision.INCIDENT_COMMANDER,
        ),
    )


def _row(
    settings: OperatorSettings,
    loss: Loss,
    *,
    rpo: timedelta | None,
    rto: timedelta | None,
    means: str,
    decision: Decision = Decision.AUTOMATIC,
) -> Recovery:
    # The targets are those of a lost server or zone: the model says so.
    promised = loss in {Loss.SERVER, Loss.ZONE}
    return Recovery(
        component="RabbitMQ",
        loss=loss,
        declared=settings.recovery if promised else None,
        rpo=rpo,
        rto=rto,
        means=means,
        decision=decision,
        runbook=None if decision is Decision.AUTOMATIC else "rabbitmq-restore",
    )
