from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from components.alerts import Alert, Severity
from components.database.rds.alerts import alert_groups, cloudwatch_jobs
from components.database.rds.sizing import DatabaseLimits

INSTANCE = ["plinth-production"]
CLUSTER = ["plinth-production-instance-1", "plinth-production-instance-2", "plinth-production-instance-3"]
LIMITS = DatabaseLimits(max_connections=901, allocated_gib=100, grows=True)


def alerts(instances: Sequence[str] = INSTANCE, limits: DatabaseLimits = LIMITS) -> dict[str, Alert]:
    return {alert.name: alert for group in alert_groups(instances, limits) for alert in group.alerts}


def test_the_exporter_is_asked_for_what_the_alerts_need() -> None:
    (job,) = cloudwatch_jobs(INSTANCE)
    assert job.dimensions == {"DBInstanceIdentifier": "plinth-production"}
    assert [metric.name for metric in job.metrics] == ["DatabaseConnections", "FreeStorageSpace"]


def test_of_a_cluster_the_exporter_is_asked_for_every_instance_and_how_far_it_is_behind() -> None:
    jobs = cloudwatch_jobs(CLUSTER)
    assert [job.dimensions["DBInstanceIdentifier"] for job in jobs] == CLUSTER
    assert all("ReplicaLag" in [metric.name for metric in job.metrics] for job in jobs)


def test_only_a_cluster_has_standbys_that_lag() -> None:
    assert set(alerts(CLUSTER)) - set(alerts()) == {"DatabaseReplicaLagHigh"}


def test_storage_that_fills_wakes_somebody_where_nothing_grows_it() -> None:
    assert alerts()["DatabaseStorageFilling"].severity is Severity.P3
    assert alerts(CLUSTER, replace(LIMITS, grows=False))["DatabaseStorageFilling"].severity is Severity.P2


def test_exhausted_connections_page_with_the_runbook_that_the_review_asks_for() -> None:
    exhausted = alerts()["DBConnectionExhausted"]
    assert exhausted.severity is Severity.P1
    assert exhausted.runbook == "database-runbook"
    assert exhausted.expr.endswith(">= 896")


def test_alerts_speak_of_this_database_alone() -> None:
    assert all("{dimension_DBInstanceIdentifier=" in alert.expr and '"plinth-production"}' in alert.expr for alert in alerts().values())
