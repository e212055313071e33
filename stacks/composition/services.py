"""What runs in the cluster from its settings: certificates, messaging, metrics."""

from __future__ import annotations

from components.database.rds.alerts import cloudwatch_jobs
from components.database.rds.monitoring import DatabaseAlertsArgs
from components.database.rds.postgres import RdsPostgresArgs
from components.messaging.access import NatsClient
from components.messaging.model import StreamSettings
from components.messaging.nats import NatsArgs
from components.messaging.streams import Consumer, Stream
from components.observability.cloudwatch.exporter import CloudWatchExporterArgs
from components.observability.model import SecretKeySettings
from components.observability.prometheus import PrometheusStackArgs
from components.observability.routing import AlertRouting, SecretKey, Slack
from components.security.certificates import ISSUER, CertManagerArgs
from components.storage.aws.storage import RETAINED_CLASS
from components.tenancy.priorities import CRITICAL, PLATFORM
from facts.namespaces import AGENTS, CERTIFICATES, MESSAGING, OBSERVABILITY
from facts.quantity import format_quantity
from stacks.composition.namespaces import api_cidrs
from stacks.settings.tree import Settings


def certificate_args(settings: Settings) -> CertManagerArgs:
    """cert-manager; as many replicas as there are of Prometheus: what a tier spends on standing by."""
    return CertManagerArgs(
        namespace=CERTIFICATES,
        replicas=settings.observability.replicas,
        priority_class=CRITICAL,
        chart_mirror=settings.charts.mirror,
    )


def nats_args(settings: Settings) -> NatsArgs:
    """NATS with its streams and clients."""
    nats = settings.nats
    return NatsArgs(
        namespace=MESSAGING,
        servers=nats.servers,
        volume=format_quantity(nats.storage),
        storage_class=RETAINED_CLASS,
        cpu=format_quantity(nats.cpu),
        memory=format_quantity(nats.memory),
        zero_loss=nats.zero_loss,
        zone_spread=nats.servers > 1,
        retain=settings.retain,
        issuer=ISSUER,
        api_server_cidrs=api_cidrs(settings),
        runbook_base_url=settings.observability.runbook_base_url,
        clients=tuple(
            NatsClient(name=name, namespace=client.namespace, publishes=client.publishes, consumes=client.consumes)
            for name, client in nats.clients.items()
        ),
        streams=tuple(_stream(name, stream, replicas=nats.replicas_of(stream)) for name, stream in nats.streams.items()),
        observability_namespace=OBSERVABILITY,
        priority_class=CRITICAL,
        chart_mirror=settings.charts.mirror,
        image_registry=settings.charts.image_registry,
    )


def _stream(name: str, stream: StreamSettings, *, replicas: int) -> Stream:
    return Stream(
        name=name,
        subjects=stream.subjects,
        max_age=stream.max_age,
        max_bytes=format_quantity(stream.max_bytes),
        replicas=replicas,
        discard=stream.discard.value,
        duplicate_window=stream.duplicate_window,
        dr_mirror=stream.dr_mirror,
        consumers=tuple(
            Consumer(
                name=consumer_name,
                filter_subjects=consumer.filter_subjects,
                ack_wait=consumer.ack_wait,
                max_deliver=consumer.max_deliver,
                max_ack_pending=consumer.max_ack_pending,
                backoff=consumer.backoff,
            )
            for consumer_name, consumer in stream.consumers.items()
        ),
    )


def prometheus_args(settings: Settings, cluster_name: str) -> PrometheusStackArgs:
    """Prometheus, Alertmanager and Grafana."""
    metrics = settings.observability
    return PrometheusStackArgs(
        namespace=OBSERVABILITY,
        agents_namespace=AGENTS,
        cluster_name=cluster_name,
        issuer=ISSUER,
        replicas=metrics.replicas,
        retention=metrics.retention,
        storage_class=RETAINED_CLASS,
        prometheus_volume=format_quantity(metrics.storage),
        prometheus_cpu=format_quantity(metrics.cpu),
        prometheus_memory=format_quantity(metrics.memory),
        node_cidrs=(str(settings.network.cidr),),
        api_server_cidrs=api_cidrs(settings),
        retain=settings.retain,
        runbook_base_url=metrics.runbook_base_url,
        routing=_routing(settings),
        grafana_admin_secret=metrics.grafana_admin_secret,
        priority_class=PLATFORM,
        chart_mirror=settings.charts.mirror,
        image_registry=settings.charts.image_registry,
    )


def _routing(settings: Settings) -> AlertRouting:
    routing = settings.observability.routing
    slack = None
    if routing.slack:
        slack = Slack(webhook=_secret_key(routing.slack.webhook), channel=routing.slack.channel, team_channels=routing.slack.team_channels)
    return AlertRouting(slack=slack, pagerduty=_secret_key(routing.pagerduty) if routing.pagerduty else None)


def _secret_key(key: SecretKeySettings) -> SecretKey:
    return SecretKey(secret=key.secret, key=key.key)


def cloudwatch_args(settings: Settings, cluster_name: str, database: RdsPostgresArgs) -> CloudWatchExporterArgs:
    """The exporter of the database's metrics."""
    return CloudWatchExporterArgs(
        region=settings.aws.region,
        account_id=settings.aws.account,
        cluster_name=cluster_name,
        namespace=OBSERVABILITY,
        jobs=cloudwatch_jobs(database.instances),
        priority_class=PLATFORM,
        observability_namespace=OBSERVABILITY,
        chart_mirror=settings.charts.mirror,
    )


def database_alert_args(settings: Settings, database: RdsPostgresArgs) -> DatabaseAlertsArgs:
    """The alerts of the database."""
    return DatabaseAlertsArgs(
        instances=database.instances,
        limits=database.limits,
        namespace=OBSERVABILITY,
        runbook_base_url=settings.observability.runbook_base_url,
    )
