"""Alerts about RabbitMQ in the cluster: quorum, alarms, dead letters, consumers.

Metrics are those of the Prometheus plugin: sums of each server at ``/metrics``, and at
``/metrics/detailed`` what the leader of a queue says of it, with the prefix ``rabbitmq_detailed``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from components.alerts import Alert, AlertGroup, Severity
from components.messaging.rabbitmq.identities import RABBITMQ
from components.messaging.rabbitmq.model import OperatorSettings
from components.messaging.rabbitmq.resources import dead_letter_queue

_SERVERS: Final = f'{{statefulset="{RABBITMQ}-server"}}'
_VOLUMES: Final = f'{{persistentvolumeclaim=~"persistence-{RABBITMQ}-server-.+"}}'
_QUEUE: Final = "vhost, queue"
_DEAD_LETTERS: Final = '{queue=~".+-dlq"}'
_DROPPED: Final = '{dead_letter_strategy="disabled"}'
_WORK: Final = '{queue!~".+-dlq"}'

# Queues are asked for by a path of their own, which says who the server is once more.
_RUNNING: Final = 'count by (namespace) (rabbitmq_build_info{metrics_path=""})'

_QUORUM: Final = (
    Alert(
        name="RabbitmqWithoutQuorum",
        expr=f"kube_statefulset_status_replicas_ready{_SERVERS} <= kube_statefulset_replicas{_SERVERS} / 2",
        wait="1m",
        severity=Severity.P1,
        summary="RabbitMQ has no majority: {{ $value }} server(s) of {{ $labels.statefulset }} are ready",
        description="Without a majority no quorum queue takes or hands out a message; what was confirmed is on the volumes.",
        runbook="rabbitmq-without-quorum",
    ),
    Alert(
        name="RabbitmqServerMissing",
        expr=f"kube_statefulset_replicas{_SERVERS} - kube_statefulset_status_replicas_ready{_SERVERS} > 0",
        wait="5m",
        severity=Severity.P2,
        summary="{{ $value }} RabbitMQ server(s) are not ready",
        description="{{ $labels.namespace }}/{{ $labels.statefulset }} lacks {{ $value }} server(s); one more may cost the quorum.",
        runbook="rabbitmq-server-missing",
    ),
    Alert(
        name="RabbitmqPartitioned",
        expr=(f"(count by (namespace) (erlang_vm_dist_node_state == 3) or 0 * {_RUNNING}) < {_RUNNING} * ({_RUNNING} - 1)"),
        wait="5m",
        severity=Severity.P2,
        summary="RabbitMQ servers in {{ $labels.namespace }} have only {{ $value }} connections among each other",
        description="Each has to be connected to every other; a server that sees no majority stops serving until it does.",
        runbook="rabbitmq-without-quorum",
    ),
    Alert(
        name="RabbitmqMetricsMissing",
        expr="absent(rabbitmq_build_info)",
        wait="5m",
        severity=Severity.P2,
        summary="No RabbitMQ server reports metrics",
        description="Either all servers are down or the scrape is broken; until one reports, the other RabbitMQ alerts are blind.",
        runbook="rabbitmq-server-missing",
    ),
)

_ALARMS: Final = (
    Alert(
        name="RabbitmqMemoryAlarm",
        expr="max by (namespace, pod) (rabbitmq_alarms_memory_used_watermark) > 0",
        wait="1m",
        severity=Severity.P1,
        summary="{{ $labels.pod }} is out of memory: all publishers are blocked",
        description="Server {{ $labels.pod }} in {{ $labels.namespace }} uses more than its watermark; publishers of every server wait.",
        runbook="rabbitmq-memory-alarm",
    ),
    Alert(
        name="RabbitmqDiskAlarm",
        expr="max by (namespace, pod) (rabbitmq_alarms_free_disk_space_watermark) > 0",
        wait="1m",
        severity=Severity.P1,
        summary="{{ $labels.pod }} is out of disk: all publishers are blocked",
        description="Server {{ $labels.pod }} in {{ $labels.namespace }} is below disk_free_limit; publishers of every server wait.",
        runbook="rabbitmq-disk-alarm",
    ),
    Alert(
        name="RabbitmqVolumeFilling",
        expr=f"kubelet_volume_stats_used_bytes{_VOLUMES} / kubelet_volume_stats_capacity_bytes{_VOLUMES} > 0.7",
        wait="5m",
        severity=Severity.P2,
        summary="RabbitMQ volume {{ $labels.persistentvolumeclaim }} is {{ $value | humanizePercentage }} full",
        description="At 90 % all publishers are blocked. Queues may fill half of the volume, so more than 70 % is not only messages.",
        runbook="rabbitmq-disk-alarm",
    ),
    Alert(
        name="RabbitmqFileDescriptorsRunningOut",
        expr="max by (namespace, pod) (rabbitmq_process_open_fds / rabbitmq_process_max_fds) > 0.8",
        wait="10m",
        severity=Severity.P2,
        summary="{{ $labels.pod }} uses {{ $value | humanizePercentage }} of its file descriptors",
        description="Without any left a server takes no connections; most are connections of clients that do not share them.",
        runbook="rabbitmq-connections",
    ),
)

_DELIVERY: Final = (
    Alert(
        name="RabbitmqDeadLettersGrowing",
        expr=(
            f"max by ({_QUEUE}) (rabbitmq_detailed_queue_messages{_DEAD_LETTERS}) > 0"
            f" and max by ({_QUEUE}) (delta(rabbitmq_detailed_queue_messages{_DEAD_LETTERS}[15m])) > 0"
        ),
        wait="5m",
        severity=Severity.P3,
        summary="{{ $labels.queue }} of {{ $labels.vhost }} holds {{ $value | humanize }} dead letters and grows",
        description="Messages keep being rejected, expiring or failing; once {{ $labels.queue }} is full they fill their own queue.",
        runbook="rabbitmq-dead-letters",
    ),
    Alert(
        name="RabbitmqDeadLetterRatioHigh",
        expr=(
            "sum by (namespace) (rate(rabbitmq_global_messages_dead_lettered_confirmed_total[5m]))"
            " / sum by (namespace) (rate(rabbitmq_global_messages_delivered_consume_manual_ack_total[5m])) > 0.01"
        ),
        wait="1m",
        severity=Severity.P2,
        summary="{{ $value | humanizePercentage }} of RabbitMQ's deliveries end as dead letters",
        description="More than 1 % of what was delivered in five minutes was given up.",
        runbook="rabbitmq-dead-letters",
    ),
    Alert(
        name="RabbitmqDeadLettersLost",
        expr=f"sum by (namespace) (increase(rabbitmq_global_messages_dead_lettered_rejected_total{_DROPPED}[10m])) > 0",
        wait="1m",
        severity=Severity.P1,
        summary="{{ $value | humanize }} rejected messages were dropped",
        description="A queue has no dead-letter exchange, or one that is not there: it was not declared by the platform, or was changed.",
        runbook="rabbitmq-dead-letters",
    ),
    Alert(
        name="RabbitmqQueueWithoutConsumers",
        expr=(
            f"max by ({_QUEUE}) (rabbitmq_detailed_queue_messages_ready{_WORK}) > 0"
            f" unless max by ({_QUEUE}) (rabbitmq_detailed_queue_consumers{_WORK}) > 0"
        ),
        wait="10m",
        severity=Severity.P2,
        summary="{{ $value | humanize }} messages wait in {{ $labels.queue }} of {{ $labels.vhost }}, which nobody consumes",
        description="All consumers of {{ $labels.queue }} are gone; at maxBytes its publishers are refused.",
        runbook="rabbitmq-consumers",
    ),
    Alert(
        name="RabbitmqQueueGrowing",
        expr=f"max by ({_QUEUE}) (rabbitmq_detailed_queue_messages_ready{_WORK}) > 100000",
        wait="2m",
        severity=Severity.P2,
        summary="{{ $value | humanize }} messages wait in {{ $labels.queue }} of {{ $labels.vhost }}",
        description="Consumers are too slow or too few; at maxBytes publishers are refused.",
        runbook="rabbitmq-consumers",
    ),
    Alert(
        name="RabbitmqMessagesUnacknowledged",
        expr=f"max by ({_QUEUE}) (rabbitmq_detailed_queue_messages_unacked{_WORK}) > 10000",
        wait="15m",
        severity=Severity.P3,
        summary="{{ $value | humanize }} messages of {{ $labels.queue }} of {{ $labels.vhost }} are not acknowledged",
        description="Consumers hold them and do not finish; they keep the queue's log on disk, and return when the consumers end.",
        runbook="rabbitmq-consumers",
    ),
    Alert(
        name="RabbitmqMessagesUnroutable",
        expr=(
            "sum by (namespace) (increase(rabbitmq_global_messages_unroutable_dropped_total[5m])"
            " + increase(rabbitmq_global_messages_unroutable_returned_total[5m])) > 0"
        ),
        wait="1m",
        severity=Severity.P2,
        summary="{{ $value | humanize }} messages in five minutes matched no queue",
        description="No binding matches their routing key: they are confirmed and gone unless the publisher set mandatory.",
        runbook="rabbitmq-unroutable",
    ),
)


def alert_groups(settings: OperatorSettings) -> Sequence[AlertGroup]:
    """The alerts; a queue of the settings that nobody leads has one, too."""
    return (
        AlertGroup(name="rabbitmq-quorum", alerts=[*_QUORUM, *_of_queues(settings)]),
        AlertGroup(name="rabbitmq-alarms", alerts=_ALARMS),
        AlertGroup(name="rabbitmq-delivery", alerts=_DELIVERY),
    )


def _of_queues(settings: OperatorSettings) -> Sequence[Alert]:
    """Only its leader speaks of a queue."""
    names = [(vhost, each) for vhost, of in settings.vhosts.items() for queue in of.queues for each in (queue, dead_letter_queue(queue))]
    if not names:
        return ()
    expr = " or ".join(f'absent(rabbitmq_detailed_queue_messages{{vhost="{vhost}", queue="{queue}"}})' for vhost, queue in names)
    return (
        Alert(
            name="RabbitmqQueueWithoutLeader",
            # Without any metrics each of them would be said to have none.
            expr=f"({expr}) and on () rabbitmq_build_info",
            wait="2m",
            severity=Severity.P1,
            summary="Queue {{ $labels.queue }} of {{ $labels.vhost }} has no leader",
            description="Fewer than half of the servers that hold {{ $labels.queue }} work, or it was deleted: publishing to it fails.",
            runbook="rabbitmq-without-quorum",
        ),
    )
