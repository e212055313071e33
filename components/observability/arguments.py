"""What the monitoring stack is told: the user's settings, and what comes from other components."""

from __future__ import annotations

from dataclasses import dataclass

from components.errors import ComponentError
from components.foundation import Addresses
from components.models.recovery import RecoveryTargets
from components.observability.model import ObservabilitySettings


class PrometheusStackError(ComponentError):
    """A monitoring stack that could not run."""


@dataclass(frozen=True, kw_only=True)
class PrometheusStackArgs:
    """One monitoring stack.

    Attributes:
        settings: what the user asks for; the secrets that its routing names have to exist in
            ``namespace``.
        namespace: where it lives; it has to exist, with the quota and the traffic that the
            functions beside ask for.
        agents_namespace: where the node exporter lives, which needs the host's namespaces;
            likewise.
        cluster_name: label ``kubernetes_cluster`` of everything that leaves this Prometheus.
        issuer: the cert-manager ClusterIssuer of the admission webhook's certificate.
        storage_class: of all volumes.
        addresses: of the Kubernetes API, of those who call webhooks, and of the nodes.
        most_nodes: how many nodes there may be at once, each with an exporter.
        retain: protect the release.
        priority_class: of all of its pods.
        recovery: what its volumes declare; None where nothing backs them up.
        chart_mirror: OCI registry that holds the charts.
        image_registry: registry that holds the images.

    Raises:
        PrometheusStackError: there is no address of nodes or API.
    """

    settings: ObservabilitySettings
    namespace: str
    agents_namespace: str
    cluster_name: str
    issuer: str
    storage_class: str
    addresses: Addresses
    most_nodes: int
    retain: bool
    priority_class: str
    recovery: RecoveryTargets | None = None
    chart_mirror: str | None = None
    image_registry: str | None = None

    def __post_init__(self) -> None:
        if not (self.addresses.nodes and self.addresses.kubernetes_api):
            raise PrometheusStackError("addresses of nodes and of the Kubernetes API must not be empty: nothing could be scraped")
