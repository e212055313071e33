"""cert-manager, and the authority that signs certificates of services in the cluster (NET-005)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component
from components.charts import CERT_MANAGER, install_chart
from components.foundation import Addresses
from components.kubernetes import CustomResource, declare, labels
from components.observability.monitoring import Monitoring
from components.pods import ZONE, Resources, parse_resources, spread_over
from components.tenancy.footprint import Footprint, deployment, pod
from components.tenancy.traffic import TrafficRule, calls_kubernetes_api, dns, scraped_by, serves_webhooks

ISSUER: Final = "plinth-ca"
"""The ClusterIssuer that signs certificates of services."""
_WEBHOOK_PORT: Final = 10250
_RELEASE: Final = "cert-manager"
_BOOTSTRAP: Final = "plinth-bootstrap"
_GROUP: Final = "cert-manager.io"
_CONTROLLER: Final = parse_resources("50m", "256Mi")
_WEBHOOK: Final = parse_resources("25m", "128Mi")
_CA_INJECTOR: Final = parse_resources("25m", "256Mi")
_STARTUP_CHECK: Final = parse_resources("10m", "64Mi")


@dataclass(frozen=True, kw_only=True)
class CertManagerArgs:
    """What cert-manager needs to know.

    Attributes:
        namespace: where it lives; it has to exist, with the quota and the traffic that the
            functions below ask for.
        replicas: of controller, webhook and CA injector each; more than one get a disruption
            budget.
        priority_class: of its pods: while the webhook is away, no certificate can be declared.
        addresses: of the Kubernetes API and of those who call webhooks.
        monitoring: None where there is none, and no definition of a ServiceMonitor.
        chart_mirror: OCI registry that holds the charts.
        image_registry: registry that holds the images in place of quay.io.
    """

    namespace: str
    replicas: int
    priority_class: str
    addresses: Addresses
    monitoring: Monitoring | None = None
    chart_mirror: str | None = None
    image_registry: str | None = None


class CertManager(Component):
    """cert-manager and the internal authority.

    ``opts`` bring the provider, and put the component behind the monitoring operator's definitions:
    it brings a ServiceMonitor.

    Attributes:
        issuer: name of the ClusterIssuer, known before it exists.
        ready: what asks for a certificate goes behind this: the issuer itself, at work.
        release: its Helm release.
    """

    issuer: str
    ready: pulumi.Resource
    release: kubernetes.helm.v3.Release

    def __init__(self, name: str, args: CertManagerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self.release = install_chart(
            self.child_name("release"),
            CERT_MANAGER,
            release_name=_RELEASE,
            namespace=args.namespace,
            values=render_values(args),
            mirror=args.chart_mirror,
            opts=self.child_options(),
        )
        self.ready = self.release
        for role, custom in authority(args.namespace).items():
            self.ready = declare(self.child_name(role), custom, self.child_options(depends_on=[self.ready]))
        self.issuer = ISSUER
        self.register_outputs({"issuer": self.issuer})


def footprint(args: CertManagerArgs) -> Footprint:
    """Controller, webhook and CA injector, and the check that ends each installation."""
    parts = (deployment(pod(each), args.replicas) for each in (_CONTROLLER, _WEBHOOK, _CA_INJECTOR))
    # An attempt of the check, and the one before that may not be gone yet.
    return sum(parts, pod(_STARTUP_CHECK) * 2)


def traffic(args: CertManagerArgs) -> Sequence[TrafficRule]:
    """The ways through the namespace's default-deny.

    Every pod reaches the Kubernetes API; the control plane reaches the webhook, Prometheus all that
    has metrics.
    """
    webhooks = serves_webhooks(args.addresses.webhook_callers, _WEBHOOK_PORT, tunnel=args.addresses.webhook_tunnel)
    return (
        dns(),
        calls_kubernetes_api(args.addresses.kubernetes_api, args.addresses.kubernetes_api_ports),
        webhooks.narrowed("webhooks", _pods("webhook")),
        *([scraped_by(args.monitoring.namespace)] if args.monitoring else []),
    )


def render_values(args: CertManagerArgs) -> dict[str, Any]:
    """Values of the chart. It runs restricted by itself (POD-001, POD-002)."""
    return {
        # The definitions are upgraded with the release and outlive it: deleting them would delete
        # every certificate of the cluster.
        "crds": {"enabled": True, "keep": True},
        "global": {"priorityClassName": args.priority_class, "leaderElection": {"namespace": args.namespace}},
        **({"imageRegistry": args.image_registry} if args.image_registry else {}),
        **_part(args.replicas, "controller", _CONTROLLER),
        "webhook": _part(args.replicas, "webhook", _WEBHOOK),
        "cainjector": _part(args.replicas, "cainjector", _CA_INJECTOR),
        "startupapicheck": {"resources": _STARTUP_CHECK.render()},
        "prometheus": {"enabled": True, "servicemonitor": {"enabled": args.monitoring is not None}},
    }


def authority(namespace: str) -> dict[str, CustomResource]:
    """The internal authority in order of creation: self-signed issuer, its certificate, the issuer.

    ``namespace`` is cert-manager's own: a ClusterIssuer reads its secret from there.
    """
    common = labels(ISSUER, component="authority")
    # What comes next would wait in vain, and fail late, for an issuer that is not ready.
    ready = {"pulumi.com/waitFor": "condition=Ready"}
    return {
        "bootstrap-issuer": CustomResource(
            api_version=f"{_GROUP}/v1", kind="ClusterIssuer", name=_BOOTSTRAP, labels=common, annotations=ready, spec={"selfSigned": {}}
        ),
        "ca": CustomResource(
            api_version=f"{_GROUP}/v1",
            kind="Certificate",
            name=ISSUER,
            namespace=namespace,
            labels=common,
            annotations=ready,
            spec={
                "isCA": True,
                "commonName": ISSUER,
                "secretName": ISSUER,
                # Ten years, renewed one before the end: what it signed lives 90 days and has long
                # been signed again.
                "duration": "87600h",
                "renewBefore": "8760h",
                # With the same key and name, what the old one signed stays valid under the new one.
                "privateKey": {"algorithm": "ECDSA", "size": 384, "rotationPolicy": "Never"},
                "usages": ["cert sign", "crl sign", "digital signature"],
                "issuerRef": {"group": _GROUP, "kind": "ClusterIssuer", "name": _BOOTSTRAP},
            },
        ),
        "issuer": CustomResource(
            api_version=f"{_GROUP}/v1",
            kind="ClusterIssuer",
            name=ISSUER,
            labels=common,
            annotations=ready,
            spec={"ca": {"secretName": ISSUER}},
        ),
    }


def _part(replicas: int, component: str, resources: Resources) -> dict[str, Any]:
    return {
        "replicaCount": replicas,
        "resources": resources.render(),
        # A pod that does not get ready must not keep its node from being drained.
        "podDisruptionBudget": {"enabled": replicas > 1, "minAvailable": 1, "unhealthyPodEvictionPolicy": "AlwaysAllow"},
        "topologySpreadConstraints": [spread_over(ZONE, _pods(component))],
    }


def _pods(component: str) -> dict[str, str]:
    return {"app.kubernetes.io/instance": _RELEASE, "app.kubernetes.io/component": component}
