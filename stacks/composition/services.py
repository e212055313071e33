"""What runs in the cluster from its settings: certificates, messaging, metrics."""

from __future__ import annotations

from components.foundation import Foundation
from components.messaging.nats.arguments import NatsArgs
from components.messaging.nats.model import NatsSettings
from components.messaging.rabbitmq.arguments import RabbitmqError, RabbitmqServersArgs, RabbitmqTopologyArgs
from components.messaging.rabbitmq.managed import managed_connection
from components.messaging.rabbitmq.model import OperatorSettings
from components.messaging.rabbitmq.traffic import servers_connection
from components.observability.arguments import PrometheusStackArgs
from components.observability.model import ObservabilitySettings
from components.observability.monitoring import Monitoring
from components.security.certificates import ISSUER, CertManagerArgs
from components.storage.object_store_model import BACKUPS
from components.tenancy.priorities import CRITICAL, PLATFORM
from facts.namespaces import AGENTS, CERTIFICATES, MESSAGING, OBSERVABILITY
from stacks.settings.tree import Rabbitmq, Settings


def monitoring_of(settings: Settings) -> Monitoring | None:
    """The platform's monitoring as what it watches sees it; None where the stack has none."""
    metrics = settings.observability
    return Monitoring(namespace=OBSERVABILITY, runbook_base_url=metrics.runbook_base_url) if metrics else None


def certificate_args(settings: Settings, foundation: Foundation) -> CertManagerArgs:
    """cert-manager."""
    return CertManagerArgs(
        namespace=CERTIFICATES,
        replicas=settings.standby_replicas,
        priority_class=CRITICAL,
        addresses=foundation.addresses,
        monitoring=monitoring_of(settings),
        chart_mirror=settings.charts.mirror,
        image_registry=settings.charts.image_registry,
    )


def nats_args(settings: Settings, nats: NatsSettings, foundation: Foundation) -> NatsArgs:
    """NATS with its streams and clients."""
    return NatsArgs(
        settings=nats,
        namespace=MESSAGING,
        storage_class=foundation.volumes.broker_storage_class,
        retain=settings.retain,
        issuer=ISSUER,
        addresses=foundation.addresses,
        priority_class=CRITICAL,
        monitoring=monitoring_of(settings),
        dr_stack=settings.recovery_stack,
        store=foundation.stores.get(BACKUPS),
        internal_load_balancer=foundation.internal_load_balancer,
        chart_mirror=settings.charts.mirror,
        image_registry=settings.charts.image_registry,
    )


def rabbitmq_servers_args(settings: Settings, rabbitmq: OperatorSettings, foundation: Foundation) -> RabbitmqServersArgs:
    """The servers of RabbitMQ in the cluster."""
    return RabbitmqServersArgs(
        settings=rabbitmq,
        namespace=MESSAGING,
        application_namespaces=sorted(settings.namespaces),
        storage_class=foundation.volumes.broker_storage_class,
        retain=settings.retain,
        standby_replicas=settings.standby_replicas,
        issuer=ISSUER,
        addresses=foundation.addresses,
        priority_class=CRITICAL,
        monitoring=monitoring_of(settings),
        image_registry=settings.charts.image_registry,
    )


def rabbitmq_topology_args(settings: Settings, rabbitmq: Rabbitmq, foundation: Foundation) -> RabbitmqTopologyArgs:
    """What is declared in RabbitMQ, whoever runs it."""
    if isinstance(rabbitmq, OperatorSettings):
        connection = servers_connection(rabbitmq_servers_args(settings, rabbitmq, foundation))
    elif foundation.broker is not None:
        connection = managed_connection(foundation.broker, MESSAGING)
    else:
        raise RabbitmqError(f"the place of the stack runs no RabbitMQ, but plinth:rabbitmq.kind is {rabbitmq.kind}")
    return RabbitmqTopologyArgs(
        settings=rabbitmq,
        namespace=MESSAGING,
        application_namespaces=sorted(settings.namespaces),
        retain=settings.retain,
        standby_replicas=settings.standby_replicas,
        issuer=ISSUER,
        addresses=foundation.addresses,
        priority_class=CRITICAL,
        connection=connection,
        image_registry=settings.charts.image_registry,
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
        # Its volume is in the backups as every other is.
        recovery=settings.backups.recovery if settings.backups else None,
        chart_mirror=settings.charts.mirror,
        image_registry=settings.charts.image_registry,
    )
