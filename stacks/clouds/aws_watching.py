"""What watches AWS from within the cluster: one exporter of CloudWatch's metrics, and the alerts upon them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.alerts import AlertGroup
from components.aws import AwsLocation
from components.database.monitoring import DatabaseAlerts, DatabaseAlertsArgs
from components.foundation import Agent, Base
from components.observability.cloudwatch.exporter import CloudWatchExporter, CloudWatchExporterArgs, CloudWatchJob
from components.observability.cloudwatch.exporter import footprint as exporter_footprint
from components.observability.cloudwatch.exporter import traffic as exporter_traffic
from components.ordering import behind
from components.tenancy.demand import Demand
from components.tenancy.priorities import PLATFORM
from stacks.composition.services import monitoring_of
from stacks.settings.aws import AwsStack


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What there is to watch of something: what is asked of CloudWatch, and the alerts upon it."""

    jobs: Sequence[CloudWatchJob] = ()
    alerts: Sequence[AlertGroup] = ()


def watch_aws(
    settings: AwsStack, name: str, database: Watched, others: Sequence[Watched], everywhere: pulumi.ResourceOptions
) -> Sequence[Agent]:
    """The exporter and the alerts; nothing where the stack has no observability, or nothing to watch."""
    monitoring = monitoring_of(settings)
    jobs = [*database.jobs, *(job for each in others for job in each.jobs)]
    if monitoring is None or not jobs:
        return ()
    exporter = CloudWatchExporterArgs(
        location=AwsLocation(region=settings.aws.region, account_id=settings.aws.account),
        cluster_name=name,
        namespace=monitoring.namespace,
        jobs=jobs,
        alerts=[group for each in others for group in each.alerts],
        runbook_base_url=monitoring.runbook_base_url,
        priority_class=PLATFORM,
        chart_mirror=settings.charts.mirror,
        image_registry=settings.charts.image_registry,
    )
    alerts = DatabaseAlertsArgs(groups=database.alerts, namespace=monitoring.namespace, runbook_base_url=monitoring.runbook_base_url)

    def install(base: Base) -> None:
        namespace = base.namespaces[monitoring.namespace]
        CloudWatchExporter("cloudwatch-exporter", exporter, behind(everywhere, namespace, base.priorities[PLATFORM], base.definitions))
        if alerts.groups:
            DatabaseAlerts("database-alerts", alerts, behind(everywhere, namespace, base.definitions))

    demand = Demand(namespace=exporter.namespace, footprint=exporter_footprint(exporter), traffic=exporter_traffic(exporter))
    return [Agent(demand=demand, install=install)]
