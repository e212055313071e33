from __future__ import annotations

from typing import TYPE_CHECKING

from components.alerts import Alert, Severity
from components.database.rds.alerts import alert_groups, cloudwatch_job
from components.database.rds.monitoring import DatabaseAlerts, DatabaseAlertsArgs
from components.database.rds.sizing import DatabaseLimits
from tests.components.recorded import the

if TYPE_CHECKING:
    from tests.components.recorded import Preview

IDENTIFIER = "plinth-production"
LIMITS = DatabaseLimits(max_connections=901, allocated_gib=100)


def alerts() -> dict[str, Alert]:
    return {alert.name: alert for group in alert_groups(IDENTIFIER, LIMITS) for alert in group.alerts}


def test_the_exporter_is_asked_for_what_the_alerts_need() -> None:
    job = cloudwatch_job(IDENTIFIER)
    assert job.dimensions == {"DBInstanceIdentifier": "plinth-production"}
    assert [metric.name for metric in job.metrics] == ["DatabaseConnections", "FreeStorageSpace"]


def test_exhausted_connections_page_with_the_runbook_that_the_review_asks_for() -> None:
    exhausted = alerts()["DBConnectionExhausted"]
    assert exhausted.severity is Severity.P1
    assert exhausted.runbook == "database-runbook"
    assert exhausted.expr.endswith(">= 896")


def test_alerts_speak_of_this_database_alone() -> None:
    assert all('{dimension_DBInstanceIdentifier="plinth-production"}' in alert.expr for alert in alerts().values())


def test_the_alerts_become_one_rule_in_the_namespace_that_is_given(preview: Preview) -> None:
    args = DatabaseAlertsArgs(
        identifier=IDENTIFIER, limits=LIMITS, namespace="observability", runbook_base_url="https://runbooks.example.org"
    )
    run = preview(lambda: DatabaseAlerts("db-alerts", args))
    rule = the(run, "kubernetes:monitoring.coreos.com/v1:PrometheusRule", "db-alerts-rule").inputs
    assert rule["metadata"]["namespace"] == "observability"
    assert [group["name"] for group in rule["spec"]["groups"]] == ["database-connections", "database-storage", "database-availability"]
