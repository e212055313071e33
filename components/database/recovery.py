"""What databases declare of their recovery, and what is common to how they come back, wherever they run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from components.models.recovery import RecoveryTargets
from components.recovery import Decision, Loss, Recovery

COMPONENT: Final = "PostgreSQL"
NOTHING: Final = timedelta(0)
_NEW_HOST: Final = timedelta(minutes=30)
_LATEST_RESTORABLE: Final = timedelta(minutes=5)
_RUNBOOK: Final = "database-restore"
_ENTERPRISE_RPO: Final = timedelta(minutes=5)
_ENTERPRISE_RTO: Final = timedelta(minutes=10)


def recovery_tags(targets: RecoveryTargets) -> Mapping[str, str]:
    """The markers of a database of a cloud: its targets, and its tier where they are those of the enterprise.

    That tier has a standby, 30 days of backups and a copy of them elsewhere (DR-002, PG-007, PG-008).
    """
    enterprise = targets.rpo <= _ENTERPRISE_RPO and targets.rto <= _ENTERPRISE_RTO
    return {**targets.tags, **({"tier": "enterprise"} if enterprise else {})}


def by_itself(loss: Loss, *, declared: RecoveryTargets, rto: timedelta, means: str) -> Recovery:
    """What comes back without anybody, and without a loss."""
    return Recovery(
        component=COMPONENT,
        loss=loss,
        declared=declared,
        rpo=NOTHING,
        rto=rto,
        means=means,
        decision=Decision.AUTOMATIC,
        runbook=None,
    )


def restored(loss: Loss, *, rpo: timedelta, rto: timedelta, means: str, runbook: str, declared: RecoveryTargets | None = None) -> Recovery:
    """What somebody restores; for the loss of all that is here it is the incident commander who decides."""
    everything = loss in {Loss.CLUSTER, Loss.REGION}
    return Recovery(
        component=COMPONENT,
        loss=loss,
        declared=declared,
        rpo=rpo,
        rto=rto,
        means=means,
        decision=Decision.INCIDENT_COMMANDER if everything else Decision.ON_CALL,
        runbook=runbook,
    )


def lost(loss: Loss, *, means: str) -> Recovery:
    """What does not come back."""
    return Recovery(
        component=COMPONENT, loss=loss, declared=None, rpo=None, rto=None, means=means, decision=Decision.INCIDENT_COMMANDER, runbook=None
    )


@dataclass(frozen=True, kw_only=True)
class ManagedFigures:
    """How a cloud brings a database back, at the upper end of what it says.

    Attributes:
        failover: to a standby in another zone; None where there is none.
        new_host: how an only server is started anew, its volume being still there.
        restore: from backups.
        copied: how old copies elsewhere are, and where they lie; None where there are none.
    """

    failover: timedelta | None
    new_host: str
    restore: timedelta
    copied: tuple[timedelta, str] | None


def managed_recovery(figures: ManagedFigures, *, declared: RecoveryTargets, retention: timedelta) -> Sequence[Recovery]:
    """A row for each loss of a managed database, whose backups are kept for ``retention``."""
    backups = f"a restore to a moment of the last {retention.days} days"

    def from_backups(loss: Loss, means: str = backups, declared: RecoveryTargets | None = None) -> Recovery:
        return restored(loss, declared=declared, rpo=_LATEST_RESTORABLE, rto=figures.restore, means=means, runbook=_RUNBOOK)

    if figures.failover is not None:
        means = "a synchronous standby in another zone takes over"
        here = [by_itself(loss, declared=declared, rto=figures.failover, means=means) for loss in (Loss.SERVER, Loss.ZONE)]
    else:
        here = [
            by_itself(Loss.SERVER, declared=declared, rto=_NEW_HOST, means=figures.new_host),
            from_backups(Loss.ZONE, f"{backups}, in another zone", declared),
        ]
    if figures.copied is not None:
        age, place = figures.copied
        region = restored(Loss.REGION, rpo=age, rto=figures.restore, means=f"a restore from {place}", runbook=_RUNBOOK)
    else:
        region = lost(Loss.REGION, means="its backups are in the region alone")
    return [*here, from_backups(Loss.DELETION), region]
