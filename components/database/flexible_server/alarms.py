"""Azure Monitor alerts of a database and the action group that they reach people through.

They work when the cluster, and Prometheus with it, does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import monitor

from components.base import Component
from components.database.flexible_server.arguments import SERVER_TYPE, FlexiblePostgresArgs
from components.database.flexible_server.sizing import low_storage_percent

# Action groups and alerts have no region.
_EVERYWHERE: Final = "global"
_SHORT_NAME: Final = 12
_ERROR, _WARNING = 1, 2


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """A metric of the server on the wrong side of ``threshold`` for ``minutes`` minutes.

    ``minutes`` is one of the windows that Azure Monitor has: 1, 5, 15, 30 or 60.
    """

    role: str
    metric: str
    aggregation: monitor.AggregationTypeEnum
    operator: monitor.Operator
    threshold: float
    minutes: int
    severity: int
    description: str


def alarms_of(args: FlexiblePostgresArgs) -> Sequence[Alarm]:
    """The alarms of a server (ALERT-006, ALERT-007); whether it answers is one of them, since its silence is told by no other."""
    server, limits = args.server_name, args.limits
    storage = low_storage_percent(args.settings.storage_gib)
    average, above = monitor.AggregationTypeEnum.AVERAGE, monitor.Operator.GREATER_THAN
    return (
        Alarm(
            role="alive",
            metric="is_db_alive",
            aggregation=monitor.AggregationTypeEnum.MAXIMUM,
            operator=monitor.Operator.LESS_THAN,
            threshold=1,
            minutes=5,
            severity=_ERROR,
            description=f"{server} has not answered for 5 minutes.",
        ),
        Alarm(
            role="connections",
            metric="active_connections",
            aggregation=average,
            operator=above,
            threshold=limits.high,
            minutes=5,
            severity=_WARNING,
            description=f"{server} has used more than 90 % of its {limits.most} connections for 5 minutes.",
        ),
        Alarm(
            role="storage",
            metric="storage_percent",
            aggregation=average,
            operator=above,
            threshold=storage,
            minutes=15,
            severity=_ERROR,
            description=f"{server} has used more than {storage} % of its storage for 15 minutes and did not grow.",
        ),
        Alarm(
            role="cpu",
            metric="cpu_percent",
            aggregation=average,
            operator=above,
            threshold=90,
            minutes=15,
            severity=_WARNING,
            description=f"{server} has used more than 90 % of its CPU for 15 minutes.",
        ),
    )


def create_action_group(component: Component, args: FlexiblePostgresArgs) -> monitor.ActionGroup:
    """The action group of a database's alarms and who is told."""
    return monitor.ActionGroup(
        component.child_name("alarms"),
        # As keywords: the SDK has two classes ActionGroupArgs, and hands out the other.
        action_group_name=f"{args.server_name}-alarms",
        resource_group_name=args.location.resource_group,
        location=_EVERYWHERE,
        # What text messages and some mails call it.
        group_short_name=args.server_name[:_SHORT_NAME].rstrip("-"),
        enabled=True,
        email_receivers=[
            monitor.MicrosoftCommonEmailReceiverArgs(name=email, email_address=email, use_common_alert_schema=True)
            for email in args.settings.alarms.emails
        ],
        tags=args.location.tags,
        opts=component.child_options(),
    )


def create_alarms(
    component: Component, args: FlexiblePostgresArgs, *, receivers: Sequence[pulumi.Input[str]], server_id: pulumi.Input[str]
) -> None:
    """The alarms of a server, and one for what Azure itself knows of its health; ``receivers`` are ids of action groups."""
    for alarm in alarms_of(args):
        monitor.MetricAlert(
            component.child_name(f"alarm-{alarm.role}"),
            monitor.MetricAlertArgs(
                rule_name=f"{args.server_name}-{alarm.role}",
                resource_group_name=args.location.resource_group,
                location=_EVERYWHERE,
                description=alarm.description,
                severity=alarm.severity,
                enabled=True,
                scopes=[server_id],
                target_resource_type=SERVER_TYPE,
                target_resource_region=args.location.location,
                evaluation_frequency="PT1M",
                window_size=f"PT{alarm.minutes}M",
                auto_mitigate=True,
                criteria=monitor.MetricAlertSingleResourceMultipleMetricCriteriaArgs(
                    odata_type="Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
                    all_of=[
                        monitor.MetricCriteriaArgs(
                            criterion_type="StaticThresholdCriterion",
                            name=alarm.role,
                            metric_namespace=SERVER_TYPE,
                            metric_name=alarm.metric,
                            operator=alarm.operator,
                            threshold=alarm.threshold,
                            time_aggregation=alarm.aggregation,
                        )
                    ],
                ),
                actions=[monitor.MetricAlertActionArgs(action_group_id=receiver) for receiver in receivers],
                tags=args.location.tags,
            ),
            component.child_options(),
        )
    _create_health_alarm(component, args, receivers=receivers, server_id=server_id)


def _create_health_alarm(
    component: Component, args: FlexiblePostgresArgs, *, receivers: Sequence[pulumi.Input[str]], server_id: pulumi.Input[str]
) -> None:
    monitor.ActivityLogAlert(
        component.child_name("alarm-health"),
        monitor.ActivityLogAlertArgs(
            activity_log_alert_name=f"{args.server_name}-health",
            resource_group_name=args.location.resource_group,
            location=_EVERYWHERE,
            description=f"Azure says that {args.server_name}, or its standby, is not healthy, or that it is again.",
            enabled=True,
            scopes=[server_id],
            condition=monitor.AlertRuleAllOfConditionArgs(
                all_of=[monitor.AlertRuleAnyOfOrLeafConditionArgs(field="category", equals="ResourceHealth")]
            ),
            actions=monitor.ActionListArgs(action_groups=[monitor.ActionGroupArgs(action_group_id=receiver) for receiver in receivers]),
            tags=args.location.tags,
        ),
        component.child_options(),
    )
