"""The Helm charts that the platform installs. A chart's version stands here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.errors import ComponentError

EXACT_VERSION: Final = re.compile(r"v?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")


class UnpinnedChartError(ComponentError):
    """A chart of the table has no exact version."""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart at one exact version.

    ``repository`` is its classic (https) or OCI (oci://) repository. ``skip_crds`` leaves its folder
    ``crds/`` out, because a component declares the definitions itself: Helm installs that folder
    once and never upgrades it.

    Raises:
        UnpinnedChartError: the version is a range, a wildcard or missing.
    """

    name: str
    repository: str
    version: str
    skip_crds: bool = False

    def __post_init__(self) -> None:
        if not EXACT_VERSION.fullmatch(self.version):
            raise UnpinnedChartError(
                f"chart {self.name}: version {self.version!r} is not pinned; write one exact version such as 1.2.3 in components/charts.py"
            )


# The tables below are filled in with the versions that the values of the components were written
# against.
AZURE_METRICS_EXPORTER: Final = Chart(name="azure-metrics-exporter", repository="https://webdevops.github.io/helm-charts", version="1.2.11")
CERT_MANAGER: Final = Chart(name="cert-manager", repository="https://charts.jetstack.io", version="v1.21.1")
# The plugin archives what the operator's databases write; each names the versions of the other that
# it works with.
CLOUDNATIVE_PG: Final = Chart(name="cloudnative-pg", repository="https://cloudnative-pg.github.io/charts", version="0.29.0")
CLOUDNATIVE_PG_ARCHIVER: Final = Chart(name="plugin-barman-cloud", repository="https://cloudnative-pg.github.io/charts", version="0.7.0")
# The image of the autoscaler goes with the Kubernetes release: components/cluster/eks/releases.py.
CLUSTER_AUTOSCALER: Final = Chart(name="cluster-autoscaler", repository="https://kubernetes.github.io/autoscaler", version="9.59.0")
CLOUDWATCH_EXPORTER: Final = Chart(
    name="prometheus-yet-another-cloudwatch-exporter",
    repository="https://prometheus-community.github.io/helm-charts",
    version="0.47.0",
)
KUBE_PROMETHEUS_STACK: Final = Chart(
    name="kube-prometheus-stack", repository="https://prometheus-community.github.io/helm-charts", version="88.5.3"
)
# The last one of its kind; its images are newer: components/storage/minio/values.py.
MINIO: Final = Chart(name="minio", repository="https://charts.min.io", version="5.4.0")
NACK: Final = Chart(name="nack", repository="https://nats-io.github.io/k8s/helm/charts/", version="0.34.0", skip_crds=True)
NATS: Final = Chart(name="nats", repository="https://nats-io.github.io/k8s/helm/charts/", version="2.14.2")
# Its definitions are those of the operator in KUBE_PROMETHEUS_STACK: both move together.
PROMETHEUS_OPERATOR_CRDS: Final = Chart(
    name="prometheus-operator-crds", repository="https://prometheus-community.github.io/helm-charts", version="31.0.1"
)
# The images of its plugins go with it: components/backup/location.py.
VELERO: Final = Chart(name="velero", repository="https://vmware-tanzu.github.io/helm-charts", version="12.1.0")


# Pulling images, running hooks and replacing the pods of deployments, which happens side by side.
_WAIT: Final = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Roll:
    """How a chart's stateful pods are replaced: one after another.

    Attributes:
        pods: how many there are.
        ending: how long one may take to end (its termination grace period).
        starting: how long one may take until it is ready (its startup probe's patience).
    """

    pods: int
    ending: timedelta
    starting: timedelta

    @property
    def longest(self) -> timedelta:
        """How long all of them may take, without anything being wrong."""
        return self.pods * (self.ending + self.starting)


def install_chart(
    resource_name: str,
    chart: Chart,
    *,
    release_name: str,
    namespace: pulumi.Input[str],
    values: Mapping[str, Any],
    opts: pulumi.ResourceOptions,
    mirror: str | None = None,
    roll: Roll | None = None,
) -> kubernetes.helm.v3.Release:
    """Install a chart at its pinned version and wait until all of it is ready.

    Helm gives up after ten minutes, and after ``roll`` on top for a chart with stateful pods: a
    shorter wait would call a healthy roll a failure. A failed upgrade is rolled back, but not one
    of a chart with stateful pods, which stays as it is until the next ``up`` mends it: rolling back
    would replace every pod a second time, and cleaning up would delete what the upgrade has made
    anew, a StatefulSet for one.

    ``mirror`` is an OCI registry (``oci://…``) that holds every chart under its name, for clusters
    without a way to the internet.
    """
    where = (
        {"chart": f"{mirror.rstrip('/')}/{chart.name}"}
        if mirror
        else {"chart": f"{chart.repository.rstrip('/')}/{chart.name}"}
        if chart.repository.startswith("oci://")
        else {"chart": chart.name, "repository_opts": kubernetes.helm.v3.RepositoryOptsArgs(repo=chart.repository)}
    )
    undone_when_failed = roll is None
    return kubernetes.helm.v3.Release(
        resource_name,
        kubernetes.helm.v3.ReleaseArgs(
            **where,
            name=release_name,
            namespace=namespace,
            version=chart.version,
            values=dict(values),
            skip_crds=chart.skip_crds,
            atomic=undone_when_failed,
            cleanup_on_fail=undone_when_failed,
            max_history=10,
            timeout=(_WAIT + (roll.longest if roll else timedelta(0))) // timedelta(seconds=1),
        ),
        opts,
    )
