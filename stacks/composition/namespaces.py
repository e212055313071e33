"""The namespaces: the platform's own, bounded by what is asked to run in them, and those of applications."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from components.foundation import Foundation
from components.messaging.values import CLIENT_PORT
from components.models.scalars import GIB
from components.security.certificates import WEBHOOK_PORT
from components.tenancy.namespaces import NamespaceArgs, PodSecurity, Quota
from components.tenancy.traffic import (
    Allowance,
    called_from,
    calls,
    calls_addresses,
    calls_kubernetes_api,
    dns,
    scraped_by,
    serves_webhooks,
    within_namespace,
)
from facts.namespaces import AGENTS, CERTIFICATES, MESSAGING, OBSERVABILITY
from facts.quantity import format_quantity
from stacks.settings.tree import Settings


def platform_namespaces(settings: Settings, foundation: Foundation) -> Sequence[NamespaceArgs]:
    """The platform's own namespaces, as far as something is put into them."""
    namespaces: list[NamespaceArgs] = []
    nats, metrics = settings.nats, settings.observability
    if settings.needs_certificates:
        namespaces.append(
            NamespaceArgs(
                namespace=CERTIFICATES,
                quota=_quota(cpu=Decimal(2), memory=4 * GIB, pods=20, storage=0, claims=0),
                allowances=[
                    dns(),
                    calls_kubernetes_api(foundation.addresses.kubernetes_api),
                    serves_webhooks(foundation.addresses.webhook_callers, WEBHOOK_PORT),
                    scraped_by(OBSERVABILITY),
                ],
            )
        )
    if nats:
        namespaces.append(
            NamespaceArgs(
                # Room for one server more than there are, and for the controller and an operator's toolbox.
                namespace=MESSAGING,
                quota=_quota(
                    cpu=(nats.servers + 1) * nats.cpu + 2,
                    memory=(nats.servers + 1) * int(nats.memory) + 4 * GIB,
                    pods=nats.servers + 10,
                    storage=nats.servers * int(nats.storage),
                    claims=nats.servers,
                ),
            )
        )
    if metrics:
        namespaces += [
            NamespaceArgs(
                # Beside Prometheus: Alertmanager's and Grafana's volumes, operator, kube-state-metrics, exporters.
                namespace=OBSERVABILITY,
                quota=_quota(
                    cpu=(metrics.replicas + 1) * metrics.cpu + 4,
                    memory=(metrics.replicas + 1) * int(metrics.memory) + 8 * GIB,
                    pods=3 * metrics.replicas + 20,
                    storage=metrics.replicas * (int(metrics.storage) + 10 * GIB) + 20 * GIB,
                    claims=2 * metrics.replicas + 2,
                ),
            ),
            NamespaceArgs(
                # The node exporter reads what the host has: its processes, network and file systems.
                namespace=AGENTS,
                quota=_quota(
                    cpu=foundation.most_nodes * Decimal("0.25"),
                    memory=foundation.most_nodes * GIB // 2,
                    pods=4 * foundation.most_nodes,
                    storage=0,
                    claims=0,
                ),
                pod_security=PodSecurity.PRIVILEGED,
            ),
        ]
    return namespaces


def application_namespaces(settings: Settings, foundation: Foundation) -> Sequence[NamespaceArgs]:
    """The namespaces of applications, each with the ways to what it uses."""
    callers = {client.namespace for client in settings.nats.clients.values()} if settings.nats else set()
    namespaces = []
    for name, wanted in settings.namespaces.items():
        ways: list[Allowance] = [dns(), within_namespace(), scraped_by(OBSERVABILITY)]
        if name in callers:
            ways.append(calls(MESSAGING, CLIENT_PORT))
        ways.extend(called_from(caller, *ports) for caller, ports in wanted.ingress_from.items())
        if wanted.database and foundation.database:
            ways.append(calls_addresses("database", foundation.database.cidrs, foundation.database.port))
        namespaces.append(
            NamespaceArgs(
                namespace=name,
                quota=_quota(
                    cpu=wanted.quota.cpu,
                    memory=int(wanted.quota.memory),
                    pods=wanted.quota.pods,
                    storage=int(wanted.quota.storage),
                    claims=wanted.quota.volume_claims,
                ),
                pod_security=PodSecurity(wanted.pod_security.value),
                allowances=ways,
            )
        )
    return namespaces


def _quota(*, cpu: Decimal, memory: int, pods: int, storage: int, claims: int) -> Quota:
    """Cores and bytes as a quota; memory counts for requests and limits alike."""
    amount = format_quantity(memory)
    return Quota(
        cpu_requests=format_quantity(cpu),
        memory_requests=amount,
        memory_limits=amount,
        pods=pods,
        storage=format_quantity(storage),
        volume_claims=claims,
    )
