"""Where alerts go: Alertmanager's configuration (ALERT-023 to ALERT-025, ALERT-031).

Every address and key is read from a mounted secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from components.observability.model import RoutingSettings, SecretKeySettings, SlackSettings

_NOBODY: Final = "null"
_PAGER: Final = "pager"
_HEARTBEAT: Final = "heartbeat"
# The chart's own rules speak of critical and warning, the platform's of P1 to P4.
_URGENT: Final = "P1|critical"
_LESS_URGENT: Final = "P2|P3|P4|warning|info"


def render_alertmanager_config(routing: RoutingSettings) -> dict[str, Any]:
    """The ``alertmanager.config`` value.

    P1 pages as well; a team's alerts go to its channel, all others to the common one.
    """
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
                _watchdog(routing),
                {"receiver": _NOBODY, "matchers": ['alertname="InfoInhibitor"']},
                *(paging if routing.pagerduty else []),
                *({"receiver": f"slack-{team}", "matchers": [f'team="{team}"']} for team in teams),
                # The route above is for what none of its routes takes; what pages has been taken.
                *([{"receiver": "slack"}] if routing.slack and routing.pagerduty else []),
            ],
        },
        "inhibit_rules": _INHIBITIONS,
        "receivers": _receivers(routing, teams),
    }


def _watchdog(routing: RoutingSettings) -> dict[str, Any]:
    """The alert that always fires: it goes to whoever notices when it stops, and to nobody else."""
    own = {"matchers": ['alertname="Watchdog"']}
    if routing.heartbeat is None:
        return {"receiver": _NOBODY, **own}
    # A group is sent again at its first interval after the repeat interval: both together make it a
    # minute.
    return {"receiver": _HEARTBEAT, **own, "group_wait": "0s", "group_interval": "1m", "repeat_interval": "50s"}


def _receivers(routing: RoutingSettings, teams: Mapping[str, str]) -> list[dict[str, Any]]:
    receivers: list[dict[str, Any]] = [{"name": _NOBODY}]
    if routing.pagerduty:
        pager = {"routing_key_file": _mounted(routing.pagerduty), "severity": "critical", "description": "{{ .CommonAnnotations.summary }}"}
        receivers.append({"name": _PAGER, "pagerduty_configs": [pager]})
    if routing.heartbeat:
        # What it told before it fell silent needs no resolution.
        call = {"url_file": _mounted(routing.heartbeat), "send_resolved": False}
        receivers.append({"name": _HEARTBEAT, "webhook_configs": [call]})
    if routing.slack:
        receivers.append(_slack_receiver("slack", routing.slack, routing.slack.channel))
        receivers.extend(_slack_receiver(f"slack-{team}", routing.slack, channel) for team, channel in teams.items())
    return receivers


def _slack_receiver(name: str, slack: SlackSettings, channel: str) -> dict[str, Any]:
    message = {
        "api_url_file": _mounted(slack.webhook),
        "channel": channel,
        "send_resolved": True,
        "title": "[{{ .Status | toUpper }}] {{ .CommonLabels.severity }} {{ .CommonLabels.alertname }}",
        "text": "{{ range .Alerts }}{{ .Annotations.summary }}\n{{ .Annotations.description }}\n{{ .Annotations.runbook_url }}\n{{ end }}",
    }
    return {"name": name, "slack_configs": [message]}


def _mounted(key: SecretKeySettings) -> str:
    """Where Alertmanager finds the key of a mounted Secret."""
    return f"/etc/alertmanager/secrets/{key.secret}/{key.key}"


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
