"""The alerts of a database in the cluster's Prometheus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi

from components.base import Component
from components.database.rds.alerts import alert_groups
from components.database.rds.sizing import DatabaseLimits
from components.kubernetes import declare
from components.observability.rules import prometheus_rule

_RULE: Final = "database"


@dataclass(frozen=True, kw_only=True)
class DatabaseAlertsArgs:
    """What is watched.

    Attributes:
        instances: ``RdsPostgresArgs.instances``.
        limits: ``RdsPostgresArgs.limits``.
        namespace: where the PrometheusRule lies; it has to exist.
        runbook_base_url: address below which the runbooks lie.
    """

    instances: Sequence[str]
    limits: DatabaseLimits
    namespace: str
    runbook_base_url: str


class DatabaseAlerts(Component):
    """The PrometheusRule of a database, apart from the database, which needs no cluster.

    The metrics come from a ``CloudWatchExporter`` with the jobs of
    ``components.database.rds.alerts.cloudwatch_jobs``. ``opts`` bring the provider, and put the
    component behind the monitoring operator's definitions.
    """

    def __init__(self, name: str, args: DatabaseAlertsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        rule = prometheus_rule(_RULE, args.namespace, alert_groups(args.instances, args.limits), args.runbook_base_url)
        declare(self.child_name("rule"), rule, self.child_options())
        self.register_outputs({})
