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
from components.messaging.rabbitmq.identities import RABBITMQ, SERVER_SECRET, server_certificate
from components.messaging.rabbitmq.operators import cluster_operator, deployment
from components.messaging.rabbitmq.operators import disruption_budget as operator_budget
from components.messaging.rabbitmq.releases import cluster_operator_image
from components.messaging.rabbitmq.rights import CLUSTER_OPERATOR_RULES, account, allow
from components.messaging.watching import WatchedServers, watch_servers
from components.observability.monitors import Scrape

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
            watch_servers(self, _watched(args), args.monitoring)
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

    def _declare(self, role: str, custom: CustomResource) -> kubernetes.apiextensions.CustomResource:
        return declare(self.child_name(role), custom, self.child_options())


def _watched(args: RabbitmqServersArgs) -> WatchedServers:
    return WatchedServers(
        name=RABBITMQ,
        namespace=args.namespace,
        selector=SERVER_LABELS,
        port=METRICS_PORT,
        alerts=alert_groups(args.settings),
        dashboard=DASHBOARD,
        scrape=_SCRAPE,
    )
