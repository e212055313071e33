"""What a NATS cluster needs besides its settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

from components.errors import ComponentError
from components.foundation import Addresses
from components.messaging.nats.model import NatsSettings
from components.observability.monitoring import Monitoring
from components.storage.object_store import ObjectStore, StoreSignIn


class NatsError(ComponentError):
    """Servers that nothing could manage."""


@dataclass(frozen=True, kw_only=True)
class NatsArgs:
    """One NATS cluster.

    Attributes:
        settings: its servers, streams and clients.
        namespace: where it lives; it has to exist, with the quota and the traffic that the
            functions beside ask for.
        storage_class: an expandable, retained, encrypted class (MSG-012).
        retain: protect the release and the streams, and have the controller keep their data.
        issuer: the cert-manager ClusterIssuer that both servers and clients trust.
        addresses: where the Kubernetes API answers.
        priority_class: of servers and controller.
        monitoring: None where the stack has no monitoring.
        client_namespaces: what is ready once the namespace of a client is, by the namespace's name.
        dr_stack: the stack that mirrors streams for disaster recovery, where a stream names no other.
        store: of backups; None where there is none.
        sign_in: by what the pods of backups sign in to it.
        internal_load_balancer: annotations of a Service whose load balancer is inside the network.
        chart_mirror: OCI registry that holds the charts.
        image_registry: registry that holds the images in place of Docker Hub.

    Raises:
        NatsError: the stream controller could not reach the Kubernetes API.
    """

    settings: NatsSettings
    namespace: str
    storage_class: str
    retain: bool
    issuer: str
    addresses: Addresses
    priority_class: str
    monitoring: Monitoring | None
    client_namespaces: Mapping[str, pulumi.Resource] = field(default_factory=dict)
    dr_stack: str | None = None
    store: ObjectStore | None = None
    sign_in: StoreSignIn = field(default_factory=StoreSignIn)
    internal_load_balancer: Mapping[str, str] = field(default_factory=dict)
    chart_mirror: str | None = None
    image_registry: str | None = None

    def __post_init__(self) -> None:
        if not self.addresses.kubernetes_api:
            raise NatsError("addresses.kubernetes_api is empty: the stream controller could not reach the Kubernetes API")
