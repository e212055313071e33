"""Alerts about a database, and what the exporter of Azure Monitor's metrics has to ask for to feed them.

The exporter names a series ``azure_<metric>_<aggregation>``; its label ``resourceName`` is the server's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from components.alerts import Alert, AlertGroup, Severity
from components.database.alert_rules import DatabaseFigures, StorageFigures, availability_alerts, connection_alerts, storage_alerts
from components.database.flexible_server.arguments import FlexiblePostgresArgs
from components.database.flexible_server.sizing import READ_ONLY_PERCENT, low_storage_percent
from components.observability.azure_monitor.exporter import AzureMetrics

_SERVER: Final = "resourceName"
_WAITING: Final = "azure_client_connections_waiting_maximum"


def azure_metrics(args: FlexiblePostgresArgs) -> AzureMetrics:
    """What the exporter has to fetch for the alerts of a server; a burstable one has no pooler to tell of."""
    pooled = [] if args.settings.burstable else ["client_connections_waiting"]
    return AzureMetrics(
        name="database",
        resource_id=args.server_id,
        metrics=["active_connections", "storage_percent", *pooled],
        aggregations=["maximum"],
    )


def alert_groups(args: FlexiblePostgresArgs) -> Sequence[AlertGroup]:
    """The alerts of a server."""
    figures = DatabaseFigures(
        source="Azure Monitor", label=_SERVER, instances=[args.server_name], connections="azure_active_connections_maximum"
    )
    storage = StorageFigures(
        series="azure_storage_percent_maximum",
        worst="max",
        low=f"> {low_storage_percent(args.settings.storage_gib)}",
        full=f"> {READ_ONLY_PERCENT}",
        shown="{{ $value | humanize }} % used",
        grows=True,
    )
    groups = [connection_alerts(figures, args.limits), storage_alerts(figures, storage), availability_alerts(figures)]
    if not args.settings.burstable:
        groups.append(AlertGroup(name="database-pool", alerts=[_waiting_alert(figures)]))
    return groups


def _waiting_alert(figures: DatabaseFigures) -> Alert:
    # The pools together leave a tenth of the connections, so that connections alone would not tell.
    return Alert(
        name="DatabasePoolExhausted",
        expr=f"max by ({figures.label}) ({_WAITING}{figures.selector}) > 0",
        wait="5m",
        severity=Severity.P2,
        summary=f"Clients of {figures.instance} wait for a connection",
        description=f"{{{{ $value }}}} clients of a pool of {figures.instance} wait; after two minutes each is refused.",
        runbook="database-connections-high",
    )
