"""What runs in the cluster from its settings: certificates, messaging, metrics."""

from __future__ import annotations

from components.foundation import Foundation
from components.messaging.access import NatsClient
from components.messaging.model import NatsSettings, StreamSettings
from components.messaging.nats import NatsArgs
from components.messaging.streams import Consumer, Stream
from components.observability.arguments import PrometheusStackArgs
from components.observability.model import ObservabilitySettings
from components.security.certificates import ISSUER, CertManagerArgs
from components.tenancy.priorities import CRITICAL, PLATFORM
from facts.namespaces import AGENTS, CERTIFICATES, MESSAGING, OBSERVABILITY
from facts.quantity import format_quantity
from stacks.settings.tree import Settings


def certificate_args(settings: Settings, foundation: Foundation) -> CertManagerArgs:
    """cert-manager."""
    return CertManagerArgs(
        namespace=CERTIFICATES,
        replicas=settings.standby_replicas,
        priority_class=CRITICAL,
        addresses=foundation.addresses,
        monitored_from=OBSERVABILITY if settings.observability else None,
        chart_mirror=settings.charts.mirror,
        image_registry=settings.charts.image_registry,
    )


def nats_args(settings: Settings, nats: NatsSettings, foundation: Foundation) -> NatsArgs:
    """NATS with its streams and clients."""
    return NatsArgs(
        namespace=MESSAGING,
        servers=nats.servers,
        volume=format_quantity(nats.storage),
        storage_class=foundation.volumes.storage_class,
        cpu=format_quantity(nats.cpu),
        memory=format_quantity(nats.memory),
        zero_loss=nats.zero_loss,
        zone_spread=nats.servers > 1,
        retain=settings.retain,
        issuer=ISSUER,
        api_server_cidrs=foundation.addresses.kubernetes_api,
        runbook_base_url=settings.observability.runbook_base_url if settings.observability else "",
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


def prometheus_args(settings: Settings, metrics: ObservabilitySettings, foundation: Foundation) -> PrometheusStackArgs:
    """Prometheus, Alertmanager and Grafana."""
    return PrometheusStackArgs(
        settings=metrics,
        namespace=OBSERVABILITY,
        agents_namespace=AGENTS,
        cluster_name=foundation.cluster_name,
        issuer=ISSUER,
        storage_class=foundation.volumes.storage_class,
        addresses=foundation.addresses,
        most_nodes=foundation.most_nodes,
        retain=settings.retain,
        priority_class=PLATFORM,
        chart_mirror=settings.charts.mirror,
        image_registry=settings.charts.image_registry,
    )
