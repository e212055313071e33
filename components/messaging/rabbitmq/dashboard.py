"""The dashboard of RabbitMQ: queue depth, dead letters, consumers, memory and disk (OBS-023)."""

from __future__ import annotations

from typing import Final

from components.observability.dashboards import Dashboard, Panel

_OF_QUEUE: Final = "{{vhost}} / {{queue}}"

DASHBOARD: Final = Dashboard(
    name="rabbitmq",
    title="RabbitMQ",
    panels=(
        Panel(
            title="Messages that wait, by queue",
            expr='max by (vhost, queue) (rabbitmq_detailed_queue_messages_ready{queue!~".+-dlq"})',
            legend=_OF_QUEUE,
        ),
        Panel(
            title="Dead letters, by queue",
            expr='max by (vhost, queue) (rabbitmq_detailed_queue_messages{queue=~".+-dlq"})',
            legend=_OF_QUEUE,
        ),
        Panel(
            title="Deliveries awaiting acknowledgement, by queue",
            expr="max by (vhost, queue) (rabbitmq_detailed_queue_messages_unacked)",
            legend=_OF_QUEUE,
        ),
        Panel(title="Consumers, by queue", expr="max by (vhost, queue) (rabbitmq_detailed_queue_consumers)", legend=_OF_QUEUE),
        Panel(
            title="Messages confirmed to publishers per second, by server",
            expr="sum by (pod) (rate(rabbitmq_global_messages_confirmed_total[5m]))",
            legend="{{pod}}",
            unit="ops",
        ),
        Panel(
            title="Messages acknowledged by consumers per second, by server",
            expr="sum by (pod) (rate(rabbitmq_global_messages_acknowledged_total[5m]))",
            legend="{{pod}}",
            unit="ops",
        ),
        Panel(
            title="Dead letters per second, by reason",
            expr='sum by (__name__) (rate({__name__=~"rabbitmq_global_messages_dead_lettered_.+_total"}[5m]))',
            legend="{{__name__}}",
            unit="ops",
        ),
        Panel(
            title="Memory against the watermark, by server",
            expr="max by (pod) (rabbitmq_process_resident_memory_bytes / rabbitmq_resident_memory_limit_bytes)",
            legend="{{pod}}",
            unit="percentunit",
        ),
        Panel(
            title="Free disk space, by server",
            expr="min by (pod) (rabbitmq_disk_space_available_bytes)",
            legend="{{pod}}",
            unit="bytes",
        ),
        Panel(title="Client connections, by server", expr="sum by (pod) (rabbitmq_connections)", legend="{{pod}}"),
    ),
)
