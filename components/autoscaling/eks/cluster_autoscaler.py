"""The Cluster Autoscaler: the number of nodes, between the bounds of each managed node group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.autoscaling.alerts import ALERTS
from components.aws import AwsLocation, Statement
from components.base import Component
from components.charts import CLUSTER_AUTOSCALER, install_chart
from components.cluster.eks.pod_identity import ServiceAccount, grant_to_pods
from components.kubernetes import NAME_LABEL, declare
from components.observability.monitoring import Monitoring
from components.observability.monitors import service_monitor
from components.observability.rules import prometheus_rule
from components.pods import HOST, RESTRICTED_CONTAINER, ZONE, parse_resources, restricted_pod, spread_over
from components.tenancy.footprint import Footprint, deployment, pod
from components.tenancy.traffic import TrafficRule, aws_apis, calls_kubernetes_api, dns, scraped_by

NAME: Final = "cluster-autoscaler"
_POD_LABELS: Final = {NAME_LABEL: NAME}
_NOBODY: Final = 65534
_REGISTRY: Final = "registry.k8s.io"
# It holds every pod and node of the cluster in memory; so much is in its maintainers' own manifests.
_RESOURCES: Final = parse_resources("100m", "600Mi")


@dataclass(frozen=True, kw_only=True)
class ClusterAutoscalerArgs:
    """What the autoscaler needs to know.

    Attributes:
        location: where the node groups are.
        cluster_name: the EKS cluster, which tags its groups for the autoscaler; it needs the Pod Identity agent.
        image_tag: of the cluster's Kubernetes release, whose scheduler it simulates.
        namespace: where it runs; it has to exist.
        replicas: of which one works and the others stand by.
        priority_class: of its pods: while it is away, pods without room wait.
        api_server_cidrs: where the Kubernetes API answers.
        monitoring: None where the stack has no observability.
        chart_mirror: OCI registry that holds the charts.
        image_registry: registry that holds the images.
    """

    location: AwsLocation
    cluster_name: str
    image_tag: str
    namespace: str
    replicas: int
    priority_class: str
    api_server_cidrs: Sequence[str]
    monitoring: Monitoring | None = None
    chart_mirror: str | None = None
    image_registry: str | None = None


class ClusterAutoscaler(Component):
    """The autoscaler with its identity, metrics and alerts.

    ``opts`` bring the providers of AWS and Kubernetes, and put it behind its namespace, which has room
    for its ``footprint`` and lets its ``traffic`` through, and behind the monitoring operator's definitions.

    Attributes:
        release: its Helm release.
    """

    release: kubernetes.helm.v3.Release

    def __init__(self, name: str, args: ClusterAutoscalerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        identity = grant_to_pods(
            self,
            ServiceAccount(cluster_name=args.cluster_name, namespace=args.namespace, name=NAME),
            rights(args.cluster_name),
            location=args.location,
            description="Sets the number of nodes of the EKS cluster",
        )
        self.release = install_chart(
            self.child_name("release"),
            CLUSTER_AUTOSCALER,
            release_name=NAME,
            namespace=args.namespace,
            values=render_values(args),
            mirror=args.chart_mirror,
            opts=self.child_options(depends_on=[identity]),
        )
        if args.monitoring:
            monitor = service_monitor(NAME, args.namespace, selector=_POD_LABELS, port="http", interval="30s")
            declare(self.child_name("monitor"), monitor, self.child_options())
            rule = prometheus_rule(NAME, args.namespace, ALERTS, args.monitoring.runbook_base_url)
            declare(self.child_name("alerts"), rule, self.child_options())
        self.register_outputs({})


def rights(cluster_name: str) -> Sequence[Statement]:
    """What it may do in AWS.

    It looks at all groups, which cannot be limited, and sets the size of those that EKS tagged for
    this cluster (the autoscaler's documentation, "IAM Policy").
    """
    looks = [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeLaunchConfigurations",
        "autoscaling:DescribeScalingActivities",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:GetInstanceTypesFromInstanceRequirements",
        "eks:DescribeNodegroup",
    ]
    sets = ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"]
    ours = {"StringEquals": {f"aws:ResourceTag/k8s.io/cluster-autoscaler/{cluster_name}": "owned"}}
    return (
        {"Effect": "Allow", "Action": looks, "Resource": "*"},
        {"Effect": "Allow", "Action": sets, "Resource": "*", "Condition": ours},
    )


def render_values(args: ClusterAutoscalerArgs) -> dict[str, Any]:
    """Values of the chart."""
    return {
        "nameOverride": NAME,
        "fullnameOverride": NAME,
        "cloudProvider": "aws",
        "awsRegion": args.location.region,
        "autoDiscovery": {"clusterName": args.cluster_name},
        "image": {"repository": f"{args.image_registry or _REGISTRY}/autoscaling/cluster-autoscaler", "tag": args.image_tag},
        "replicaCount": args.replicas,
        "rbac": {"serviceAccount": {"name": NAME}},
        "extraArgs": {
            # Of two groups that would do, the one that leaves less idle; like groups grow alike.
            "expander": "least-waste",
            "balance-similar-node-groups": True,
            # Nearly every pod has an emptyDir, which any other move of the pod loses as well.
            "skip-nodes-with-local-storage": False,
        },
        "priorityClassName": args.priority_class,
        "podDisruptionBudget": {"maxUnavailable": 1},
        "resources": _RESOURCES.render(),
        "securityContext": restricted_pod(_NOBODY),
        "containerSecurityContext": dict(RESTRICTED_CONTAINER),
        "topologySpreadConstraints": [spread_over(ZONE, _POD_LABELS), spread_over(HOST, _POD_LABELS)],
    }


def footprint(args: ClusterAutoscalerArgs) -> Footprint:
    """What it needs of its namespace."""
    return deployment(pod(_RESOURCES), args.replicas)


def traffic(args: ClusterAutoscalerArgs) -> Sequence[TrafficRule]:
    """It calls DNS, the Kubernetes API, and AWS with the credentials of its node's agent.

    Prometheus calls it.
    """
    watched = (scraped_by(args.monitoring.namespace),) if args.monitoring else ()
    rules = (dns(), calls_kubernetes_api(args.api_server_cidrs), aws_apis(), *watched)
    return [rule.narrowed(f"{NAME}-{rule.name}", _POD_LABELS) for rule in rules]
