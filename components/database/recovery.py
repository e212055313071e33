"""What databases declare of their recovery, and what is common to how they come back, wherever they run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from components.models.recovery import RecoveryTargets
from components.recovery import Decision, Loss, Recovery

COMPONENT: Final = "PostgreSQL"
NOTHING: Final = timedelta(0)
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
