"""What a component needs to be watched."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Monitoring:
    """The platform's monitoring as other components see it; they get None where a stack has none.

    Attributes:
        namespace: whence Prometheus scrapes, and where dashboards go.
        runbook_base_url: address below which the runbooks lie.
    """

    namespace: str
    runbook_base_url: str
