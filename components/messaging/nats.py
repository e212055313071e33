"""NATS with JetStream: servers, stream controller, streams and all that their operators need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component, ComponentError
from components.charts import NACK, NATS, Roll, install_chart
from components.kubernetes import declare, labels
from components.messaging.access import NatsClient
from components.messaging.alerts import ALERTS
from components.messaging.certificates import certificates
from components.messaging.dashboard import DASHBOARD
from components.messaging.network import allowances
from components.messaging.streams import Stream, check_streams, stream_resources
from components.messaging.values import (
    CLIENT_PORT,
    CONTROLLER_RELEASE,
    METRICS_PORT,
    NATS_LABELS,
    RELEASE,
    STARTUP,
    ServerValues,
    recovery_point,
    render_controller_values,
    render_nats_values,
    termination_grace,
)
from components.observability.dashboards import dashboard_config
from components.observability.monitors import service_monitor
from components.observability.rules import prometheus_rule
from components.tenancy.traffic import network_policy
from facts.quantity import parse_quantity

LEAST_DRAIN: Final = timedelta(seconds=30)
"""The server refuses a shorter ``lame_duck_duration``."""
_METRICS: Final = f"{RELEASE}-metrics"


class NatsError(ComponentError):
    """Servers that could not form a quorum, or that nothing could reach."""


@dataclass(frozen=True, kw_only=True)
class NatsArgs:
    """One NATS cluster.

    Attributes:
        namespace: where it lives; it has to exist.
        servers: 1, or an odd number from 3 on (MSG-008).
        volume: size of each server's volume, a Kubernetes quantity (MSG-007).
        storage_class: an expandable, retained, encrypted class (MSG-012).
        cpu: request and limit of each server, a quantity.
        memory: likewise.
        zero_loss: flush to disk before each acknowledgement (MSG-010); else every two minutes.
        zone_spread: refuse to schedule two servers in one zone rather than prefer not to (MSG-008).
        retain: protect the release and the streams, and keep their data when they are deleted.
        issuer: the cert-manager ClusterIssuer that both servers and clients trust.
        api_server_cidrs: where the Kubernetes API answers, as a service and at its endpoints.
        runbook_base_url: address below which the runbooks lie.
        clients: who may connect; each gets a certificate in the secret ``<name>-nats-tls`` of its namespace.
        streams: the streams with their consumers.
        drain: over how long a server that ends closes its connections (MSG-014).
        observability_namespace: whence Prometheus scrapes, and where dashboards go.
        priority_class: of servers and controller.
        chart_mirror: OCI registry that holds the charts.
        image_registry: registry that holds the images in place of Docker Hub.

    Raises:
        NatsError: the servers, the drain or the addresses of the API cannot be right.
        StreamError: the streams contradict each other or the number of servers.
        SizingError: the streams do not fit on the volumes.
    """

    namespace: str
    servers: int
    volume: str
    storage_class: str
    cpu: str
    memory: str
    zero_loss: bool
    zone_spread: bool
    retain: bool
    issuer: str
    api_server_cidrs: tuple[str, ...]
    runbook_base_url: str
    clients: tuple[NatsClient, ...] = ()
    streams: tuple[Stream, ...] = ()
    drain: timedelta = timedelta(seconds=60)
    observability_namespace: str = "observability"
    priority_class: str | None = None
    chart_mirror: str | None = None
    image_registry: str | None = None

    def __post_init__(self) -> None:
        if self.servers < 1 or self.servers % 2 == 0:
            raise NatsError(f"servers = {self.servers}: an even number adds no quorum; write 1, or 3, 5, … for a cluster")
        if self.drain < LEAST_DRAIN:
            raise NatsError(f"drain = {self.drain}: the server refuses less than {LEAST_DRAIN.seconds} seconds")
        if not self.api_server_cidrs:
            raise NatsError("api_server_cidrs is empty: the stream controller could not reach the Kubernetes API")
        check_streams(self.streams, servers=self.servers, volume=parse_quantity(self.volume))


class Nats(Component):
    """A NATS cluster with its controller, certificates, network policies, metrics, alerts, dashboard, streams and consumers.

    ``opts`` bring the provider, and put the component behind namespace, storage class, issuer and the monitoring operator's definitions.

    Attributes:
        url: where clients connect, with TLS and their certificate.
        release: the servers' Helm release.
    """

    url: str
    release: kubernetes.helm.v3.Release

    def __init__(self, name: str, args: NatsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._args = args
        issued = [
            declare(self.child_name(f"{item.namespace}-{item.name}"), item, self.child_options())
            for item in certificates(release=RELEASE, namespace=args.namespace, issuer=args.issuer, clients=args.clients)
        ]
        policies = self._network_policies()
        self.release = install_chart(
            self.child_name("servers"),
            NATS,
            release_name=RELEASE,
            namespace=args.namespace,
            values=render_nats_values(_server_values(args)),
            mirror=args.chart_mirror,
            roll=Roll(pods=args.servers, ending=termination_grace(args.drain), starting=STARTUP),
            opts=self.child_options(depends_on=[*issued, *policies], protect=args.retain),
        )
        controller = install_chart(
            self.child_name("controller"),
            NACK,
            release_name=CONTROLLER_RELEASE,
            namespace=args.namespace,
            values=render_controller_values(args.namespace, priority_class=args.priority_class, image_registry=args.image_registry),
            mirror=args.chart_mirror,
            opts=self.child_options(depends_on=[self.release]),
        )
        self._observe()
        self._declare_streams(controller)
        self.url = f"tls://{RELEASE}.{args.namespace}.svc:{CLIENT_PORT}"
        self.register_outputs({"url": self.url})

    def _network_policies(self) -> list[kubernetes.apiextensions.CustomResource]:
        args = self._args
        ways = allowances(
            client_namespaces=[client.namespace for client in args.clients],
            observability_namespace=args.observability_namespace,
            api_server_cidrs=args.api_server_cidrs,
        )
        return [
            network_policy(self.child_name(f"allow-{way.name}"), way, namespace=args.namespace, opts=self.child_options()) for way in ways
        ]

    def _observe(self) -> None:
        args = self._args
        selected = labels(_METRICS, component="metrics")
        kubernetes.core.v1.Service(
            self.child_name("metrics"),
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=_METRICS, namespace=args.namespace, labels=selected),
            spec=kubernetes.core.v1.ServiceSpecArgs(
                cluster_ip="None",
                # A server that is not ready is the one whose metrics matter.
                publish_not_ready_addresses=True,
                selector=NATS_LABELS,
                ports=[kubernetes.core.v1.ServicePortArgs(name="metrics", port=METRICS_PORT, target_port=METRICS_PORT)],
            ),
            opts=self.child_options(),
        )
        monitor = service_monitor(RELEASE, args.namespace, selector=selected, port="metrics", interval="15s")
        declare(self.child_name("monitor"), monitor, self.child_options())
        rule = prometheus_rule(RELEASE, args.namespace, ALERTS, args.runbook_base_url)
        declare(self.child_name("alerts"), rule, self.child_options())
        dashboard_config(self.child_name("dashboard"), DASHBOARD, namespace=args.observability_namespace, opts=self.child_options())

    def _declare_streams(self, controller: kubernetes.helm.v3.Release) -> None:
        args = self._args
        for stream in args.streams:
            behind: list[pulumi.Resource] = [controller]
            for item in stream_resources(
                stream, namespace=args.namespace, retain=args.retain, rpo=recovery_point(zero_loss=args.zero_loss)
            ):
                options = self.child_options(depends_on=list(behind), protect=args.retain)
                resource = declare(self.child_name(f"{item.kind.lower()}-{item.name}"), item, options)
                if item.kind == "Stream":
                    behind.append(resource)


def _server_values(args: NatsArgs) -> ServerValues:
    return ServerValues(
        namespace=args.namespace,
        servers=args.servers,
        volume=args.volume,
        storage_class=args.storage_class,
        cpu=args.cpu,
        memory=args.memory,
        zero_loss=args.zero_loss,
        zone_spread=args.zone_spread,
        drain=args.drain,
        priority_class=args.priority_class,
        image_registry=args.image_registry,
        clients=args.clients,
    )
