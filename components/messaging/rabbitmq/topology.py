"""What is declared in RabbitMQ, whoever runs it, and what its clients are told."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component
from components.definitions import define
from components.kubernetes import CustomResource, declare, labels
from components.messaging.rabbitmq.arguments import RabbitmqTopologyArgs
from components.messaging.rabbitmq.connection import variables
from components.messaging.rabbitmq.definitions import TOPOLOGY
from components.messaging.rabbitmq.identities import RABBITMQ, client_certificates, webhook_certificate
from components.messaging.rabbitmq.model import ClientSettings, VhostSettings
from components.messaging.rabbitmq.operators import Operator, deployment, disruption_budget, topology_operator
from components.messaging.rabbitmq.releases import topology_operator_image
from components.messaging.rabbitmq.resources import bindings, client, exchanges, policies, queues, vhost
from components.messaging.rabbitmq.rights import CLIENT_NAMESPACE_RULES, TOPOLOGY_OPERATOR_RULES, account, allow
from components.messaging.rabbitmq.webhook import ask, serve


class RabbitmqTopology(Component):
    """Vhosts, exchanges, queues, bindings, policies and users, with the operator that declares them.

    ``opts`` bring the provider, and put the component behind its namespace, the issuer, the definition
    of a RabbitmqCluster and the broker at work. What clients connect with is in their namespaces: the
    ConfigMap ``rabbitmq-<client>``, the Secret ``<client>-rabbitmq-user-credentials`` and, where the
    cluster's own issuer signs for the servers, ``ca.crt`` of the Secret ``<client>-rabbitmq-tls``.
    """

    def __init__(self, name: str, args: RabbitmqTopologyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._args = args
        # What is declared goes behind the operator, which is behind all that the component is behind.
        self._running = self._run_operator()
        for vhost_name, settings in args.settings.vhosts.items():
            declared = self._declare_vhost(vhost_name, settings)
            for client_name, each in settings.clients.items():
                self._connect(vhost_name, client_name, each, declared)
        if args.connection.own_authority:
            for issued in client_certificates(args.settings.clients, args.issuer):
                gates = [gate for name, gate in args.ready_namespaces.items() if name == issued.namespace]
                # Neither a namespace nor a secret's name can hold a dot.
                declare(self.child_name(f"{issued.namespace}.{issued.name}"), issued, self.child_options(depends_on=gates))
        self.register_outputs({})

    def _run_operator(self) -> pulumi.Resource:
        args = self._args
        watched = [args.namespace, *args.application_namespaces]
        operator = topology_operator(topology_operator_image(args.image_registry), watched)
        # With a definition every object of its kind would go.
        kept = self.child_options(protect=args.retain)
        definitions = [define(self.child_name(f"definition-{each.kind.lower()}"), each, kept) for each in TOPOLOGY]
        behind_definitions = self.child_options(depends_on=definitions)
        needed: list[pulumi.Resource] = [
            self._declare("webhook-certificate", webhook_certificate(args.namespace, args.issuer), self.child_options()),
            # The pods are of the account, and so behind all that it watches.
            account(self.child_name("operator-account"), operator.name, namespace=args.namespace, opts=behind_definitions),
            *self._allow(operator),
        ]
        if args.standby_replicas > 1:
            budget = disruption_budget(operator, namespace=args.namespace)
            self._declare("operator-budget", budget, self.child_options())
        pods = deployment(operator, namespace=args.namespace, replicas=args.standby_replicas, priority_class=args.priority_class)
        running = self._declare("operator", pods, self.child_options(depends_on=needed))
        service = serve(self.child_name("webhook"), operator, namespace=args.namespace, opts=self.child_options(depends_on=[running]))
        return ask(self.child_name("webhook-configuration"), args.namespace, watched, self.child_options(depends_on=[service]))

    def _allow(self, operator: Operator) -> list[pulumi.Resource]:
        args = self._args
        rules = {args.namespace: TOPOLOGY_OPERATOR_RULES, **dict.fromkeys(args.application_namespaces, CLIENT_NAMESPACE_RULES)}
        gates = {name: [gate] for name, gate in args.ready_namespaces.items()}
        return [
            allow(
                self.child_name(f"operator-role.{namespace}"),
                operator.name,
                allowed,
                namespace=namespace,
                home=args.namespace,
                opts=self.child_options(depends_on=gates.get(namespace, [])),
            )
            for namespace, allowed in rules.items()
        ]

    def _declare_vhost(self, name: str, settings: VhostSettings) -> pulumi.Resource:
        """Each goes behind what it names: a queue behind its limits, a binding behind both of its ends."""
        args = self._args
        host = self._declare(f"vhost-{name}", vhost(name, args), self._behind_each([self._running], protect=args.retain))
        sources = {
            each.name: self._declare(f"exchange-{each.name}", each, self._behind_each([host])) for each in exchanges(name, settings, args)
        }
        limits = {
            each.name: self._declare(f"policy-{each.name}", each, self._behind_each([host])) for each in policies(name, settings, args)
        }
        made = {
            queue.name: self._declare(f"queue-{queue.name}", queue, self._behind_each([limits[policy]], protect=args.retain))
            for queue, policy in queues(name, settings, args)
        }
        for each, (source, queue_name) in bindings(name, settings, args):
            self._declare(f"binding-{each.name}", each, self._behind_each([sources[source], made[queue_name]]))
        return host

    def _connect(self, vhost_name: str, name: str, settings: ClientSettings, behind: pulumi.Resource) -> None:
        args = self._args
        gates = [behind, *([args.ready_namespaces[settings.namespace]] if settings.namespace in args.ready_namespaces else [])]
        user, permission = client(vhost_name, name, settings, args)
        made = self._declare(f"user-{name}", user, self._behind_each(gates))
        self._declare(f"permission-{name}", permission, self._behind_each([made]))
        kubernetes.core.v1.ConfigMap(
            self.child_name(f"connection-{name}"),
            kubernetes.core.v1.ConfigMapInitArgs(
                metadata=kubernetes.meta.v1.ObjectMetaArgs(
                    name=f"{RABBITMQ}-{name}", namespace=settings.namespace, labels=labels(RABBITMQ, component="client")
                ),
                data=variables(args.connection, vhost_name, settings),
            ),
            self._behind_each(gates),
        )

    def _behind_each(self, gates: Sequence[pulumi.Resource], *, protect: bool = False) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self, depends_on=list(gates), protect=protect)

    def _declare(self, role: str, custom: CustomResource, options: pulumi.ResourceOptions) -> kubernetes.apiextensions.CustomResource:
        return declare(self.child_name(role), custom, options)
