"""Metrics of Azure services in Prometheus: an exporter that asks Azure Monitor for what alerts need.

Azure's managed Prometheus does not have them: it collects from clusters alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.azure import AzureLocation
from components.base import Component
from components.charts import AZURE_METRICS_EXPORTER, install_chart
from components.kubernetes import NAME_LABEL
from components.pods import RESTRICTED_CONTAINER, parse_resources, restricted_pod
from components.security.azure.identity import CLIENT_ID, USES_IDENTITY, PodIdentity, Right, ServiceAccount, identify_pods
from components.tenancy.footprint import Footprint, deployment, pod
from components.tenancy.traffic import TrafficRule, azure_apis, dns, scraped_by
from facts.azure import BuiltInRole

NAME: Final = "azure-metrics-exporter"
_POD_LABELS: Final = {NAME_LABEL: NAME}
# The user of the image.
_USER: Final = 1000
_RESOURCES: Final = parse_resources("20m", "64Mi", memory_limit="128Mi")
_PREFIX: Final = "azure"
# Docker Hub, the chart's choice, limits anonymous pulls.
_REGISTRY: Final = "quay.io"


@dataclass(frozen=True, kw_only=True)
class AzureMetrics:
    """The metrics of one resource, as Azure Monitor names them; ``aggregations`` are such as ``maximum``.

    A series is called ``azure_<metric>_<aggregation>``, and its label ``resourceName`` is the resource's name.
    """

    name: str
    resource_id: str
    metrics: Sequence[str]
    aggregations: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class AzureMetricsExporterArgs:
    """What the exporter needs to know.

    Attributes:
        location: the subscription of what it asks for.
        identity: the name of its identity in the resource group.
        issuer: the URL of the cluster's OIDC issuer.
        namespace: of the monitoring, where it runs and is scraped from; it has to exist.
        wanted: what it fetches, every minute.
        priority_class: of its pod.
        chart_mirror: OCI registry that holds the charts.
        image_registry: registry that holds the image in place of quay.io.
    """

    location: AzureLocation
    identity: str
    issuer: pulumi.Input[str]
    namespace: str
    wanted: Sequence[AzureMetrics]
    priority_class: str
    chart_mirror: str | None = None
    image_registry: str | None = None


class AzureMetricsExporter(Component):
    """The exporter and its identity, which reads the metrics of what it is asked for alone.

    ``opts`` bring the providers of Azure and Kubernetes, and put it behind the resources.

    Attributes:
        release: its Helm release.
    """

    release: kubernetes.helm.v3.Release

    def __init__(self, name: str, args: AzureMetricsExporterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        identity = PodIdentity(
            role="identity",
            name=args.identity,
            issuer=args.issuer,
            accounts=[ServiceAccount(namespace=args.namespace, name=NAME)],
            rights={each.name: Right(role=BuiltInRole.MONITORING_READER, scope=each.resource_id) for each in args.wanted},
        )
        self.release = install_chart(
            self.child_name("release"),
            AZURE_METRICS_EXPORTER,
            release_name=NAME,
            namespace=args.namespace,
            values=render_values(args, identify_pods(self, identity, location=args.location).client_id),
            mirror=args.chart_mirror,
            opts=self.child_options(),
        )
        self.register_outputs({})


def render_values(args: AzureMetricsExporterArgs, client_id: pulumi.Input[str]) -> dict[str, Any]:
    """Values of the chart."""
    return {
        "nameOverride": NAME,
        "fullnameOverride": NAME,
        "image": {"registry": args.image_registry or _REGISTRY},
        "env": {"AZURE_AUTH": "workload"},
        "serviceAccount": {"create": True, "name": NAME, "annotations": {CLIENT_ID: client_id}},
        "podLabels": USES_IDENTITY,
        # The namespace's own policies let it call HTTPS alone, and no address of its node.
        "netpol": {"enabled": False},
        "priorityClassName": args.priority_class,
        "securityContext": restricted_pod(_USER),
        "containerSecurityContext": RESTRICTED_CONTAINER,
        "resources": _RESOURCES.render(),
        "prometheus": {"metricProbes": _probes(args)},
    }


def _probes(args: AzureMetricsExporterArgs) -> dict[str, Any]:
    return {
        "path": "/probe/metrics/resource",
        "interval": "60s",
        "scrapeTimeout": "30s",
        "params": {
            "subscription": [args.location.subscription_id],
            "name": [_PREFIX],
            "template": ["{name}_{metric}_{aggregation}"],
            "interval": ["PT1M"],
            # Azure Monitor has a minute's figures some minutes later; the last one counts.
            "timespan": ["PT10M"],
        },
        "probes": [
            {
                "name": each.name,
                "params": {"target": [each.resource_id], "metric": list(each.metrics), "aggregation": list(each.aggregations)},
            }
            for each in args.wanted
        ],
    }


def footprint(_: AzureMetricsExporterArgs) -> Footprint:
    """One pod."""
    return deployment(pod(_RESOURCES))


def traffic(args: AzureMetricsExporterArgs) -> Sequence[TrafficRule]:
    """Prometheus calls it, and it calls DNS, Entra and Azure."""
    rules = (dns(), scraped_by(args.namespace), azure_apis())
    return [rule.narrowed(f"{NAME}-{rule.name}", _POD_LABELS) for rule in rules]
