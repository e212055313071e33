"""Promtool cases of the alerts about a broker of Amazon MQ."""

from __future__ import annotations

from typing import Final

from components.alerts import AlertGroup
from components.messaging.amazon_mq.alerts import alert_groups
from tests.alerts.cases import Case, fires, silent

BROKER: Final = "plinth-production"
GROUPS: Final[tuple[AlertGroup, ...]] = tuple(alert_groups(BROKER))
LABELS: Final = {"dimension_Broker": BROKER}


def series(metric: str, broker: str = BROKER, pod: str = "cloudwatch-exporter-1") -> str:
    where = f'account_id="111122223333", region="eu-west-1", name="{broker}", dimension_Broker="{broker}"'
    return f'aws_amazonmq_{metric}{{{where}, pod="{pod}"}}'


USED: Final = series("rabbit_mqmem_used_maximum")
MEMORY: Final = series("rabbit_mqmem_limit_minimum")
FREE: Final = series("rabbit_mqdisk_free_minimum")
DISK: Final = series("rabbit_mqdisk_free_limit_maximum")
READY: Final = series("message_ready_count_maximum")
CONSUMERS: Final = series("consumer_count_maximum")

CASES: Final[tuple[Case, ...]] = (
    fires("AmazonMqMemoryAlarm", {USED: "1000x20", MEMORY: "1000x20"}, "3m", LABELS),
    silent("AmazonMqMemoryAlarm", {USED: "999x20", MEMORY: "1000x20"}, "10m"),
    fires("AmazonMqMemoryHigh", {USED: "801x30", MEMORY: "1000x30"}, "12m", LABELS),
    silent("AmazonMqMemoryHigh", {USED: "800x30", MEMORY: "1000x30"}, "20m"),
    fires("AmazonMqDiskAlarm", {FREE: "50x20", DISK: "50x20"}, "3m", LABELS),
    silent("AmazonMqDiskAlarm", {FREE: "51x20", DISK: "50x20"}, "10m"),
    fires("AmazonMqDiskLow", {FREE: "99x30", DISK: "50x30"}, "12m", LABELS),
    silent("AmazonMqDiskLow", {FREE: "100x30", DISK: "50x30"}, "20m"),
    fires("AmazonMqWithoutConsumers", {READY: "7x30", CONSUMERS: "0x30"}, "12m", LABELS),
    silent("AmazonMqWithoutConsumers", {READY: "7x30", CONSUMERS: "1x30"}, "20m"),
    silent("AmazonMqWithoutConsumers", {READY: "0x30", CONSUMERS: "0x30"}, "20m"),
    fires("AmazonMqMetricsMissing", {series("rabbit_mqmem_used_maximum", "somebody-elses"): "5x30"}, "16m", LABELS),
    silent("AmazonMqMetricsMissing", {USED: "5x30"}, "20m"),
)
