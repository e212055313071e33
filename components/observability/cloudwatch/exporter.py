"""Metrics of AWS services in Prometheus: an exporter that asks CloudWatch for what alerts need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import yaml

from components.alerts import AlertGroup
from components.aws import AwsLocation
from components.base import Component
from components.charts import CLOUDWATCH_EXPORTER, install_chart
from components.cluster.eks.pod_identity import ServiceAccount, grant_to_pods
from components.kubernetes import NAME_LABEL, declare
from components.observability.rules import prometheus_rule
from components.pods import RESTRICTED_CONTAINER, parse_resources, restricted_pod
from components.tenancy.footprint import Footprint, deployment, pod
from components.tenancy.traffic import TrafficRule, aws_apis, dns, scraped_by

NAME: Final = "cloudwatch-exporter"
_POD_LABELS: Final = {NAME_LABEL: NAME}
_NOBODY: Final = 65534
_RESOURCES: Final = parse_resources("20m", "64Mi", memory_limit="128Mi")
_PERIOD_SECONDS: Final = 60
# CloudWatch has a minute's figures one to three minutes later.
_LENGTH_SECONDS: Final = 300


@dataclass(frozen=True, kw_only=True)
class CloudWatchMetric:
    """A metric and a statistic as CloudWatch names them; ``DatabaseConnections`` and ``Maximum``."""

    name: str
    statistic: str


@dataclass(frozen=True, kw_only=True)
class CloudWatchJob:
    """The metrics of one resource, given by all of its dimensions.

    ``name`` becomes the label ``name`` of the series, ``region`` is None for the exporter's own.
    """

    name: str
    namespace: str
    dimensions: Mapping[str, str]
    metrics: Sequence[CloudWatchMetric]
    region: str | None = None


@dataclass(frozen=True, kw_only=True)
class CloudWatchExporterArgs:
    """What the exporter needs to know.

    Attributes:
        location: the account and region whose CloudWatch it asks.
        cluster_name: the EKS cluster that it runs in; it needs the Pod Identity agent.
        namespace: of the monitoring, where it runs and is scraped from; it has to exist.
        jobs: what it fetches, every minute.
        alerts: upon what it fetches, which nobody else states.
        runbook_base_url: address below which the runbooks of these lie.
        priority_class: of its pod.
        chart_mirror: OCI registry that holds the charts.
        image_registry: registry that holds the image in place of quay.io.
    """

    location: AwsLocation
    cluster_name: str
    namespace: str
    jobs: Sequence[CloudWatchJob]
    priority_class: str
    alerts: Sequence[AlertGroup] = ()
    runbook_base_url: str = ""
    chart_mirror: str | None = None
    image_registry: str | None = None


class CloudWatchExporter(Component):
    """The exporter and its role. ``opts`` bring the providers of AWS and Kubernetes.

    Attributes:
        release: its Helm release.
    """

    release: kubernetes.helm.v3.Release

    def __init__(self, name: str, args: CloudWatchExporterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self.release = install_chart(
            self.child_name("release"),
            CLOUDWATCH_EXPORTER,
            release_name=NAME,
            namespace=args.namespace,
            values=render_values(args),
            mirror=args.chart_mirror,
            opts=self.child_options(depends_on=[self._create_identity(args)]),
        )
        if args.alerts:
            declare(
                self.child_name("alerts"), prometheus_rule(NAME, args.namespace, args.alerts, args.runbook_base_url), self.child_options()
            )
        self.register_outputs({})

    def _create_identity(self, args: CloudWatchExporterArgs) -> aws.eks.PodIdentityAssociation:
        # Neither action can be limited to a resource. The alias becomes a label; without the right
        # to it every scrape logs a warning.
        reads = {"Effect": "Allow", "Action": ["cloudwatch:GetMetricStatistics", "iam:ListAccountAliases"], "Resource": "*"}
        account = ServiceAccount(cluster_name=args.cluster_name, namespace=args.namespace, name=NAME)
        return grant_to_pods(self, account, [reads], location=args.location, description="Reads metrics of CloudWatch")


def render_config(region: str, jobs: Sequence[CloudWatchJob]) -> dict[str, Any]:
    """The exporter's configuration file: its jobs are static and list no resources."""
    return {
        "apiVersion": "v1alpha1",
        "sts-region": region,
        "static": [
            {
                "name": job.name,
                "namespace": job.namespace,
                "regions": [job.region or region],
                "dimensions": [{"name": name, "value": value} for name, value in job.dimensions.items()],
                "metrics": [
                    {"name": metric.name, "statistics": [metric.statistic], "period": _PERIOD_SECONDS, "length": _LENGTH_SECONDS}
                    for metric in job.metrics
                ],
            }
            for job in jobs
        ],
    }


def render_values(args: CloudWatchExporterArgs) -> dict[str, Any]:
    """Values of the chart."""
    return {
        "nameOverride": NAME,
        "fullnameOverride": NAME,
        "serviceAccount": {"create": True, "name": NAME},
        "config": yaml.safe_dump(render_config(args.location.region, args.jobs), sort_keys=False),
        "extraArgs": {"scraping-interval": _PERIOD_SECONDS},
        "serviceMonitor": {"enabled": True, "interval": f"{_PERIOD_SECONDS}s"},
        "testConnection": False,
        "priorityClassName": args.priority_class,
        # The image's user has a name but no number, which the kubelet cannot tell from root.
        "podSecurityContext": restricted_pod(_NOBODY),
        "securityContext": RESTRICTED_CONTAINER,
        "resources": _RESOURCES.render(),
        **({"image": {"registry": args.image_registry}} if args.image_registry else {}),
    }


def footprint(_: CloudWatchExporterArgs) -> Footprint:
    """One pod."""
    return deployment(pod(_RESOURCES))


def traffic(args: CloudWatchExporterArgs) -> Sequence[TrafficRule]:
    """Prometheus calls it, and it calls DNS, CloudWatch and the agent of its credentials."""
    rules = (dns(), scraped_by(args.namespace), aws_apis())
    return [rule.narrowed(f"{NAME}-{rule.name}", _POD_LABELS) for rule in rules]
