"""Alerts about a broker of Amazon MQ, and what the CloudWatch exporter has to ask for to feed them.

The exporter names a metric ``aws_amazonmq_<metric>_<statistic>``, with the namespace in small letters
before it looks for words, and its dimension ``dimension_Broker``. Of queues CloudWatch knows nothing since RabbitMQ 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from components.alerts import Alert, AlertGroup, Severity
from components.observability.cloudwatch.exporter import CloudWatchJob, CloudWatchMetric

_METRICS: Final = (
    CloudWatchMetric(name="RabbitMQMemUsed", statistic="Maximum"),
    CloudWatchMetric(name="RabbitMQMemLimit", statistic="Minimum"),
    CloudWatchMetric(name="RabbitMQDiskFree", statistic="Minimum"),
    CloudWatchMetric(name="RabbitMQDiskFreeLimit", statistic="Maximum"),
    CloudWatchMetric(name="MessageReadyCount", statistic="Maximum"),
    CloudWatchMetric(name="ConsumerCount", statistic="Maximum"),
)
_NEAR_MEMORY_LIMIT: Final = 0.8
_DISK_LIMITS_LEFT: Final = 2


def cloudwatch_job(broker: str) -> CloudWatchJob:
    """What the exporter has to fetch for the alerts of ``broker``."""
    return CloudWatchJob(name=broker, namespace="AWS/AmazonMQ", dimensions={"Broker": broker}, metrics=_METRICS)


def alert_groups(broker: str) -> Sequence[AlertGroup]:
    """The alerts of ``broker``."""
    memory, memory_limit = _worst("rabbit_mqmem_used_maximum", broker), _worst("rabbit_mqmem_limit_minimum", broker, least=True)
    free, free_limit = _worst("rabbit_mqdisk_free_minimum", broker, least=True), _worst("rabbit_mqdisk_free_limit_maximum", broker)
    ready, consumers = _worst("message_ready_count_maximum", broker), _worst("consumer_count_maximum", broker)
    return [
        AlertGroup(
            name="amazon-mq",
            alerts=[
                Alert(
                    name="AmazonMqMemoryAlarm",
                    expr=f"{memory} >= {memory_limit}",
                    wait="2m",
                    severity=Severity.P1,
                    summary=f"RabbitMQ on {broker} is out of memory: it uses {{{{ $value | humanize1024 }}}}B",
                    description="A node has reached its memory limit: every publisher is blocked until consumers make room.",
                    runbook="amazon-mq-resources",
                ),
                Alert(
                    name="AmazonMqMemoryHigh",
                    expr=f"{memory} > {_NEAR_MEMORY_LIMIT} * {memory_limit}",
                    wait="10m",
                    severity=Severity.P2,
                    summary=f"RabbitMQ on {broker} uses {{{{ $value | humanize1024 }}}}B of memory",
                    description="More than 80 % of a node's memory limit, at which publishers would be blocked.",
                    runbook="amazon-mq-resources",
                ),
                Alert(
                    name="AmazonMqDiskAlarm",
                    expr=f"{free} <= {free_limit}",
                    wait="2m",
                    severity=Severity.P1,
                    summary=f"RabbitMQ on {broker} is out of disk: {{{{ $value | humanize1024 }}}}B are left",
                    description="A node has reached its disk limit: every publisher is blocked until consumers make room.",
                    runbook="amazon-mq-resources",
                ),
                Alert(
                    name="AmazonMqDiskLow",
                    expr=f"{free} < {_DISK_LIMITS_LEFT} * {free_limit}",
                    wait="10m",
                    severity=Severity.P2,
                    summary=f"RabbitMQ on {broker} has {{{{ $value | humanize1024 }}}}B of disk left",
                    description="Less than twice the limit at which publishers would be blocked.",
                    runbook="amazon-mq-resources",
                ),
                Alert(
                    name="AmazonMqWithoutConsumers",
                    expr=f"{ready} > 0 and {consumers} == 0",
                    wait="10m",
                    severity=Severity.P2,
                    summary=f"Nobody consumes from RabbitMQ on {broker}, and {{{{ $value }}}} messages wait",
                    description="Every consumer has gone, or none can sign in.",
                    runbook="amazon-mq-without-consumers",
                ),
                Alert(
                    name="AmazonMqMetricsMissing",
                    expr=f'absent(aws_amazonmq_rabbit_mqmem_used_maximum{{dimension_Broker="{broker}"}})',
                    wait="15m",
                    severity=Severity.P2,
                    summary=f"CloudWatch has told nothing about RabbitMQ on {broker} for 15 minutes",
                    description="The broker is down, or the exporter cannot ask: no other alert about it can fire.",
                    runbook="amazon-mq-metrics-missing",
                ),
            ],
        )
    ]


def _worst(metric: str, broker: str, *, least: bool = False) -> str:
    # Without the pod of the exporter: its restart must not begin an alert's waiting anew.
    return f'{"min" if least else "max"} by (dimension_Broker) (aws_amazonmq_{metric}{{dimension_Broker="{broker}"}})'
