from __future__ import annotations

from typing import TYPE_CHECKING

from components.alerts import AlertGroup
from components.database.monitoring import DatabaseAlerts, DatabaseAlertsArgs
from tests.components.recorded import the

if TYPE_CHECKING:
    from tests.components.recorded import Preview


def test_the_alerts_become_one_rule_in_the_namespace_that_is_given(preview: Preview) -> None:
    groups = [AlertGroup(name="database-connections", alerts=[]), AlertGroup(name="database-storage", alerts=[])]
    args = DatabaseAlertsArgs(groups=groups, namespace="observability", runbook_base_url="https://runbooks.example.org")
    run = preview(lambda: DatabaseAlerts("db-alerts", args))
    rule = the(run, "kubernetes:monitoring.coreos.com/v1:PrometheusRule", "db-alerts-rule").inputs
    assert rule["metadata"]["namespace"] == "observability"
    assert [group["name"] for group in rule["spec"]["groups"]] == ["database-connections", "database-storage"]
