"""cert-manager, and the certificate authority of the cluster that services within it get their certificates from (NET-005)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component
from components.charts import CERT_MANAGER, install_chart
from components.kubernetes import CustomResource, declare, labels

ISSUER: Final = "plinth-ca"
"""The ClusterIssuer that signs certificates of services."""
WEBHOOK_PORT: Final = 10250
_RELEASE: Final = "cert-manager"
_BOOTSTRAP: Final = "plinth-bootstrap"
_GROUP: Final = "cert-manager.io"


@dataclass(frozen=True, kw_only=True)
class CertManagerArgs:
    """What cert-manager needs to know.

    Attributes:
        namespace: where it lives; it has to exist, and allow DNS, the Kubernetes API and webhooks on ``WEBHOOK_PORT``.
        replicas: of controller, webhook and CA injector each; more than one get a disruption budget.
        priority_class: of its pods: while the webhook is away, no certificate can be declared.
        monitored: whether the definitions of the monitoring operator are there for its ServiceMonitor.
        chart_mirror: OCI registry that holds the charts.
    """

    namespace: str
    replicas: int
    priority_class: str
    monitored: bool
    chart_mirror: str | None = None


class CertManager(Component):
    """cert-manager and the internal authority.

    ``opts`` bring the provider, and put the component behind the monitoring operator's definitions: it brings a ServiceMonitor.

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


def render_values(args: CertManagerArgs) -> dict[str, Any]:
    """Values of the chart. It runs restricted by itself (POD-001, POD-002)."""
    return {
        # The definitions outlive the release: deleting them would delete every certificate of the cluster.
        "crds": {"enabled": True, "keep": True},
        "global": {"priorityClassName": args.priority_class, "leaderElection": {"namespace": args.namespace}},
        **_part(args.replicas, component="controller", cpu="50m", memory="256Mi"),
        "webhook": _part(args.replicas, component="webhook", cpu="25m", memory="128Mi"),
        "cainjector": _part(args.replicas, component="cainjector", cpu="25m", memory="256Mi"),
        "startupapicheck": {"resources": _resources("10m", "64Mi")},
        "prometheus": {"enabled": True, "servicemonitor": {"enabled": args.monitored}},
    }


def authority(namespace: str) -> dict[str, CustomResource]:
    """The internal authority, in the order in which its parts come to life: a self-signed issuer, its one certificate, the issuer.

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
                # Ten years, renewed one before the end: what it signed lives 90 days and has long been signed again.
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


def _part(replicas: int, *, component: str, cpu: str, memory: str) -> dict[str, Any]:
    selector = {"matchLabels": {"app.kubernetes.io/instance": _RELEASE, "app.kubernetes.io/component": component}}
    return {
        "replicaCount": replicas,
        "resources": _resources(cpu, memory),
        "podDisruptionBudget": {"enabled": replicas > 1},
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": "topology.kubernetes.io/zone",
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": selector,
            }
        ],
    }


def _resources(cpu: str, memory: str) -> dict[str, Any]:
    return {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": memory}}
