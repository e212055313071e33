"""CloudWatch alarms of a database and the encrypted topic that they reach people through.

They work when the cluster, and Prometheus with it, does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.aws import AwsLocation, KeySpec, encryption_key
from components.base import Component
from components.database.rds.model import AlarmSettings
from components.database.rds.sizing import HIGH_LAG_SECONDS, DatabaseLimits

_PERIOD_SECONDS: Final = 60


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """A metric of ``AWS/RDS`` on the wrong side of ``threshold`` in each of ``minutes`` minutes.

    ``always`` is whether the metric is always there, so that its silence is told as well.
    """

    role: str
    metric: str
    statistic: str
    comparison: str
    threshold: float
    minutes: int
    description: str
    always: bool = True


def alarms_of(identifier: str, limits: DatabaseLimits) -> Sequence[Alarm]:
    """The alarms of any instance (ALERT-006, ALERT-007)."""
    return (
        Alarm(
            role="connections",
            metric="DatabaseConnections",
            statistic="Maximum",
            comparison="GreaterThanThreshold",
            threshold=limits.connections.high,
            minutes=5,
            description=f"{identifier} has used more than 90 % of its {limits.max_connections} connections for 5 minutes.",
        ),
        Alarm(
            role="storage",
            metric="FreeStorageSpace",
            statistic="Minimum",
            comparison="LessThanThreshold",
            threshold=limits.low_storage_bytes,
            minutes=15,
            description=(
                f"{identifier} has had less than 10 % of its initial {limits.allocated_gib} GiB free for 15 minutes and did not grow."
            ),
        ),
        Alarm(
            role="cpu",
            metric="CPUUtilization",
            statistic="Average",
            comparison="GreaterThanThreshold",
            threshold=90,
            minutes=15,
            description=f"{identifier} has used more than 90 % of its CPU for 15 minutes.",
        ),
    )


def lag_alarm(identifier: str) -> Alarm:
    """The alarm of an instance of a cluster; whichever is the writer has no lag and reports none."""
    return Alarm(
        role="lag",
        metric="ReplicaLag",
        statistic="Maximum",
        comparison="GreaterThanThreshold",
        threshold=HIGH_LAG_SECONDS,
        minutes=5,
        description=f"What is read from {identifier} has been more than {HIGH_LAG_SECONDS // 60} minutes old for 5 minutes.",
        always=False,
    )


def create_topic(component: Component, settings: AlarmSettings, *, identifier: str, location: AwsLocation, retain: bool) -> aws.sns.Topic:
    """The topic of a database's alarms and who is subscribed to it.

    CloudWatch cannot publish under the key that AWS manages, hence one of our own.
    """
    alarms_of_this_account = {
        "Sid": "AlarmsOfThisAccount",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": location.account_id}},
    }
    key = encryption_key(
        component,
        KeySpec(role="alarms-key", description=f"Encrypts the alarms of {identifier}", statements=[alarms_of_this_account]),
        location=location,
        retain=retain,
    )
    topic = aws.sns.Topic(
        component.child_name("alarms"),
        aws.sns.TopicArgs(name=f"{identifier}-alarms", kms_master_key_id=key.arn),
        component.child_options(),
    )
    for email in settings.emails:
        aws.sns.TopicSubscription(
            component.child_name(f"alarms-{email}"),
            aws.sns.TopicSubscriptionArgs(topic=topic.arn, protocol="email", endpoint=email),
            component.child_options(),
        )
    return topic


def create_alarms(
    component: Component,
    limits: DatabaseLimits,
    *,
    instances: Sequence[str],
    receivers: Sequence[pulumi.Input[str]],
    source: pulumi.Resource,
) -> None:
    """The alarms of ``instances``, which came with ``source``; several are those of a cluster.

    ``receivers`` are ARNs of SNS topics.
    """
    for number, identifier in enumerate(instances, start=1):
        clustered = len(instances) > 1
        alarms = (*alarms_of(identifier, limits), *([lag_alarm(identifier)] if clustered else []))
        for alarm in alarms:
            create_alarm(
                component,
                f"alarm-{alarm.role}-{number}" if clustered else f"alarm-{alarm.role}",
                alarm,
                name=f"{identifier}-{alarm.role}",
                dimensions={"DBInstanceIdentifier": identifier},
                receivers=receivers,
                source=source,
            )


def create_alarm(
    component: Component,
    role: str,
    alarm: Alarm,
    *,
    name: str,
    dimensions: Mapping[str, str],
    receivers: Sequence[pulumi.Input[str]],
    source: pulumi.Resource,
) -> None:
    """One alarm about what has ``dimensions`` and came with ``source``."""
    aws.cloudwatch.MetricAlarm(
        component.child_name(role),
        aws.cloudwatch.MetricAlarmArgs(
            name=name,
            alarm_description=alarm.description,
            namespace="AWS/RDS",
            metric_name=alarm.metric,
            dimensions=dimensions,
            statistic=alarm.statistic,
            period=_PERIOD_SECONDS,
            evaluation_periods=alarm.minutes,
            comparison_operator=alarm.comparison,
            threshold=alarm.threshold,
            treat_missing_data="missing" if alarm.always else "notBreaching",
            alarm_actions=receivers,
            ok_actions=receivers,
            insufficient_data_actions=receivers if alarm.always else [],
        ),
        component.child_options(depends_on=[source]),
    )
