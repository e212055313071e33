"""Promtool cases of the NATS alerts. Series look as the exporter writes them: a label without a value is not there."""

from __future__ import annotations

from typing import Final

from components.messaging.nats import alerts
from tests.alerts.cases import Case, fires, silent


def meta(server: str, leader: str) -> str:
    led = f'meta_leader="{leader}", ' if leader else ""
    is_leader = str(leader == server).lower()
    where = f'namespace="messaging", cluster="nats", server_name="{server}"'
    return f'nats_server_jetstream_disabled{{{where}, {led}is_meta_leader="{is_leader}"}}'


BACKUP = {"namespace": "messaging", "cronjob": "nats-backup"}


def backups(metric: str) -> str:
    return f'kube_cronjob_{metric}{{namespace="messaging", cronjob="nats-backup"}}'


def copy(kind: str, metric: str, server: str = "nats-0") -> str:
    """A series of a mirror or source: of its leader, which is nats-0, or of a former one."""
    leads = "true" if server == "nats-0" else "false"
    labels = f'account_name="PLATFORM", stream_name="orders", {kind}_name="origin", server_name="{server}", is_stream_leader="{leads}"'
    return f"nats_stream_{kind}_{metric}{{{labels}}}"


def stream(metric: str, server: str, leader: str, name: str = "orders") -> str:
    led = f'stream_leader="{leader}", ' if leader else ""
    where = f'namespace="messaging", account_name="PLATFORM", stream_name="{name}", server_name="{server}"'
    return f'{metric}{{{where}, {led}is_stream_leader="{str(leader == server).lower()}"}}'


def consumer(metric: str, server: str) -> str:
    return f'{metric}{{stream_name="orders", consumer_name="shipping", server_name="{server}"}}'


def volume(kind: str, claim: str = "nats-js-nats-0", namespace: str = "messaging") -> str:
    return f'kubelet_volume_stats_{kind}_bytes{{namespace="{namespace}", persistentvolumeclaim="{claim}"}}'


def server(metric: str) -> str:
    return f'{metric}{{namespace="messaging", server_name="nats-0"}}'


CLUSTER: Final = {"namespace": "messaging", "cluster": "nats"}
STREAM: Final = {"namespace": "messaging", "account_name": "PLATFORM", "stream_name": "orders"}
SET: Final = '{namespace="messaging", statefulset="nats"}'

GROUPS: Final = alerts.ALERTS
CASES: Final[tuple[Case, ...]] = (
    fires(
        "NatsClusterWithoutLeader",
        {meta("nats-0", ""): "0x20", meta("nats-1", ""): "0x20", meta("nats-2", ""): "0x20"},
        "45s",
        CLUSTER,
        step="15s",
    ),
    # One server that is cut off sees no leader; the two others do.
    silent(
        "NatsClusterWithoutLeader",
        {meta("nats-0", ""): "0x20", meta("nats-1", "nats-1"): "0x20", meta("nats-2", "nats-1"): "0x20"},
        "5m",
        step="15s",
    ),
    # An election of 15 seconds.
    silent("NatsClusterWithoutLeader", {meta("nats-0", ""): "0 0 stale", meta("nats-0", "nats-1"): "_ _ 0x20"}, "1m", step="15s"),
    # A server alone, outside a cluster, leads itself and names nobody.
    silent(
        "NatsClusterWithoutLeader",
        {'nats_server_jetstream_disabled{namespace="messaging", server_name="nats-0", is_meta_leader="true"}': "0x20"},
        "5m",
    ),
    fires(
        "NatsStreamWithoutLeader",
        {stream("nats_stream_total_messages", "nats-0", ""): "5x20", stream("nats_stream_total_messages", "nats-1", ""): "5x20"},
        "45s",
        STREAM,
        step="15s",
    ),
    silent(
        "NatsStreamWithoutLeader",
        {
            stream("nats_stream_total_messages", "nats-0", ""): "5x20",
            stream("nats_stream_total_messages", "nats-1", "nats-2"): "5x20",
            stream("nats_stream_total_messages", "nats-2", "nats-2"): "5x20",
        },
        "5m",
        step="15s",
    ),
    silent(
        "NatsStreamWithoutLeader",
        {'nats_stream_total_messages{namespace="messaging", stream_name="orders", is_stream_leader="true"}': "5x20"},
        "5m",
    ),
    fires(
        "NatsServerMissing",
        {f"kube_statefulset_replicas{SET}": "3x20", f"kube_statefulset_status_replicas_ready{SET}": "2x20"},
        "6m",
        {"namespace": "messaging", "statefulset": "nats"},
    ),
    # A rolling restart takes one server at a time for less than five minutes.
    silent(
        "NatsServerMissing",
        {f"kube_statefulset_replicas{SET}": "3x20", f"kube_statefulset_status_replicas_ready{SET}": "2x3 3 2x3 3x10"},
        "10m",
    ),
    fires("NatsMetricsMissing", {"up": "1x20"}, "6m", {}),
    silent("NatsMetricsMissing", {meta("nats-0", "nats-0"): "0x20"}, "10m"),
    fires(
        "NatsConsumerLagHigh",
        {consumer("nats_consumer_num_pending", "nats-0"): "100001x20", consumer("nats_consumer_num_pending", "nats-1"): "0x20"},
        "5m",
        {"stream_name": "orders", "consumer_name": "shipping"},
    ),
    # Three servers that each report the same consumer are not three times the lag.
    silent("NatsConsumerLagHigh", {consumer("nats_consumer_num_pending", f"nats-{n}"): "100000x20" for n in range(3)}, "10m"),
    fires(
        "NatsDeadLetterRatioHigh",
        {
            stream("nats_stream_last_seq", "nats-0", "nats-0", "orders-dlq"): "0+2x20",
            stream("nats_stream_last_seq", "nats-1", "nats-0", "orders-dlq"): "0+2x20",
            consumer("nats_consumer_delivered_consumer_seq", "nats-0"): "0+100x20",
            consumer("nats_consumer_delivered_consumer_seq", "nats-1"): "0x20",
        },
        "10m",
        {"stream_name": "orders"},
    ),
    silent(
        "NatsDeadLetterRatioHigh",
        {
            stream("nats_stream_last_seq", "nats-0", "nats-0", "orders-dlq"): "0+1x20",
            stream("nats_stream_last_seq", "nats-1", "nats-0", "orders-dlq"): "0+1x20",
            consumer("nats_consumer_delivered_consumer_seq", "nats-0"): "0+100x20",
        },
        "10m",
    ),
    # Nothing delivered and nothing given up is not a ratio at all.
    silent(
        "NatsDeadLetterRatioHigh",
        {
            stream("nats_stream_last_seq", "nats-0", "nats-0", "orders-dlq"): "7x20",
            consumer("nats_consumer_delivered_consumer_seq", "nats-0"): "100x20",
        },
        "10m",
    ),
    fires(
        "NatsDeadLettersGrowing",
        {
            stream("nats_stream_total_messages", "nats-0", "nats-0", "orders-dlq"): "1+1x30",
            stream("nats_stream_last_seq", "nats-0", "nats-0", "orders-dlq"): "1+1x30",
        },
        "20m",
        {"stream_name": "orders-dlq"},
    ),
    silent(
        "NatsDeadLettersGrowing",
        {
            stream("nats_stream_total_messages", "nats-0", "nats-0", "orders-dlq"): "4x60",
            stream("nats_stream_last_seq", "nats-0", "nats-0", "orders-dlq"): "4x60",
        },
        "40m",
    ),
    fires(
        "NatsMirrorLagHigh",
        {copy("mirror", "lag"): "10001x30", copy("mirror", "lag", "nats-1"): "20000x30"},
        "15m",
        {"account_name": "PLATFORM", "stream_name": "orders", "mirror_name": "origin"},
    ),
    silent("NatsMirrorLagHigh", {copy("mirror", "lag"): "10000x30", copy("mirror", "lag", "nats-1"): "20000x30"}, "20m"),
    fires(
        "NatsMirrorSilent",
        {copy("mirror", "active_duration_ns"): "121000000000x30"},
        "4m",
        {"account_name": "PLATFORM", "stream_name": "orders", "mirror_name": "origin"},
    ),
    fires(
        "NatsMirrorSilent",
        {copy("mirror", "active_duration_ns"): "-1x30"},
        "4m",
        {"account_name": "PLATFORM", "stream_name": "orders", "mirror_name": "origin"},
    ),
    silent(
        "NatsMirrorSilent",
        {copy("mirror", "active_duration_ns"): "1000000000x30", copy("mirror", "active_duration_ns", "nats-1"): "999000000000x30"},
        "20m",
    ),
    fires(
        "NatsSourceLagHigh",
        {copy("source", "lag"): "10001x30"},
        "15m",
        {"account_name": "PLATFORM", "stream_name": "orders", "source_name": "origin"},
    ),
    silent("NatsSourceLagHigh", {copy("source", "lag"): "10000x30"}, "20m"),
    fires(
        "NatsSourceSilent",
        {copy("source", "active_duration_ns"): "121000000000x30"},
        "4m",
        {"account_name": "PLATFORM", "stream_name": "orders", "source_name": "origin"},
    ),
    silent("NatsSourceSilent", {copy("source", "active_duration_ns"): "1000000000x30"}, "20m"),
    fires(
        "NatsLinkCertificateRenewed",
        {'certmanager_certificate_expiration_timestamp_seconds{name="leaf-dr-nats-tls"}': "31536000x90"},
        "80m",
        {"name": "leaf-dr-nats-tls"},
    ),
    silent(
        "NatsLinkCertificateRenewed",
        {
            'certmanager_certificate_expiration_timestamp_seconds{name="leaf-dr-nats-tls"}': "30326400x90",
            'certmanager_certificate_expiration_timestamp_seconds{name="nats-server-tls"}': "31536000x90",
        },
        "80m",
    ),
    fires(
        "NatsBackupFailed",
        {'kube_job_failed{namespace="messaging", job_name="nats-backup-29384756", condition="true"}': "1x30"},
        "10m",
        {"namespace": "messaging", "job_name": "nats-backup-29384756"},
    ),
    silent(
        "NatsBackupFailed",
        {
            'kube_job_failed{namespace="messaging", job_name="nats-backup-29384756", condition="true"}': "0x30",
            'kube_job_failed{namespace="messaging", job_name="nats-restore-1", condition="true"}': "1x30",
        },
        "20m",
    ),
    fires(
        "NatsBackupFailed",
        {
            'kube_job_failed{namespace="messaging", job_name="nats-backup-29384756", condition="true"}': "1x30",
            'kube_job_created{namespace="messaging", job_name="nats-backup-29384756"}': "90000x30",
            backups("status_last_successful_time"): "3600x30",
        },
        "10m",
        {"namespace": "messaging", "job_name": "nats-backup-29384756"},
    ),
    silent(
        "NatsBackupFailed",
        {
            'kube_job_failed{namespace="messaging", job_name="nats-backup-29384756", condition="true"}': "1x30",
            'kube_job_created{namespace="messaging", job_name="nats-backup-29384756"}': "90000x30",
            backups("status_last_successful_time"): "97200x30",
        },
        "20m",
    ),
    fires(
        "NatsBackupLate", {backups("status_last_successful_time"): "0x1700"}, "27h", {"namespace": "messaging", "cronjob": "nats-backup"}
    ),
    silent("NatsBackupLate", {backups("status_last_successful_time"): "0x1700"}, "25h"),
    fires("NatsBackupNeverMade", {backups("created"): "0x1700"}, "27h", BACKUP),
    silent("NatsBackupNeverMade", {backups("created"): "0x1700", backups("status_last_successful_time"): "90000x1700"}, "27h"),
    fires(
        "NatsVolumeFilling",
        {volume("used"): "86x20", volume("capacity"): "100x20"},
        "6m",
        {"namespace": "messaging", "persistentvolumeclaim": "nats-js-nats-0"},
    ),
    silent("NatsVolumeFilling", {volume("used"): "85x20", volume("capacity"): "100x20"}, "10m"),
    silent("NatsVolumeFilling", {volume("used", "data-postgres-0"): "99x20", volume("capacity", "data-postgres-0"): "100x20"}, "10m"),
    fires(
        "NatsJetStreamStorageFilling",
        {server("nats_server_total_message_bytes"): "86x20", server("nats_server_max_storage"): "100x20"},
        "6m",
        {"namespace": "messaging", "server_name": "nats-0"},
    ),
    silent(
        "NatsJetStreamStorageFilling",
        {server("nats_server_total_message_bytes"): "85x20", server("nats_server_max_storage"): "100x20"},
        "10m",
    ),
    fires(
        "NatsStreamFilling",
        {
            stream("nats_stream_total_bytes", "nats-0", "nats-0"): "86x20",
            stream("nats_stream_limit_bytes", "nats-0", "nats-0"): "100x20",
        },
        "11m",
        STREAM,
    ),
    # -1 is how the server says: without a limit.
    silent(
        "NatsStreamFilling",
        {
            stream("nats_stream_total_bytes", "nats-0", "nats-0"): "86x20",
            stream("nats_stream_limit_bytes", "nats-0", "nats-0"): "-1x20",
        },
        "20m",
    ),
    # A full dead-letter stream drops its oldest entries.
    silent(
        "NatsStreamFilling",
        {
            stream("nats_stream_total_bytes", "nats-0", "nats-0", "orders-dlq"): "99x20",
            stream("nats_stream_limit_bytes", "nats-0", "nats-0", "orders-dlq"): "100x20",
        },
        "20m",
    ),
)
