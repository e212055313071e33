"""Alerts about NATS: leaders, lag, dead letters, copies, storage.

Metrics are those of the exporter with ``-prefix=nats -jsz=all``. Every server reports every stream that
it holds, and a consumer's figures are 0 where its leader is not: hence ``max by``.
"""

from __future__ import annotations

from typing import Final

from components.alerts import Alert, AlertGroup, Severity
from components.messaging.nats.backup_alerts import BACKUPS
from components.messaging.nats.copy_alerts import COPIES

_DEAD_LETTERS: Final = '{stream_name=~".+-dlq"}'
# Dead-letter streams drop their oldest entries when full: that is what they are told to do.
_WORK: Final = '{stream_name!~".+-dlq"}'
_VOLUMES: Final = '{persistentvolumeclaim=~"nats-js-nats-.+"}'
_STREAM: Final = "namespace, account_name, stream_name"

_LEADERSHIP: Final = (
    Alert(
        name="NatsClusterWithoutLeader",
        expr=(
            'count by (namespace, cluster) (nats_server_jetstream_disabled{is_meta_leader="false", meta_leader=""})'
            ' unless count by (namespace, cluster) (nats_server_jetstream_disabled{meta_leader!=""})'
        ),
        wait="30s",
        severity=Severity.P1,
        summary="NATS cluster {{ $labels.cluster }} has no JetStream leader",
        description="{{ $value }} server(s) in {{ $labels.namespace }} see no meta leader: no stream or consumer can be changed.",
        runbook="nats-without-leader",
    ),
    Alert(
        name="NatsStreamWithoutLeader",
        expr=(
            f'count by ({_STREAM}) (nats_stream_total_messages{{is_stream_leader="false", stream_leader=""}})'
            f' unless count by ({_STREAM}) (nats_stream_total_messages{{stream_leader!=""}})'
        ),
        wait="30s",
        severity=Severity.P1,
        summary="Stream {{ $labels.stream_name }} has no leader",
        description="{{ $value }} server(s) hold stream {{ $labels.stream_name }} and none sees a leader: publishing to it fails.",
        runbook="nats-without-leader",
    ),
    Alert(
        name="NatsServerMissing",
        expr=('kube_statefulset_replicas{statefulset="nats"} - kube_statefulset_status_replicas_ready{statefulset="nats"} > 0'),
        wait="5m",
        severity=Severity.P2,
        summary="{{ $value }} NATS server(s) are not ready",
        description="{{ $labels.namespace }}/{{ $labels.statefulset }} lacks {{ $value }} server(s); one more may cost the quorum.",
        runbook="nats-recovery",
    ),
    Alert(
        name="NatsMetricsMissing",
        expr="absent(nats_server_jetstream_disabled)",
        wait="5m",
        severity=Severity.P2,
        summary="No NATS server reports metrics",
        description="Either all servers are down or the scrape is broken; until one reports, the other NATS alerts are blind.",
        runbook="nats-recovery",
    ),
)

_DELIVERY: Final = (
    Alert(
        name="NatsConsumerLagHigh",
        expr="max by (stream_name, consumer_name) (nats_consumer_num_pending) > 100000",
        wait="2m",
        severity=Severity.P2,
        summary="Consumer {{ $labels.consumer_name }} of {{ $labels.stream_name }} is {{ $value | humanize }} messages behind",
        description="More than 100,000 messages wait (86 s of 1,157 messages/s): consumers are too slow, too few or stopped.",
        runbook="nats-consumer-lag",
    ),
    Alert(
        name="NatsDeadLetterRatioHigh",
        expr=(
            f"label_replace(max by (stream_name) (increase(nats_stream_last_seq{_DEAD_LETTERS}[5m])),"
            ' "stream_name", "$1", "stream_name", "(.+)-dlq")'
            " / sum by (stream_name) (max by (stream_name, consumer_name) (increase(nats_consumer_delivered_consumer_seq[5m]))) > 0.01"
        ),
        wait="1m",
        severity=Severity.P2,
        summary="{{ $value | humanizePercentage }} of the deliveries of {{ $labels.stream_name }} end as dead letters",
        description="More than 1 % of what stream {{ $labels.stream_name }} delivered in five minutes was given up.",
        runbook="nats-dead-letters",
    ),
    Alert(
        name="NatsDeadLettersGrowing",
        expr=(
            f"max by (stream_name) (nats_stream_total_messages{_DEAD_LETTERS}) > 0"
            f" and max by (stream_name) (increase(nats_stream_last_seq{_DEAD_LETTERS}[15m])) > 0"
        ),
        wait="5m",
        severity=Severity.P3,
        summary="{{ $labels.stream_name }} holds {{ $value | humanize }} dead letters and grows",
        description="Messages keep being given up; {{ $labels.stream_name }} holds their stream sequences for 30 days.",
        runbook="nats-dead-letters",
    ),
)

_STORAGE: Final = (
    Alert(
        name="NatsVolumeFilling",
        expr=f"kubelet_volume_stats_used_bytes{_VOLUMES} / kubelet_volume_stats_capacity_bytes{_VOLUMES} > 0.85",
        wait="5m",
        severity=Severity.P1,
        summary="NATS volume {{ $labels.persistentvolumeclaim }} is {{ $value | humanizePercentage }} full",
        description="Volume {{ $labels.persistentvolumeclaim }} in {{ $labels.namespace }} is above 85 %; a full one stops the server.",
        runbook="nats-volume-filling",
    ),
    Alert(
        name="NatsJetStreamStorageFilling",
        expr="max by (namespace, server_name) (nats_server_total_message_bytes / nats_server_max_storage) > 0.85",
        wait="5m",
        severity=Severity.P2,
        summary="JetStream of {{ $labels.server_name }} uses {{ $value | humanizePercentage }} of its storage",
        description="Server {{ $labels.server_name }} nears the storage that JetStream may use; at the limit it refuses to store.",
        runbook="nats-volume-filling",
    ),
    Alert(
        name="NatsStreamFilling",
        expr=(f"max by ({_STREAM}) (nats_stream_total_bytes{_WORK} / nats_stream_limit_bytes{_WORK}) > 0.85"),
        wait="10m",
        severity=Severity.P2,
        summary="Stream {{ $labels.stream_name }} uses {{ $value | humanizePercentage }} of max_bytes",
        description="At its limit a stream refuses publishers (discard: new) or drops its oldest messages (discard: old).",
        runbook="nats-volume-filling",
    ),
)

ALERTS: Final = (
    AlertGroup(name="nats-leadership", alerts=_LEADERSHIP),
    AlertGroup(name="nats-delivery", alerts=_DELIVERY),
    AlertGroup(name="nats-backups", alerts=BACKUPS),
    AlertGroup(name="nats-copies", alerts=COPIES),
    AlertGroup(name="nats-storage", alerts=_STORAGE),
)
