"""The composition: what runs in the cluster, in which order, each with its own part of the settings, on any foundation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pulumi
from pulumi.runtime.config import CONFIG

from components.backup.drill.drill import RestoreDrill
from components.backup.values import NAME as VELERO
from components.backup.velero import Velero
from components.database.connections import DatabaseConnections, DatabaseConnectionsArgs
from components.definitions import define
from components.foundation import Base
from components.messaging.nats.backup import backup_store, store_user
from components.messaging.nats.nats import Nats
from components.messaging.rabbitmq.definitions import CLUSTER
from components.messaging.rabbitmq.managed import BrokerAdministrator, BrokerAdministratorArgs
from components.messaging.rabbitmq.model import OperatorSettings
from components.messaging.rabbitmq.servers import RabbitmqServers
from components.messaging.rabbitmq.topology import RabbitmqTopology
from components.observability.definitions import MonitoringDefinitions
from components.observability.prometheus import PrometheusStack
from components.ordering import behind
from components.security.certificates import CertManager
from components.storage.object_store import StoreUser
from components.storage.object_store_model import BACKUPS
from components.tenancy.namespaces import Namespace
from components.tenancy.priorities import CRITICAL, PLATFORM, PriorityClasses
from facts.namespaces import AGENTS, CERTIFICATES, MESSAGING, OBSERVABILITY
from stacks.clouds import build_foundation
from stacks.composition import services
from stacks.composition.backups import restore_drill_args, velero_args
from stacks.composition.namespaces import application_namespaces, platform_namespaces, volume_namespaces
from stacks.loading import load_settings
from stacks.settings.tree import Settings


def settings_of_stack() -> Settings:
    """The settings of the running program, from all that the engine knows: asked for one by one, an unknown key would go unseen.

    Raises:
        SettingsError: with everything that is wrong.
    """
    config: Mapping[str, str] = CONFIG.get()
    return load_settings(config, [key for key in config if pulumi.runtime.is_config_secret(key)])


class Platform:
    """All components of a stack."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        # Two stacks of one tier share an account as often as not: only the stack's own name tells them apart.
        self._foundation = build_foundation(settings, f"{pulumi.get_project()}-{pulumi.get_stack()}")
        volumes = self._foundation.volumes
        self._exports: dict[str, Any] = {
            **self._foundation.exports,
            "storageClass": volumes.storage_class,
            **({"snapshotClass": volumes.snapshot_class} if volumes.snapshot_class else {}),
        }
        base = self._create_base()
        self._connect(base)
        self._observe(base)
        self._message(base)
        self._queue(base)
        self._back_up(base)
        for agent in self._foundation.agents:
            agent.install(base)

    def exports(self) -> Mapping[str, Any]:
        """The stack's outputs: addresses and names, no secret."""
        return self._exports

    def _create_base(self) -> Base:
        """What everything else goes behind: namespaces, priorities, the definitions of monitors and the issuer of certificates."""
        settings, foundation = self._settings, self._foundation
        priorities = PriorityClasses("priorities", foundation.in_cluster).classes
        wanted = (*platform_namespaces(settings, foundation), *application_namespaces(settings, foundation))
        namespaces: dict[str, pulumi.Resource] = {
            args.namespace: Namespace(args.namespace, args, foundation.in_cluster).ready for args in wanted
        }
        definitions = issuer = None
        if settings.observability:
            definitions = MonitoringDefinitions(
                "monitoring-definitions",
                namespace=OBSERVABILITY,
                retain=settings.retain,
                chart_mirror=settings.charts.mirror,
                opts=behind(foundation.in_cluster, namespaces[OBSERVABILITY]),
            ).release
        if settings.needs_certificates:
            issuer = CertManager(
                "certificates",
                services.certificate_args(settings, foundation),
                behind(foundation.in_cluster, namespaces[CERTIFICATES], priorities[CRITICAL], definitions),
            ).ready
        return Base(namespaces=namespaces, priorities=priorities, definitions=definitions, issuer=issuer)

    def _connect(self, base: Base) -> None:
        """Say to the applications where the database is."""
        database = self._foundation.database
        clients = {name: base.namespaces[name] for name, wanted in self._settings.namespaces.items() if wanted.database}
        if database and clients:
            args = DatabaseConnectionsArgs(variables=database.variables, own_variables=database.own_variables, namespaces=clients)
            DatabaseConnections("database-connections", args, self._foundation.in_cluster)

    def _observe(self, base: Base) -> None:
        settings, foundation = self._settings, self._foundation
        if settings.observability is None:
            return
        metrics = PrometheusStack(
            "metrics",
            services.prometheus_args(settings, settings.observability, foundation),
            behind(
                foundation.in_cluster,
                base.namespaces[OBSERVABILITY],
                base.namespaces[AGENTS],
                base.priorities[PLATFORM],
                foundation.volumes.ready,
                base.definitions,
                base.issuer,
            ),
        )
        self._exports["prometheusUrl"] = metrics.prometheus_url

    def _back_up(self, base: Base) -> None:
        settings, foundation = self._settings, self._foundation
        if settings.backups is None:
            return
        args = velero_args(settings, settings.backups, foundation, volume_namespaces=volume_namespaces(settings, foundation))
        user = StoreUser(name="velero", store=BACKUPS, namespace=args.namespace, service_account=VELERO, prefix=args.prefix)
        sign_in = foundation.sign_in_to_store(user)
        gates = (
            base.namespaces[args.namespace],
            *([base.namespaces[OBSERVABILITY]] if settings.observability else []),
            base.priorities[PLATFORM],
            base.definitions,
            args.store.ready,
            sign_in.ready,
        )
        velero = Velero("backups", replace(args, sign_in=sign_in), behind(foundation.in_cluster, *gates))
        drill = restore_drill_args(settings, settings.backups, foundation)
        RestoreDrill(
            "backup-drill",
            drill,
            behind(
                foundation.in_cluster,
                base.namespaces[drill.namespace],
                base.namespaces[drill.scratch],
                foundation.volumes.ready,
                velero.release,
            ),
        )

    def _message(self, base: Base) -> None:
        settings, foundation = self._settings, self._foundation
        if settings.nats is None:
            return
        clients = {client.namespace for _, _, client in settings.nats.all_clients()}
        args = services.nats_args(settings, settings.nats, foundation)
        if backup_store(args):
            args = replace(args, sign_in=foundation.sign_in_to_store(store_user(MESSAGING)))
        nats = Nats(
            "nats",
            replace(
                args,
                client_namespaces={name: base.namespaces[name] for name in sorted(clients)},
            ),
            behind(
                foundation.in_cluster,
                base.namespaces[MESSAGING],
                *([base.namespaces[OBSERVABILITY]] if settings.observability else []),
                base.priorities[CRITICAL],
                foundation.volumes.ready,
                base.definitions,
                base.issuer,
            ),
        )
        self._exports["natsUrl"] = nats.url

    def _queue(self, base: Base) -> None:
        """RabbitMQ: the servers where they are in the cluster, and what is declared in it whoever runs it."""
        settings, foundation = self._settings, self._foundation
        if settings.rabbitmq is None:
            return
        gates = [base.namespaces[MESSAGING], base.priorities[CRITICAL], base.definitions, base.issuer]
        # Both operators watch it, whoever runs the servers.
        defined = define(
            "rabbitmq-definition",
            CLUSTER,
            pulumi.ResourceOptions.merge(behind(foundation.in_cluster, *gates), pulumi.ResourceOptions(protect=settings.retain)),
        )
        ready: pulumi.Resource | None = None
        if isinstance(settings.rabbitmq, OperatorSettings):
            servers = RabbitmqServers(
                "rabbitmq",
                services.rabbitmq_servers_args(settings, settings.rabbitmq, foundation),
                behind(
                    foundation.in_cluster,
                    *gates,
                    *([base.namespaces[OBSERVABILITY]] if settings.observability else []),
                    foundation.volumes.ready,
                    defined,
                ),
            )
            ready = servers.ready
        elif foundation.broker is not None:
            ready = BrokerAdministrator(
                "rabbitmq-administrator",
                BrokerAdministratorArgs(broker=foundation.broker, namespace=MESSAGING, application_namespaces=sorted(settings.namespaces)),
                behind(foundation.in_cluster, base.namespaces[MESSAGING]),
            ).ready
        RabbitmqTopology(
            "rabbitmq-topology",
            replace(
                services.rabbitmq_topology_args(settings, settings.rabbitmq, foundation),
                ready_namespaces={name: base.namespaces[name] for name in settings.namespaces},
            ),
            behind(foundation.in_cluster, *gates, defined, ready),
        )
