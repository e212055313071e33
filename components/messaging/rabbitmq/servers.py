"""RabbitMQ in the cluster: the operator, the servers and all that those who run them need."""

from __future__ import annotations

from typing import Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component
from components.kubernetes import CustomResource, declare, labels
from components.messaging.rabbitmq.alerts import alert_groups
from components.messaging.rabbitmq.arguments import RabbitmqServersArgs
from components.messaging.rabbitmq.cluster import LINK_CONFIG, METRICS_PORT, SERVER_LABELS, cluster, disruption_budget
from components.messaging.rabbitmq.configuration import link_options
from components.messaging.rabbitmq.dashboard import DASHBOARD
from components.messaging.rabbitmq.identities import METRICS, RABBITMQ, SERVER_SECRET, server_certificate
from components.messaging.rabbitmq.operators import cluster_operator, deployment
from components.messaging.rabbitmq.operators import disruption_budget as operator_budget
from components.messaging.rabbitmq.releases import cluster_operator_image
from components.messaging.rabbitmq.rights import CLUSTER_OPERATOR_RULES, account, allow
from components.observability.dashboards import dashboard_config
from components.observability.monitoring import Monitoring
from components.observability.monitors import Scrape, service_monitor
from components.observability.rules import prometheus_rule

# Sums over all queues, and of each queue what tells whether it is served.
_SCRAPE: Final = Scrape(
    paths={"/metrics": {}, "/metrics/detailed": {"family": ["queue_coarse_metrics", "queue_consumer_count"]}},
    authority=SERVER_SECRET,
    server_name=RABBITMQ,
)


class RabbitmqServers(Component):
    """Servers of RabbitMQ; what is declared in them is RabbitmqTopology's.

    ``opts`` bring the provider, and put the component behind namespace, storage class, issuer, the
    monitoring operator's definitions and that of a RabbitmqCluster.

    Attributes:
        ready: what is declared in the servers goes behind this: all of them at work.
    """

    ready: kubernetes.apiextensions.CustomResource

    def __init__(self, name: str, args: RabbitmqServersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._args = args
        issued = self._declare("certificate", server_certificate(args.namespace, args.issuer))
        operator = self._run_operator(issued)
        links = kubernetes.core.v1.ConfigMap(
            self.child_name("inter-node-tls"),
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=LINK_CONFIG, namespace=args.namespace, labels=labels(RABBITMQ, component="broker")
            ),
            data={"inter-node-tls.config": link_options()},
            opts=self.child_options(),
        )
        budget = self._declare("budget", disruption_budget(args))
        timeouts = pulumi.CustomTimeouts(create="30m", update="2h")
        self.ready = declare(
            self.child_name("cluster"),
            cluster(args),
            self.child_options(depends_on=[operator, links, budget], protect=args.retain, custom_timeouts=timeouts),
        )
        if args.monitoring:
            self._observe(args.monitoring)
        self.register_outputs({})

    def _run_operator(self, issued: pulumi.Resource) -> kubernetes.apiextensions.CustomResource:
        args = self._args
        operator = cluster_operator(cluster_operator_image(args.image_registry), args.namespace)
        owner = account(self.child_name("operator-account"), operator.name, namespace=args.namespace, opts=self.child_options())
        rights = allow(
            self.child_name("operator-role"),
            operator.name,
            CLUSTER_OPERATOR_RULES,
            namespace=args.namespace,
            home=args.namespace,
            opts=self.child_options(),
        )
        if args.standby_replicas > 1:
            self._declare("operator-budget", operator_budget(operator, namespace=args.namespace))
        pods = deployment(operator, namespace=args.namespace, replicas=args.standby_replicas, priority_class=args.priority_class)
        return declare(self.child_name("operator"), pods, self.child_options(depends_on=[owner, rights, issued]))

    def _observe(self, monitoring: Monitoring) -> None:
        namespace = self._args.namespace
        selected = labels(METRICS, component="metrics")
        kubernetes.core.v1.Service(
            self.child_name("metrics"),
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=METRICS, namespace=namespace, labels=selected),
            spec=kubernetes.core.v1.ServiceSpecArgs(
                cluster_ip="None",
                # A server that is not ready is the one whose metrics matter.
                publish_not_ready_addresses=True,
                selector=SERVER_LABELS,
                ports=[kubernetes.core.v1.ServicePortArgs(name="metrics", port=METRICS_PORT, target_port=METRICS_PORT)],
            ),
            opts=self.child_options(),
        )
        monitor = service_monitor(RABBITMQ, namespace, selector=selected, port="metrics", interval="15s", scrape=_SCRAPE)
        self._declare("monitor", monitor)
        self._declare("alerts", prometheus_rule(RABBITMQ, namespace, alert_groups(self._args.settings), monitoring.runbook_base_url))
        dashboard_config(self.child_name("dashboard"), DASHBOARD, namespace=monitoring.namespace, opts=self.child_options())

    def _declare(self, role: str, custom: CustomResource) -> kubernetes.apiextensions.CustomResource:
        return declare(self.child_name(role), custom, self.child_options())
