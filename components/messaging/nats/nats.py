"""NATS with JetStream: servers, stream controller, streams and all that their operators need."""

from __future__ import annotations

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component
from components.charts import NACK, NATS, Roll, install_chart
from components.definitions import define
from components.kubernetes import declare, labels
from components.messaging.nats.alerts import ALERTS
from components.messaging.nats.arguments import NatsArgs
from components.messaging.nats.backup import backup_store
from components.messaging.nats.backup_jobs import declare_backup
from components.messaging.nats.certificates import RELEASE, certificates
from components.messaging.nats.dashboard import DASHBOARD
from components.messaging.nats.definitions import DEFINITIONS
from components.messaging.nats.link_model import LeafNodeSettings
from components.messaging.nats.links import LEAF_PORT
from components.messaging.nats.streams import buckets, consumers, mirrors, streams
from components.messaging.nats.values import (
    CLIENT_PORT,
    CONTROLLER_RELEASE,
    METRICS_PORT,
    NATS_LABELS,
    STARTUP,
    TERMINATION,
    render_controller_values,
    render_nats_values,
)
from components.messaging.watching import WatchedServers, watch_servers


class Nats(Component):
    """A NATS cluster with all that belongs to it, from certificates to streams and alerts.

    ``opts`` bring the provider, and put the component behind namespace, storage class, issuer and the
    monitoring operator's definitions.

    Attributes:
        url: where clients connect, with TLS and their certificate.
        release: the servers' Helm release.
    """

    url: str
    release: kubernetes.helm.v3.Release

    def __init__(self, name: str, args: NatsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._args = args
        issued = self._issue_certificates()
        self.release = install_chart(
            self.child_name("servers"),
            NATS,
            release_name=RELEASE,
            namespace=args.namespace,
            values=render_nats_values(args),
            mirror=args.chart_mirror,
            roll=Roll(pods=args.settings.servers, ending=TERMINATION, starting=STARTUP),
            opts=self.child_options(depends_on=issued, protect=args.retain),
        )
        # With a definition every object of its kind would go.
        defined = [
            define(self.child_name(f"definition-{each.kind.lower()}"), each, self.child_options(protect=args.retain))
            for each in DEFINITIONS
        ]
        controller = install_chart(
            self.child_name("controller"),
            NACK,
            release_name=CONTROLLER_RELEASE,
            namespace=args.namespace,
            values=render_controller_values(args),
            mirror=args.chart_mirror,
            opts=self.child_options(depends_on=[self.release, *defined]),
        )
        if args.settings.leaf_nodes:
            self._let_in(args.settings.leaf_nodes)
        if args.monitoring:
            watch_servers(self, _watched(args.namespace), args.monitoring)
        self._declare_streams(controller)
        if backup := backup_store(args):
            settings, store = backup
            declare_backup(self.child_name("backup"), args, settings, store, self.child_options(depends_on=[controller]))
        self.url = f"tls://{RELEASE}.{args.namespace}.svc:{CLIENT_PORT}"
        self.register_outputs({"url": self.url})

    def _issue_certificates(self) -> list[pulumi.Resource]:
        """Declare all certificates; the servers and the controller wait for those of their namespace."""
        args = self._args
        own: list[pulumi.Resource] = []
        for item in certificates(args):
            gates = [gate for name, gate in args.client_namespaces.items() if name == item.namespace]
            # Neither a namespace nor a secret's name can hold a dot.
            declared = declare(self.child_name(f"{item.namespace}.{item.name}"), item, self.child_options(depends_on=gates))
            if item.namespace == args.namespace:
                own.append(declared)
        return own

    def _let_in(self, leaf_nodes: LeafNodeSettings) -> None:
        """A load balancer inside the network, for the clusters that copy from this one."""
        args, name = self._args, f"{RELEASE}-leafnodes"
        kubernetes.core.v1.Service(
            self.child_name("leafnodes"),
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=name,
                namespace=args.namespace,
                labels=labels(name, component="leafnodes"),
                annotations=dict(args.internal_load_balancer),
            ),
            spec=kubernetes.core.v1.ServiceSpecArgs(
                type="LoadBalancer",
                # The network policy lets callers in by their own addresses.
                external_traffic_policy="Local",
                load_balancer_source_ranges=[str(cidr) for cidr in leaf_nodes.cidrs],
                selector=NATS_LABELS,
                ports=[kubernetes.core.v1.ServicePortArgs(name="leafnodes", port=LEAF_PORT, target_port=LEAF_PORT)],
            ),
            opts=self.child_options(depends_on=[self.release]),
        )

    def _declare_streams(self, controller: pulumi.Resource) -> None:
        # The controller is behind all that the component is behind: streams go behind it alone, or
        # the SDK would walk everything below it anew for each of them.
        protect = self._args.retain
        for tenant, account in self._args.settings.accounts():
            options = pulumi.ResourceOptions(parent=self, depends_on=[controller], protect=protect)
            for item in mirrors(tenant, self._args):
                # Not protected: once it takes over, another resource stands for the same stream.
                declare(self.child_name(f"stream-{item.name}"), item, pulumi.ResourceOptions(parent=self, depends_on=[controller]))
            for item in buckets(tenant, self._args):
                declare(self.child_name(f"{item.kind.lower()}-{item.name}"), item, options)
            for name in account.streams:
                declared = [declare(self.child_name(f"stream-{item.name}"), item, options) for item in streams(tenant, name, self._args)]
                behind_it = pulumi.ResourceOptions(parent=self, depends_on=declared, protect=protect)
                for item in consumers(tenant, name, self._args):
                    declare(self.child_name(f"consumer-{item.name}"), item, behind_it)


def _watched(namespace: str) -> WatchedServers:
    return WatchedServers(name=RELEASE, namespace=namespace, selector=NATS_LABELS, port=METRICS_PORT, alerts=ALERTS, dashboard=DASHBOARD)
