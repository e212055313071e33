"""Alerts about a database, and what the exporter of Azure Monitor's metrics has to ask for to feed them.

The exporter names a series ``azure_<metric>_<aggregation>``; its label ``resourceName`` is the server's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from components.alerts import AlertGroup
from components.database.alert_rules import (
    DatabaseFigures,
    StorageFigures,
    availability_alerts,
    connection_alerts,
    storage_alerts,
    waiting_alert,
)
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
        groups.append(AlertGroup(name="database-pool", alerts=[waiting_alert(figures, _WAITING, patience="two minutes")]))
    return groups
