"""Metrics and alerts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from components.models.scalars import Count, HttpsUrl, Quantity, ResourceName, SecretEntry, SlackChannel, TeamName
from components.models.section import Contradiction, Section
from components.models.written import duration, quantity
from facts.display import hide_credentials


class SecretKeySettings(Section):
    """A key of a Secret in the namespace ``observability``; the secret itself is in no setting."""

    secret: ResourceName = Field(description="The Secret's name.")
    key: SecretEntry = Field(description="The key within it.")

    def contradictions(self) -> Iterator[Contradiction]:
        """Names that are credentials themselves: they would stand in the resources of the stack in plain text."""
        for field, name in (("secret", self.secret), ("key", self.key)):
            if hide_credentials(name) != name:
                yield (field,), "this looks like the credential itself; write the name by which it is found in the cluster"


class SlackSettings(Section):
    """Alerts as messages."""

    webhook: SecretKeySettings = Field(description="Where the address of the Slack app's webhook stands.")
    channel: SlackChannel = Field(description="The channel of all alerts, in quotes.")
    team_channels: Mapping[TeamName, SlackChannel] = Field(default={}, description="Channels of teams, by their team label.")


class RoutingSettings(Section):
    """Who hears of alerts, and who notices when there can be none."""

    slack: SlackSettings | None = Field(default=None, description="Channels.")
    pagerduty: SecretKeySettings | None = Field(default=None, description="Where the routing key stands that P1 alerts page.")
    heartbeat: SecretKeySettings | None = Field(
        default=None,
        description="Where the https address stands that is called every minute; a service outside tells people once the calls stop.",
    )

    @property
    def secrets(self) -> list[str]:
        """The Secrets that Alertmanager mounts, sorted; it does not start before all are there."""
        keys = (self.slack.webhook if self.slack else None, self.pagerduty, self.heartbeat)
        return sorted({key.secret for key in keys if key})


class ObservabilitySettings(Section):
    """Prometheus, Alertmanager and Grafana."""

    replicas: Annotated[Count, Field(ge=1, le=5)] = Field(description="Of Prometheus and of Alertmanager.")
    retention: Annotated[timedelta, duration(least="2h", most="100y", example="15d")] = Field(description="How long samples are kept.")
    storage: Annotated[Decimal, quantity(least="1Gi", most="64Ti")] = Field(description="Each Prometheus' volume.")
    cpu: Quantity = Field(description="Cores of each Prometheus, request and limit.")
    memory: Annotated[Decimal, quantity(least="256Mi", most="1Ti", example="4Gi")] = Field(
        description="Memory of each Prometheus, request and limit."
    )
    runbook_base_url: HttpsUrl = Field(description="Address below which the runbooks lie.")
    routing: RoutingSettings = Field(default=RoutingSettings(), description="Who hears of alerts.")
    grafana_admin_secret: ResourceName | None = Field(
        default=None,
        description="Secret with admin-user and admin-password, which must exist: write it here after the first run. "
        "Left out, the chart generates one.",
    )
