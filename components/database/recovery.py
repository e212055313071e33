"""What databases declare of their recovery, and what bounds it, wherever they run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from components.models.recovery import RecoveryTargets

_ENTERPRISE_RPO: Final = timedelta(minutes=5)
_ENTERPRISE_RTO: Final = timedelta(minutes=10)


def recovery_tags(targets: RecoveryTargets) -> Mapping[str, str]:
    """The markers of a database of a cloud: its targets, and its tier where they are those of the enterprise.

    That tier has a standby, 30 days of backups and a copy of them elsewhere (DR-002, PG-007, PG-008).
    """
    enterprise = targets.rpo <= _ENTERPRISE_RPO and targets.rto <= _ENTERPRISE_RTO
    return {**targets.tags, **({"tier": "enterprise"} if enterprise else {})}
