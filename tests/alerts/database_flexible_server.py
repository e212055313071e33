"""Promtool cases of the database alerts on Azure, for a server with 859 connections and 256 GiB."""

from __future__ import annotations

from typing import Final

from components.alerts import AlertGroup
from components.database.flexible_server.alerts import alert_groups
from tests.alerts.cases import Case, fires, silent
from tests.components.database.flexible_server.settings import database_args, database_settings

ARGS: Final = database_args(database_settings())
SERVER: Final = ARGS.server_name
GROUPS: Final[tuple[AlertGroup, ...]] = tuple(alert_groups(ARGS))
CONNECTIONS: Final = "active_connections"
STORAGE: Final = "storage_percent"
WAITING: Final = "client_connections_waiting"
LABELS: Final = {"resourceName": SERVER}


def series(metric: str, server: str = SERVER, pod: str = "azure-metrics-exporter-1") -> str:
    where = f'resourceID="/subscriptions/0/{server}", resourceName="{server}", unit="Count", interval="PT1M", timespan="PT10M"'
    return f'azure_{metric}_maximum{{{where}, pod="{pod}"}}'


CASES: Final[tuple[Case, ...]] = (
    fires("DatabaseConnectionsHigh", {series(CONNECTIONS): "774x20"}, "6m", LABELS),
    # The exporter's pod is replaced halfway: the waiting goes on.
    fires(
        "DatabaseConnectionsHigh", {series(CONNECTIONS): "774 774 774 stale", series(CONNECTIONS, pod="x-2"): "_ _ _ 774x20"}, "6m", LABELS
    ),
    silent("DatabaseConnectionsHigh", {series(CONNECTIONS): "773x20"}, "10m"),
    silent("DatabaseConnectionsHigh", {series(CONNECTIONS, "somebody-elses"): "850x20"}, "10m"),
    fires("DBConnectionExhausted", {series(CONNECTIONS): "844x20"}, "2m", LABELS),
    silent("DBConnectionExhausted", {series(CONNECTIONS): "843x20"}, "10m"),
    fires("DatabaseStorageLow", {series(STORAGE): "94.5x30"}, "16m", LABELS),
    silent("DatabaseStorageLow", {series(STORAGE): "94x30"}, "20m"),
    # Azure doubles it.
    silent("DatabaseStorageLow", {series(STORAGE): "95x10 47x20"}, "25m"),
    # Half a percent every ten minutes is 3 % an hour, and 72 % in a day.
    fires("DatabaseStorageFilling", {series(STORAGE): "30+0.5x50"}, "4h", LABELS, step="10m"),
    silent("DatabaseStorageFilling", {series(STORAGE): "30+0.1x80"}, "12h", step="10m"),
    fires("DatabaseMetricsMissing", {series(CONNECTIONS, "somebody-elses"): "5x30"}, "16m", LABELS),
    silent("DatabaseMetricsMissing", {series(CONNECTIONS): "5x30"}, "20m"),
    fires("DatabasePoolExhausted", {series(WAITING): "3x20"}, "6m", LABELS),
    silent("DatabasePoolExhausted", {series(WAITING): "0 3 0 0 3 0 0x20"}, "10m"),
)
