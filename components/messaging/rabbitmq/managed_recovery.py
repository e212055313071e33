"""What a managed RabbitMQ survives, whoever runs it: nobody backs up messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from components.models.recovery import RecoveryTargets
from components.recovery import Decision, Loss, Recovery

_FAIL_OVER: Final = timedelta(minutes=2)
"""Clients reconnect through the load balancer to a node that is left, once quorum queues have elected their leaders."""
_NEW_NODE: Final = timedelta(minutes=30)
"""The service replaces the machine; its disk stays in its zone."""
_RUNBOOK: Final = "managed-broker-rebuild"


def recovery_of_managed(component: str, declared: RecoveryTargets, *, clustered: bool) -> Sequence[Recovery]:
    """Its rows of the table: what is declared comes back from the settings, what was in the queues does not."""
    replicated = "quorum queues on nodes in several zones" if clustered else "its disk, which stays in the zone"
    zone = (
        Recovery(
            component=component,
            loss=Loss.ZONE,
            declared=declared,
            rpo=timedelta(0) if clustered else None,
            rto=_FAIL_OVER if clustered else None,
            means=replicated if clustered else "nothing",
            decision=Decision.AUTOMATIC if clustered else Decision.ON_CALL,
            runbook=None if clustered else _RUNBOOK,
        ),
    )
    rebuilt = (
        Recovery(
            component=component,
            loss=loss,
            declared=None,
            rpo=None,
            rto=None,
            means="a new broker from the settings, without messages",
            decision=decision,
            runbook=_RUNBOOK,
        )
        for loss, decision in ((Loss.DELETION, Decision.ON_CALL), (Loss.REGION, Decision.INCIDENT_COMMANDER))
    )
    server = Recovery(
        component=component,
        loss=Loss.SERVER,
        declared=declared,
        rpo=timedelta(0),
        rto=_FAIL_OVER if clustered else _NEW_NODE,
        means=replicated,
        decision=Decision.AUTOMATIC,
        runbook=None,
    )
    return [server, *zone, *rebuilt]
