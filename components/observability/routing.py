"""Where alerts go: Alertmanager's configuration, every address and key read from mounted secrets (ALERT-023 to ALERT-025, ALERT-031)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

_NOBODY: Final = "null"
_PAGER: Final = "pager"
# The chart's own rules speak of critical and warning, the platform's of P1 to P4.
_URGENT: Final = "P1|critical"
_LESS_URGENT: Final = "P2|P3|P4|warning|info"


@dataclass(frozen=True, kw_only=True)
class SecretKey:
    """One key of a Secret in Alertmanager's namespace; it has to exist before Alertmanager can start."""

    secret: str
    key: str

    @property
    def path(self) -> str:
        """Where Alertmanager finds the mounted key."""
        return f"/etc/alertmanager/secrets/{self.secret}/{self.key}"


@dataclass(frozen=True, kw_only=True)
class Slack:
    """A Slack app's webhook, the channel for all alerts, and channels of teams by their ``team`` label."""

    webhook: SecretKey
    channel: str
    team_channels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AlertRouting:
    """Who hears of alerts: ``pagerduty`` is the routing key of the integration that P1 alerts page. Without either, nobody does."""

    slack: Slack | None = None
    pagerduty: SecretKey | None = None

    @property
    def secrets(self) -> list[str]:
        """The Secrets that Alertmanager has to mount, sorted."""
        keys = (self.slack.webhook if self.slack else None, self.pagerduty)
        return sorted({key.secret for key in keys if key})


def render_alertmanager_config(routing: AlertRouting) -> dict[str, Any]:
    """The ``alertmanager.config`` value: P1 pages as well, a team's alerts go to its channel, all others to the common one."""
    teams = dict(routing.slack.team_channels) if routing.slack else {}
    paging = [{"receiver": _PAGER, "matchers": [f'severity=~"{_URGENT}"'], "continue": True, "group_wait": "10s", "repeat_interval": "1h"}]
    return {
        "global": {"resolve_timeout": "5m"},
        "route": {
            "receiver": "slack" if routing.slack else _NOBODY,
            "group_by": ["alertname", "namespace", "team"],
            "group_wait": "30s",
            "group_interval": "5m",
            "repeat_interval": "4h",
            "routes": [
                {"receiver": _NOBODY, "matchers": ['alertname=~"Watchdog|InfoInhibitor"']},
                *(paging if routing.pagerduty else []),
                *({"receiver": f"slack-{team}", "matchers": [f'team="{team}"']} for team in teams),
            ],
        },
        "inhibit_rules": _INHIBITIONS,
        "receivers": _receivers(routing, teams),
    }


def _receivers(routing: AlertRouting, teams: Mapping[str, str]) -> list[dict[str, Any]]:
    receivers: list[dict[str, Any]] = [{"name": _NOBODY}]
    if routing.pagerduty:
        pager = {"routing_key_file": routing.pagerduty.path, "severity": "critical", "description": "{{ .CommonAnnotations.summary }}"}
        receivers.append({"name": _PAGER, "pagerduty_configs": [pager]})
    if routing.slack:
        receivers.append(_slack_receiver("slack", routing.slack, routing.slack.channel))
        receivers.extend(_slack_receiver(f"slack-{team}", routing.slack, channel) for team, channel in teams.items())
    return receivers


def _slack_receiver(name: str, slack: Slack, channel: str) -> dict[str, Any]:
    message = {
        "api_url_file": slack.webhook.path,
        "channel": channel,
        "send_resolved": True,
        "title": "[{{ .Status | toUpper }}] {{ .CommonLabels.severity }} {{ .CommonLabels.alertname }}",
        "text": "{{ range .Alerts }}{{ .Annotations.summary }}\n{{ .Annotations.description }}\n{{ .Annotations.runbook_url }}\n{{ end }}",
    }
    return {"name": name, "slack_configs": [message]}


_INHIBITIONS: Final[list[dict[str, Any]]] = [
    # One trouble, told at two urgencies: the more urgent one is enough.
    {
        "source_matchers": [f'severity=~"{_URGENT}"'],
        "target_matchers": [f'severity=~"{_LESS_URGENT}"'],
        "equal": ["alertname", "namespace"],
    },
    # A volume that pages needs no second alert about being full.
    {
        "source_matchers": [f'severity=~"{_URGENT}"', 'persistentvolumeclaim=~".+"'],
        "target_matchers": [f'severity=~"{_LESS_URGENT}"', 'persistentvolumeclaim=~".+"'],
        "equal": ["namespace", "persistentvolumeclaim"],
    },
    {
        "source_matchers": ['alertname="InfoInhibitor"'],
        "target_matchers": ['severity="info"'],
        "equal": ["namespace"],
    },
]
