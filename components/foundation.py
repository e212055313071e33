"""What the platform in a cluster stands on, whichever place that is: plain data, no cloud's SDK.

Each place (AWS, Azure, a cluster that exists) builds one :class:`Foundation`; whatever runs in the cluster
is composed on it and never asks which place it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi

from components.database.model import DatabaseClient
from components.messaging.rabbitmq.managed import ManagedBroker
from components.storage.object_store import ObjectStore, StoreSignIn, StoreUser
from components.tenancy.demand import Demand
from components.tenancy.traffic import TrafficRule


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """IPv4 ranges in CIDR notation, for network policies.

    Attributes:
        kubernetes_api: where the Kubernetes API answers, as a service and at its endpoints.
        webhook_callers: whence the control plane calls admission webhooks.
        nodes: of the nodes, whose kubelets and exporters are scraped.
        webhook_tunnel: labels of the pods of kube-system through which the control plane calls admission
            webhooks, where it has such a tunnel.
        kubernetes_api_ports: of the service and of its endpoints.
        nodes_by_address: whether policies know nodes by their addresses; those of Cilium do not.
        api_by_address: whether they so know the servers of the Kubernetes API; Cilium's do not where
            these are nodes of the cluster.
    """

    kubernetes_api: tuple[str, ...]
    webhook_callers: tuple[str, ...]
    nodes: tuple[str, ...]
    webhook_tunnel: Mapping[str, str] = field(default_factory=dict)
    kubernetes_api_ports: tuple[int, ...] = (443,)
    nodes_by_address: bool = True
    api_by_address: bool = True


@dataclass(frozen=True, kw_only=True)
class Volumes:
    """The volumes that pods can claim.

    Attributes:
        storage_class: the default class: expandable and encrypted, and retained where the tier asks for it.
        broker_storage_class: the same for message brokers, as fast as they need it.
        snapshot_class: of the volumes' snapshots; None where the cluster can take none.
        ready: what claims a volume goes behind this.
    """

    storage_class: str
    broker_storage_class: str
    snapshot_class: str | None
    ready: pulumi.Resource


@dataclass(frozen=True, kw_only=True)
class ManagedDatabase:
    """A PostgreSQL that the place runs.

    Attributes:
        traffic: what the namespaces of its clients have to call to sign in.
        variables: the environment of its clients: where it is, in the words of libpq; ``PGHOST_READER`` where one can read elsewhere.
        own_variables: what the environment of a client has beside it, where the place tells clients apart by it.
    """

    traffic: Sequence[TrafficRule]
    variables: Mapping[str, pulumi.Input[str]]
    own_variables: Mapping[DatabaseClient, Mapping[str, pulumi.Input[str]]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Base:
    """What is in the cluster before anything runs there: gates to go behind, each a single resource.

    Attributes:
        namespaces: by name; behind it, limits and network policies of the namespace hold.
        priorities: priority classes by name.
        definitions: of the monitoring operator; None where the stack has no observability.
        issuer: the cluster's certificate issuer, at work; None where nothing asks for a certificate.
    """

    namespaces: Mapping[str, pulumi.Resource]
    priorities: Mapping[str, pulumi.Resource]
    definitions: pulumi.Resource | None
    issuer: pulumi.Resource | None


@dataclass(frozen=True, kw_only=True)
class Agent:
    """Something that the place itself runs in the cluster, such as an exporter of its metrics.

    ``install`` registers it; it is called once, when :class:`Base` is there.
    """

    demand: Demand
    install: Callable[[Base], None]


@dataclass(frozen=True, kw_only=True)
class Foundation:
    """What one place offers.

    Attributes:
        cluster_name: of the Kubernetes cluster, unique in the account.
        in_cluster: options that bring the provider of the cluster, once it has nodes and add-ons.
        addresses: see :class:`Addresses`.
        most_nodes: how many nodes the cluster may have at once, those included that an upgrade adds for its time.
        volumes: see :class:`Volumes`.
        database: None where the stack has no database.
        broker: None where the stack has no RabbitMQ, or runs it in the cluster.
        agents: what the place runs in the cluster.
        stores: of objects, by their purpose.
        sign_in_to_store: lets pods into one of them; it is called once for each user.
        internal_load_balancer: annotations of a Service whose load balancer is inside the network.
        second_region: where copies are kept for the loss of the first; None where the stack has none.
        exports: the place's own outputs of the stack: addresses and names, no secret.
    """

    cluster_name: str
    in_cluster: pulumi.ResourceOptions
    addresses: Addresses
    most_nodes: int
    volumes: Volumes
    database: ManagedDatabase | None = None
    broker: ManagedBroker | None = None
    agents: Sequence[Agent] = ()
    stores: Mapping[str, ObjectStore] = field(default_factory=dict)
    sign_in_to_store: Callable[[StoreUser], StoreSignIn] = lambda _: StoreSignIn()
    internal_load_balancer: Mapping[str, str] = field(default_factory=dict)
    second_region: str | None = None
    exports: Mapping[str, Any] = field(default_factory=dict)
