"""How a component comes back from a loss: a row of the table that people decide by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from components.models.recovery import RecoveryTargets


class Loss(StrEnum):
    """What is lost, from the least to the most."""

    SERVER = "a server"
    ZONE = "a zone"
    DELETION = "what was deleted or overwritten"
    CLUSTER = "the cluster"
    REGION = "the region"


class Decision(StrEnum):
    """Who decides that the recovery begins."""

    AUTOMATIC = "nobody: automatic"
    ON_CALL = "whoever is on call"
    INCIDENT_COMMANDER = "the incident commander"


@dataclass(frozen=True, kw_only=True)
class Recovery:
    """What becomes of one component after one loss.

    Attributes:
        component: as people call it, such as ``NATS stream orders``.
        loss: what is lost.
        declared: what it has to achieve; None where nothing is declared for such a loss.
        rpo: what is lost at most as it is configured; None where nothing comes back.
        rto: how long it takes at most as it is configured and by the runbook; None likewise.
        means: what brings it back, in a phrase.
        decision: who decides.
        runbook: the name of a file in runbooks/ without ``.md``; None where nobody has to do anything.
    """

    component: str
    loss: Loss
    declared: RecoveryTargets | None
    rpo: timedelta | None
    rto: timedelta | None
    means: str
    decision: Decision
    runbook: str | None

    @property
    def achieves(self) -> bool:
        """Whether the loss stays within what is declared."""
        if self.declared is None:
            return True
        return self.rpo is not None and self.rto is not None and self.rpo <= self.declared.rpo and self.rto <= self.declared.rto
