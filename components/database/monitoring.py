"""The alerts of a database in the cluster's Prometheus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi

from components.alerts import AlertGroup
from components.base import Component
from components.kubernetes import declare
from components.observability.rules import prometheus_rule

_RULE: Final = "database"


@dataclass(frozen=True, kw_only=True)
class DatabaseAlertsArgs:
    """What is watched.

    Attributes:
        groups: the alerts, as the place of the database states them.
        namespace: where the PrometheusRule lies; it has to exist.
        runbook_base_url: address below which the runbooks lie.
    """

    groups: Sequence[AlertGroup]
    namespace: str
    runbook_base_url: str


class DatabaseAlerts(Component):
    """The PrometheusRule of a database, apart from the database, which needs no cluster.

    The metrics come from an exporter that is asked for them. ``opts`` bring the provider, and put the
    component behind the monitoring operator's definitions.
    """

    def __init__(self, name: str, args: DatabaseAlertsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        declare(self.child_name("rule"), prometheus_rule(_RULE, args.namespace, args.groups, args.runbook_base_url), self.child_options())
        self.register_outputs({})
