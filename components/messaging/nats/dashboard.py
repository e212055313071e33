"""The dashboard of NATS: queue depth, dead letters, failures and storage (OBS-023)."""

from __future__ import annotations

from typing import Final

from components.observability.dashboards import Dashboard, Panel

DASHBOARD: Final = Dashboard(
    name="nats",
    title="NATS JetStream",
    panels=(
        Panel(
            title="Messages that wait, by consumer",
            expr="max by (stream_name, consumer_name) (nats_consumer_num_pending)",
            legend="{{stream_name}} / {{consumer_name}}",
        ),
        Panel(
            title="Dead letters, by stream",
            expr='max by (stream_name) (nats_stream_total_messages{stream_name=~".+-dlq"})',
            legend="{{stream_name}}",
        ),
        Panel(
            title="Stored messages per second, by stream",
            expr='max by (stream_name) (rate(nats_stream_last_seq{stream_name!~".+-dlq"}[5m]))',
            legend="{{stream_name}}",
            unit="ops",
        ),
        Panel(
            title="Deliveries awaiting acknowledgement, by consumer",
            expr="max by (stream_name, consumer_name) (nats_consumer_num_ack_pending)",
            legend="{{stream_name}} / {{consumer_name}}",
        ),
        Panel(
            title="Messages delivered more than once, by consumer",
            expr="max by (stream_name, consumer_name) (nats_consumer_num_redelivered)",
            legend="{{stream_name}} / {{consumer_name}}",
        ),
        Panel(
            title="JetStream storage in use, by server",
            expr="max by (server_name) (nats_server_total_message_bytes / nats_server_max_storage)",
            legend="{{server_name}}",
            unit="percentunit",
        ),
        Panel(
            title="Stream size against max_bytes",
            expr="max by (stream_name) (nats_stream_total_bytes / nats_stream_limit_bytes)",
            legend="{{stream_name}}",
            unit="percentunit",
        ),
        Panel(
            title="Volume in use",
            expr=(
                'kubelet_volume_stats_used_bytes{persistentvolumeclaim=~"nats-js-nats-.+"}'
                ' / kubelet_volume_stats_capacity_bytes{persistentvolumeclaim=~"nats-js-nats-.+"}'
            ),
            legend="{{persistentvolumeclaim}}",
            unit="percentunit",
        ),
        Panel(
            title="Mirror lag",
            expr='max by (stream_name, mirror_name) (nats_stream_mirror_lag{is_stream_leader="true"})',
            legend="{{stream_name}} of {{mirror_name}}",
        ),
        Panel(
            title="Silence of mirrors' origins",
            expr='max by (stream_name, mirror_name) (nats_stream_mirror_active_duration_ns{is_stream_leader="true"})',
            legend="{{stream_name}} of {{mirror_name}}",
            unit="ns",
        ),
        Panel(
            title="Storage, by account",
            expr="max by (account_name) (nats_account_storage_used)",
            legend="{{account_name}}",
            unit="bytes",
        ),
        Panel(title="Client connections, by server", expr="sum by (pod) (nats_varz_connections)", legend="{{pod}}"),
    ),
)
