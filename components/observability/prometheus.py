"""Prometheus, Alertmanager and Grafana by kube-prometheus-stack, and the alerts about any workload."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component, ComponentError
from components.charts import KUBE_PROMETHEUS_STACK, install_chart
from components.kubernetes import declare
from components.observability.alerts import ALERTS
from components.observability.network import allowances
from components.observability.routing import AlertRouting
from components.observability.rules import prometheus_rule
from components.observability.values import RELEASE, StackValues, render_stack_values
from components.tenancy.traffic import network_policy


class PrometheusStackError(ComponentError):
    """A monitoring stack that could not run."""


@dataclass(frozen=True, kw_only=True)
class PrometheusStackArgs:
    """One monitoring stack.

    Attributes:
        namespace: where it lives; it has to exist.
        agents_namespace: where the node exporter lives, which needs the host's namespaces; it has to exist.
        cluster_name: label ``kubernetes_cluster`` of everything that leaves this Prometheus.
        issuer: the cert-manager ClusterIssuer of the admission webhook's certificate.
        replicas: of Prometheus and Alertmanager; two or more in production (ALERT-021).
        retention: how long samples are kept, 30 days and more in production (OBS-002).
        storage_class: of all volumes.
        prometheus_volume: size of each Prometheus' volume, a Kubernetes quantity.
        prometheus_cpu: request and limit of each Prometheus, a quantity.
        prometheus_memory: likewise.
        node_cidrs: addresses of the nodes, whose kubelets and exporters Prometheus scrapes.
        api_server_cidrs: where the Kubernetes API answers, as a service and at its endpoints, and calls webhooks from.
        retain: protect the release.
        runbook_base_url: address below which the runbooks lie.
        routing: who hears of alerts; the secrets that it names have to exist in ``namespace``.
        grafana_admin_secret: Secret in ``namespace`` with ``admin-user`` and ``admin-password``; None lets the chart generate one.
        priority_class: of Prometheus, Alertmanager and Grafana.
        chart_mirror: OCI registry that holds the charts.
        image_registry: registry that holds the images.

    Raises:
        PrometheusStackError: there is no replica, no retention, or no address of nodes or API.
    """

    namespace: str
    agents_namespace: str
    cluster_name: str
    issuer: str
    replicas: int
    retention: timedelta
    storage_class: str
    prometheus_volume: str
    prometheus_cpu: str
    prometheus_memory: str
    node_cidrs: tuple[str, ...]
    api_server_cidrs: tuple[str, ...]
    retain: bool
    runbook_base_url: str
    routing: AlertRouting = field(default_factory=AlertRouting)
    grafana_admin_secret: str | None = None
    priority_class: str | None = None
    chart_mirror: str | None = None
    image_registry: str | None = None

    def __post_init__(self) -> None:
        if self.replicas < 1:
            raise PrometheusStackError(f"replicas = {self.replicas}; write 1 or more")
        if self.retention <= timedelta(0):
            raise PrometheusStackError(f"retention = {self.retention}; write a duration above 0")
        if not (self.node_cidrs and self.api_server_cidrs):
            raise PrometheusStackError("node_cidrs and api_server_cidrs must not be empty: nothing could be scraped")


class PrometheusStack(Component):
    """Prometheus with its operator, Alertmanager, Grafana, node exporter and kube-state-metrics.

    ``opts`` bring the provider, and put the component behind its namespaces, storage class, issuer and
    :class:`~components.observability.definitions.MonitoringDefinitions`.

    Attributes:
        prometheus_url: where Prometheus answers within the cluster.
        release: the stack's Helm release.
    """

    prometheus_url: str
    release: kubernetes.helm.v3.Release

    def __init__(self, name: str, args: PrometheusStackArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        ways = allowances(
            node_cidrs=args.node_cidrs,
            api_server_cidrs=args.api_server_cidrs,
            notifies=bool(args.routing.slack or args.routing.pagerduty),
        )
        policies = [
            network_policy(self.child_name(f"allow-{way.name}"), way, namespace=args.namespace, opts=self.child_options()) for way in ways
        ]
        self.release = install_chart(
            self.child_name("release"),
            KUBE_PROMETHEUS_STACK,
            release_name=RELEASE,
            namespace=args.namespace,
            values=render_stack_values(_stack_values(args)),
            mirror=args.chart_mirror,
            opts=self.child_options(depends_on=policies, protect=args.retain),
        )
        rule = prometheus_rule("workloads", args.namespace, ALERTS, args.runbook_base_url)
        declare(self.child_name("alerts"), rule, self.child_options(depends_on=[self.release]))
        self.prometheus_url = f"http://{RELEASE}-prometheus.{args.namespace}.svc:9090"
        self.register_outputs({"prometheusUrl": self.prometheus_url})


def _stack_values(args: PrometheusStackArgs) -> StackValues:
    return StackValues(
        namespace=args.namespace,
        agents_namespace=args.agents_namespace,
        cluster_name=args.cluster_name,
        issuer=args.issuer,
        replicas=args.replicas,
        retention=args.retention,
        storage_class=args.storage_class,
        prometheus_volume=args.prometheus_volume,
        prometheus_cpu=args.prometheus_cpu,
        prometheus_memory=args.prometheus_memory,
        grafana_admin_secret=args.grafana_admin_secret,
        priority_class=args.priority_class,
        image_registry=args.image_registry,
        routing=args.routing,
    )
