"""Promtool cases of the RabbitMQ alerts. Series look as the Prometheus plugin and kube-state-metrics write them."""

from __future__ import annotations

from typing import Final

from components.messaging.rabbitmq import alerts
from tests.alerts.cases import Case, fires, silent
from tests.components.messaging.rabbitmq.examples import SERVERS

SET: Final = '{namespace="messaging", statefulset="rabbitmq-server"}'
OF_SET: Final = {"namespace": "messaging", "statefulset": "rabbitmq-server"}
OF_SERVER: Final = {"namespace": "messaging", "pod": "rabbitmq-server-0"}
OF_QUEUE: Final = {"vhost": "shop", "queue": "shipping"}
OF_DEAD_LETTERS: Final = {"vhost": "shop", "queue": "shipping-dlq"}
EVERYWHERE: Final = {"namespace": "messaging"}


def server(metric: str, pod: int = 0) -> str:
    return f'{metric}{{namespace="messaging", pod="rabbitmq-server-{pod}"}}'


def queue(metric: str, name: str = "shipping", pod: int = 0) -> str:
    return f'rabbitmq_detailed_queue_{metric}{{namespace="messaging", pod="rabbitmq-server-{pod}", vhost="shop", queue="{name}"}}'


def link(pod: int, peer: int) -> str:
    return f'erlang_vm_dist_node_state{{namespace="messaging", pod="rabbitmq-server-{pod}", peer="rabbit@rabbitmq-server-{peer}"}}'


def volume(kind: str, claim: str = "persistence-rabbitmq-server-0") -> str:
    return f'kubelet_volume_stats_{kind}_bytes{{namespace="messaging", persistentvolumeclaim="{claim}"}}'


def dead(reason: str, strategy: str = "at_least_once") -> str:
    where = f'namespace="messaging", pod="rabbitmq-server-0", queue_type="rabbit_quorum_queue", dead_letter_strategy="{strategy}"'
    return f"rabbitmq_global_messages_dead_lettered_{reason}_total{{{where}}}"


def delivered(pod: int = 0) -> str:
    return f'rabbitmq_global_messages_delivered_consume_manual_ack_total{{namespace="messaging", pod="rabbitmq-server-{pod}"}}'


THREE: Final = {server("rabbitmq_build_info", pod): "1x60" for pod in range(3)} | {
    f'rabbitmq_build_info{{namespace="messaging", pod="rabbitmq-server-{pod}", metrics_path="/metrics/detailed"}}': "1x60"
    for pod in range(3)
}
MESH: Final = {link(pod, peer): "3x60" for pod in range(3) for peer in range(3) if pod != peer}
LED: Final = {queue("messages", name, pod): "0x60" for pod, name in enumerate(("shipping", "shipping-dlq"))}

GROUPS: Final = alerts.alert_groups(SERVERS.settings)
CASES: Final[tuple[Case, ...]] = (
    fires(
        "RabbitmqWithoutQuorum",
        {f"kube_statefulset_replicas{SET}": "3x20", f"kube_statefulset_status_replicas_ready{SET}": "1x20"},
        "3m",
        OF_SET,
    ),
    silent(
        "RabbitmqWithoutQuorum",
        {f"kube_statefulset_replicas{SET}": "3x20", f"kube_statefulset_status_replicas_ready{SET}": "2x20"},
        "10m",
    ),
    fires(
        "RabbitmqServerMissing",
        {f"kube_statefulset_replicas{SET}": "3x20", f"kube_statefulset_status_replicas_ready{SET}": "2x20"},
        "6m",
        OF_SET,
    ),
    # An upgrade that replaces one server in two minutes.
    silent(
        "RabbitmqServerMissing",
        {f"kube_statefulset_replicas{SET}": "3x20", f"kube_statefulset_status_replicas_ready{SET}": "2 2 2 3x17"},
        "10m",
    ),
    # One server sees nobody any more: two of six connections are left.
    fires("RabbitmqPartitioned", {**THREE, link(0, 1): "3x20", link(1, 0): "3x20", link(2, 0): "1x20"}, "6m", EVERYWHERE),
    # Nobody sees anybody.
    fires("RabbitmqPartitioned", {**THREE, link(0, 1): "1x20"}, "6m", EVERYWHERE),
    silent("RabbitmqPartitioned", {**THREE, **MESH}, "10m"),
    silent("RabbitmqPartitioned", {server("rabbitmq_build_info"): "1x20"}, "10m"),
    fires("RabbitmqMetricsMissing", {server("rabbitmq_build_info"): "1 stale"}, "10m", {}),
    silent("RabbitmqMetricsMissing", THREE, "10m"),
    fires("RabbitmqQueueWithoutLeader", {**THREE, queue("messages"): "0x20"}, "3m", OF_DEAD_LETTERS),
    silent("RabbitmqQueueWithoutLeader", {**THREE, **LED}, "10m"),
    # Its leader moves to another server.
    silent(
        "RabbitmqQueueWithoutLeader",
        {**THREE, queue("messages", "shipping-dlq"): "0x20", queue("messages"): "0 0 stale", queue("messages", pod=1): "_ _ _ 0x20"},
        "5m",
    ),
    # Without any metrics another alert speaks.
    silent("RabbitmqQueueWithoutLeader", {}, "10m"),
    fires("RabbitmqMemoryAlarm", {server("rabbitmq_alarms_memory_used_watermark"): "1x20"}, "3m", OF_SERVER),
    silent("RabbitmqMemoryAlarm", {server("rabbitmq_alarms_memory_used_watermark"): "0x20"}, "3m"),
    fires("RabbitmqDiskAlarm", {server("rabbitmq_alarms_free_disk_space_watermark"): "1x20"}, "3m", OF_SERVER),
    silent("RabbitmqDiskAlarm", {server("rabbitmq_alarms_free_disk_space_watermark"): "0x20"}, "3m"),
    fires(
        "RabbitmqVolumeFilling",
        {volume("used"): "71x20", volume("capacity"): "100x20"},
        "6m",
        {"namespace": "messaging", "persistentvolumeclaim": "persistence-rabbitmq-server-0"},
    ),
    silent("RabbitmqVolumeFilling", {volume("used"): "70x20", volume("capacity"): "100x20"}, "10m"),
    # Another one's volume.
    silent("RabbitmqVolumeFilling", {volume("used", "nats-js-nats-0"): "99x20", volume("capacity", "nats-js-nats-0"): "100x20"}, "10m"),
    fires(
        "RabbitmqFileDescriptorsRunningOut",
        {server("rabbitmq_process_open_fds"): "900x30", server("rabbitmq_process_max_fds"): "1000x30"},
        "12m",
        OF_SERVER,
    ),
    silent(
        "RabbitmqFileDescriptorsRunningOut",
        {server("rabbitmq_process_open_fds"): "800x30", server("rabbitmq_process_max_fds"): "1000x30"},
        "20m",
    ),
    fires("RabbitmqDeadLettersGrowing", {queue("messages", "shipping-dlq"): "0+1x60"}, "30m", OF_DEAD_LETTERS),
    # They are there, but no more come.
    silent("RabbitmqDeadLettersGrowing", {queue("messages", "shipping-dlq"): "7x60"}, "30m"),
    silent("RabbitmqDeadLettersGrowing", {queue("messages"): "0+100x60"}, "30m"),
    fires("RabbitmqDeadLetterRatioHigh", {dead("confirmed"): "0+2x20", delivered(): "0+100x20"}, "10m", EVERYWHERE),
    silent("RabbitmqDeadLetterRatioHigh", {dead("confirmed"): "0+1x20", delivered(): "0+100x20"}, "10m"),
    # The leader that gives up is not the server that delivers.
    silent("RabbitmqDeadLetterRatioHigh", {dead("confirmed"): "0+1x20", delivered(0): "0x20", delivered(1): "0+100x20"}, "10m"),
    fires("RabbitmqDeadLettersLost", {dead("rejected", "disabled"): "0 0 0 1x30"}, "6m", EVERYWHERE),
    silent("RabbitmqDeadLettersLost", {dead("rejected"): "0+1x30", dead("rejected", "disabled"): "0x30"}, "20m"),
    fires("RabbitmqQueueWithoutConsumers", {queue("messages_ready"): "5x30", queue("consumers"): "0x30"}, "12m", OF_QUEUE),
    silent("RabbitmqQueueWithoutConsumers", {queue("messages_ready"): "5x30", queue("consumers"): "1x30"}, "20m"),
    silent("RabbitmqQueueWithoutConsumers", {queue("messages_ready"): "0x30", queue("consumers"): "0x30"}, "20m"),
    # Nobody consumes dead letters.
    silent(
        "RabbitmqQueueWithoutConsumers",
        {queue("messages_ready", "shipping-dlq"): "5x30", queue("consumers", "shipping-dlq"): "0x30"},
        "20m",
    ),
    fires("RabbitmqQueueGrowing", {queue("messages_ready"): "100001x20"}, "4m", OF_QUEUE),
    silent("RabbitmqQueueGrowing", {queue("messages_ready"): "100000x20"}, "10m"),
    fires("RabbitmqMessagesUnacknowledged", {queue("messages_unacked"): "10001x30"}, "17m", OF_QUEUE),
    silent("RabbitmqMessagesUnacknowledged", {queue("messages_unacked"): "10000x30"}, "25m"),
    fires(
        "RabbitmqMessagesUnroutable",
        {
            server("rabbitmq_global_messages_unroutable_dropped_total"): "0+1x20",
            server("rabbitmq_global_messages_unroutable_returned_total"): "0x20",
        },
        "5m",
        EVERYWHERE,
    ),
    silent(
        "RabbitmqMessagesUnroutable",
        {
            server("rabbitmq_global_messages_unroutable_dropped_total"): "3x20",
            server("rabbitmq_global_messages_unroutable_returned_total"): "0x20",
        },
        "10m",
    ),
)
