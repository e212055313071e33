"""The platform's own namespaces, each the sum of what is put into it, and those of applications."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from components.backup.drill.pods import footprint as drill_footprint
from components.backup.drill.pods import scratch_footprint
from components.backup.drill.pods import traffic as drill_traffic
from components.backup.footprint import footprint as backup_footprint
from components.backup.footprint import traffic as backup_traffic
from components.backup.schedules import EXCLUDED
from components.foundation import Foundation
from components.messaging.nats.footprint import footprint as messaging_footprint
from components.messaging.nats.traffic import traffic as messaging_traffic
from components.messaging.nats.values import CLIENT_PORT
from components.messaging.rabbitmq.footprint import servers_footprint, topology_footprint
from components.messaging.rabbitmq.model import OperatorSettings
from components.messaging.rabbitmq.traffic import servers_traffic, topology_traffic
from components.observability.footprint import agents_footprint
from components.observability.footprint import footprint as observability_footprint
from components.observability.traffic import traffic as observability_traffic
from components.security import certificates
from components.tenancy.demand import RPO_METHOD, Demand
from components.tenancy.footprint import NOTHING
from components.tenancy.namespaces import NamespaceArgs
from components.tenancy.traffic import (
    TrafficRule,
    by_entity,
    called_from,
    calls,
    dns,
    scraped_by,
    within_namespace,
)
from facts.namespaces import AGENTS, BACKUP, MESSAGING, OBSERVABILITY, RESTORE_SCRATCH
from facts.pod_security import PodSecurity
from stacks.composition import services
from stacks.composition.backups import restore_drill_args, velero_args
from stacks.settings.tree import Settings

_POD_SECURITY: Final = {
    AGENTS: PodSecurity.PRIVILEGED,
    # Who restores files gives them to their owners, as root; nothing of the host is needed.
    BACKUP: PodSecurity.BASELINE,
}


def platform_namespaces(settings: Settings, foundation: Foundation) -> Sequence[NamespaceArgs]:
    """The platform's own namespaces, as far as something is put into them."""
    demands = _demands(settings, foundation)
    addresses = foundation.addresses

    def ways(namespace: str) -> Sequence[TrafficRule]:
        rules = [rule for demand in demands if demand.namespace == namespace for rule in demand.traffic]
        if addresses.api_by_address:
            return rules
        named = (by_entity(rule, called=addresses.kubernetes_api, calling=addresses.webhook_callers) for rule in rules)
        return [*rules, *(rule for rule in named if rule is not None)]

    return [
        NamespaceArgs(
            namespace=namespace,
            quota=sum((demand.footprint for demand in demands if demand.namespace == namespace), NOTHING),
            traffic=ways(namespace),
            pod_security=_POD_SECURITY.get(namespace, PodSecurity.RESTRICTED),
            annotations=_annotations(demand for demand in demands if demand.namespace == namespace),
            labels=EXCLUDED if namespace in {BACKUP, RESTORE_SCRATCH} else {},
        )
        for namespace in {demand.namespace: None for demand in demands}
    ]


def _annotations(demands: Iterable[Demand]) -> Mapping[str, str]:
    methods = [demand.rpo_method for demand in demands if demand.rpo_method is not None]
    return {RPO_METHOD: methods[0]} if methods else {}


def volume_namespaces(settings: Settings, foundation: Foundation) -> Sequence[str]:
    """The namespaces in which volumes may be claimed that only a backup of theirs brings back."""
    return list({demand.namespace: None for demand in _stateful(settings, foundation) if demand.rpo_method is None})


def application_namespaces(settings: Settings, foundation: Foundation) -> Sequence[NamespaceArgs]:
    """The namespaces of applications, each with the ways to what it uses."""
    callers = {client.namespace for _, _, client in settings.nats.all_clients()} if settings.nats else set()
    namespaces = []
    for name, wanted in settings.namespaces.items():
        rules: list[TrafficRule] = [dns(), within_namespace()]
        if settings.observability:
            rules.append(scraped_by(OBSERVABILITY))
        if name in callers:
            rules.append(calls(MESSAGING, CLIENT_PORT))
        if settings.rabbitmq and name in settings.rabbitmq.client_namespaces:
            rules.extend(services.rabbitmq_topology_args(settings, settings.rabbitmq, foundation).connection.traffic)
        rules.extend(called_from(caller, *ports) for caller, ports in wanted.ingress_from.items())
        if wanted.database and foundation.database:
            rules.extend(foundation.database.traffic)
        namespaces.append(
            NamespaceArgs(
                namespace=name,
                quota=wanted.quota.footprint,
                traffic=rules,
                pod_security=PodSecurity(wanted.pod_security),
            )
        )
    return namespaces


def _stateful(settings: Settings, foundation: Foundation) -> Sequence[Demand]:
    """What claims volumes: of the platform, of the place, and of applications, as far as their quotas let them."""
    applications = [Demand(namespace=name, footprint=wanted.quota.footprint, traffic=()) for name, wanted in settings.namespaces.items()]
    everything = [*_services(settings, foundation), *(agent.demand for agent in foundation.agents), *applications]
    return [demand for demand in everything if demand.footprint.claims]


def _demands(settings: Settings, foundation: Foundation) -> Sequence[Demand]:
    demands = [*_services(settings, foundation), *(agent.demand for agent in foundation.agents)]
    if settings.backups:
        velero = velero_args(settings, settings.backups, foundation, volume_namespaces=volume_namespaces(settings, foundation))
        claimed = sum((demand.footprint for demand in _stateful(settings, foundation)), NOTHING)
        drill = restore_drill_args(settings, settings.backups, foundation)
        demands.append(Demand(namespace=velero.namespace, footprint=backup_footprint(velero, claimed), traffic=backup_traffic(velero)))
        # What is there is a copy: nothing brings it back, and nobody needs it back.
        demands.append(Demand(namespace=drill.scratch, footprint=scratch_footprint(), traffic=()))
    return demands


def _services(settings: Settings, foundation: Foundation) -> Iterator[Demand]:
    if settings.backups:
        drill = restore_drill_args(settings, settings.backups, foundation)
        yield Demand(namespace=drill.namespace, footprint=drill_footprint(), traffic=drill_traffic(drill))
    if settings.needs_certificates:
        manager = services.certificate_args(settings, foundation)
        yield Demand(namespace=manager.namespace, footprint=certificates.footprint(manager), traffic=certificates.traffic(manager))
    if settings.nats:
        nats = services.nats_args(settings, settings.nats, foundation)
        yield Demand(namespace=nats.namespace, footprint=messaging_footprint(nats), traffic=messaging_traffic(nats))
    if settings.rabbitmq:
        topology = services.rabbitmq_topology_args(settings, settings.rabbitmq, foundation)
        yield Demand(namespace=topology.namespace, footprint=topology_footprint(topology), traffic=topology_traffic(topology))
        if isinstance(settings.rabbitmq, OperatorSettings):
            servers = services.rabbitmq_servers_args(settings, settings.rabbitmq, foundation)
            yield Demand(namespace=servers.namespace, footprint=servers_footprint(servers), traffic=servers_traffic(servers))
    if settings.observability:
        stack = services.prometheus_args(settings, settings.observability, foundation)
        yield Demand(namespace=stack.namespace, footprint=observability_footprint(stack), traffic=observability_traffic(stack))
        # The node exporter is on the host's network, which no policy of the namespace bounds.
        yield Demand(namespace=stack.agents_namespace, footprint=agents_footprint(stack), traffic=[dns()])
