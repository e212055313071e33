"""How a component states its alerts: typed rules that become one PrometheusRule.

Every alert names a severity, a team, a summary, a description and a runbook (ALERT-025, ALERT-027,
ALERT-028). The address of the runbooks is joined here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

DEFAULT_TEAM: Final = "platform_team"


class Severity(StrEnum):
    """P1 pages within 15 minutes, P2 waits for an hour, P3 and P4 for a day at most (ALERT-028)."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


@dataclass(frozen=True, kw_only=True)
class Alert:
    """One alerting rule.

    ``wait`` is Prometheus' ``for`` ("5m"); ``runbook`` the name of a file in runbooks/ without
    ``.md``.
    """

    name: str
    expr: str
    wait: str
    severity: Severity
    summary: str
    description: str
    runbook: str
    team: str = DEFAULT_TEAM
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AlertGroup:
    """Alerts about one subject, evaluated together. ``name`` is unique in the cluster."""

    name: str
    alerts: Sequence[Alert]


def render_rule(alert: Alert, runbook_base_url: str) -> dict[str, Any]:
    """The rule as ``spec.groups[].rules[]`` of a PrometheusRule and a rule file have it."""
    return {
        "alert": alert.name,
        "expr": alert.expr,
        "for": alert.wait,
        "labels": {**alert.labels, "severity": alert.severity.value, "team": alert.team},
        "annotations": {
            "summary": alert.summary,
            "description": alert.description,
            "runbook_url": f"{runbook_base_url.rstrip('/')}/{alert.runbook}.md",
        },
    }


def render_groups(groups: Sequence[AlertGroup], runbook_base_url: str) -> dict[str, Any]:
    """``{"groups": […]}``: the spec of a PrometheusRule and the content of a rule file alike."""
    return {"groups": [{"name": group.name, "rules": [render_rule(alert, runbook_base_url) for alert in group.alerts]} for group in groups]}
