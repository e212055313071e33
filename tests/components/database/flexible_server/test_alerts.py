from __future__ import annotations

from components.database.flexible_server.alerts import alert_groups, azure_metrics
from components.database.flexible_server.arguments import FlexiblePostgresArgs
from components.database.rds.alerts import alert_groups as rds_alert_groups
from components.database.rds.sizing import DatabaseLimits
from tests.components.database.flexible_server.settings import database_args, database_settings

ARGS = database_args(database_settings())
BURSTABLE = database_args(database_settings(sku="Standard_B2s", multiAz=False))


def names(args: FlexiblePostgresArgs) -> set[str]:
    return {alert.name for group in alert_groups(args) for alert in group.alerts}


def test_the_exporter_is_asked_for_what_the_alerts_need() -> None:
    wanted = azure_metrics(ARGS)
    assert wanted.resource_id == ARGS.server_id
    series = {f"azure_{metric}_{aggregation}" for metric in wanted.metrics for aggregation in wanted.aggregations}
    asked = " ".join(alert.expr for group in alert_groups(ARGS) for alert in group.alerts)
    assert all(each in asked for each in series)
    assert "client_connections_waiting" not in azure_metrics(BURSTABLE).metrics


def test_the_alerts_of_an_instance_on_aws_are_there_under_the_same_names() -> None:
    limits = DatabaseLimits(max_connections=901, allocated_gib=100, grows=True)
    on_aws = {alert.name: alert for group in rds_alert_groups(["plinth-production"], limits) for alert in group.alerts}
    assert names(ARGS) == {*on_aws, "DatabasePoolExhausted"}
    assert names(BURSTABLE) == set(on_aws)
    for group in alert_groups(ARGS):
        for alert in group.alerts:
            if alert.name in on_aws:
                assert (alert.severity, alert.runbook) == (on_aws[alert.name].severity, on_aws[alert.name].runbook)
