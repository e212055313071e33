"""What runs in a namespace fits into its quota, and the least nodes of a stack hold the pods that cannot share a node with their like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from facts.quantity import parse_quantity
from tests.runs import STACKS, run_of
from tests.stacks.judging import find

RELEASE = "helm.sh/v3:Release"
CLAIM = "volumeClaimTemplate.spec.resources.requests.storage"


@dataclass(frozen=True, kw_only=True)
class Pods:
    """Pods of a release: where its values hold the resources of their containers, and how many pods there are."""

    release: str
    containers: Sequence[str]
    replicas: str = ""
    namespace: str


PODS = (
    Pods(
        release="nats-servers",
        containers=("container.resources", "reloader.merge.resources", "promExporter.merge.resources"),
        replicas="config.cluster.replicas",
        namespace="messaging",
    ),
    Pods(release="nats-controller", containers=("resources",), namespace="messaging"),
    Pods(
        release="metrics-release",
        containers=("prometheus.prometheusSpec.resources", "prometheusOperator.prometheusConfigReloader.resources"),
        replicas="prometheus.prometheusSpec.replicas",
        namespace="observability",
    ),
    Pods(
        release="metrics-release",
        containers=("alertmanager.alertmanagerSpec.resources", "prometheusOperator.prometheusConfigReloader.resources"),
        replicas="alertmanager.alertmanagerSpec.replicas",
        namespace="observability",
    ),
    Pods(
        release="metrics-release",
        containers=("grafana.resources", "grafana.sidecar.resources", "grafana.sidecar.resources"),
        namespace="observability",
    ),
    Pods(release="metrics-release", containers=("kube-state-metrics.resources",), namespace="observability"),
    Pods(release="metrics-release", containers=("prometheusOperator.resources",), namespace="observability"),
    Pods(release="cloudwatch-exporter-release", containers=("resources",), namespace="observability"),
    Pods(release="certificates-release", containers=("resources",), replicas="replicaCount", namespace="cert-manager"),
    Pods(release="certificates-release", containers=("webhook.resources",), replicas="webhook.replicaCount", namespace="cert-manager"),
    Pods(
        release="certificates-release", containers=("cainjector.resources",), replicas="cainjector.replicaCount", namespace="cert-manager"
    ),
    Pods(release="certificates-release", containers=("startupapicheck.resources",), namespace="cert-manager"),
    Pods(release="node-autoscaler-release", containers=("resources",), replicas="replicaCount", namespace="autoscaling"),
    Pods(release="backups-release", containers=("resources",), namespace="velero"),
)
WITHOUT_PODS = {"monitoring-definitions-release"}
ASKED = {"requests.cpu": ("requests", "cpu"), "requests.memory": ("requests", "memory"), "limits.memory": ("limits", "memory")}
NODES = {"t3.large": ("2", "8Gi"), "m7i.xlarge": ("4", "16Gi"), "m7i.2xlarge": ("8", "32Gi")}
# What the kubelet keeps back, and the agents that run on every node.
OVERHEAD_CPU, OVERHEAD_MEMORY = Decimal("0.5"), parse_quantity("2Gi")


def at(values: dict[str, Any], path: str) -> Any:
    content: Any = values
    for step in path.split("."):
        content = content.get(step, {})
    return content


def values_of(stack: str, release: str) -> dict[str, Any]:
    values: dict[str, Any] = find(stack, RELEASE, release).inputs["values"]
    return values


def asked(stack: str, pods: Pods, kind: str, what: str) -> Decimal:
    """What one of the pods asks for."""
    parts = [at(values_of(stack, pods.release), f"{path}.{kind}.{what}") for path in pods.containers]
    # A container that states nothing would get what the LimitRange gives it: the platform's own state everything.
    assert all(parts)
    return sum(map(parse_quantity, parts), Decimal(0))


def count(stack: str, pods: Pods) -> int:
    # NATS as a single server names no number.
    return int(at(values_of(stack, pods.release), pods.replicas) or 1) if pods.replicas else 1


def claims(values: dict[str, Any]) -> Iterator[str]:
    """The sizes of all volumes in values, each as often as there are pods."""
    for size_path, replicas_path in (
        (f"prometheus.prometheusSpec.storageSpec.{CLAIM}", "prometheus.prometheusSpec.replicas"),
        (f"alertmanager.alertmanagerSpec.storage.{CLAIM}", "alertmanager.alertmanagerSpec.replicas"),
        ("grafana.persistence.size", "grafana.replicas"),
        ("config.jetstream.fileStore.pvc.size", "config.cluster.replicas"),
    ):
        size = at(values, size_path)
        if size:
            yield from [size] * int(at(values, replicas_path) or 1)


def releases_of(stack: str) -> set[str]:
    return {each.name for each in run_of(stack).resources if each.type.endswith(RELEASE)}


def pods_of(stack: str) -> list[Pods]:
    there = releases_of(stack)
    return [pods for pods in PODS if pods.release in there]


def test_the_pods_of_every_release_are_counted_here() -> None:
    assert {pods.release for pods in PODS} == set.union(*map(releases_of, STACKS)) - WITHOUT_PODS


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("namespace", sorted({pods.namespace for pods in PODS}))
def test_the_quota_of_a_namespace_holds_what_runs_in_it_and_one_pod_more_of_each_kind(stack: str, namespace: str) -> None:
    inside = [pods for pods in pods_of(stack) if pods.namespace == namespace]
    if not inside:
        pytest.skip("the stack has nothing there")
    hard = find(stack, ":ResourceQuota", f"{namespace}-quota").inputs["spec"]["hard"]
    for key, (kind, what) in ASKED.items():
        needed = sum((asked(stack, pods, kind, what) * (count(stack, pods) + 1) for pods in inside), Decimal(0))
        assert needed <= parse_quantity(hard[key]), key
    assert sum(count(stack, pods) + 1 for pods in inside) <= int(hard["pods"])


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize(("namespace", "release"), [("messaging", "nats-servers"), ("observability", "metrics-release")])
def test_the_quota_of_a_namespace_holds_its_volumes_at_twice_their_size_while_one_of_them_is_restored(
    stack: str, namespace: str, release: str
) -> None:
    hard = find(stack, ":ResourceQuota", f"{namespace}-quota").inputs["spec"]["hard"]
    sizes = [2 * parse_quantity(size) for size in claims(values_of(stack, release))]
    assert sizes
    assert sum(sizes, Decimal(0)) + max(sizes) <= parse_quantity(hard["requests.storage"])
    assert len(sizes) + 1 <= int(hard["persistentvolumeclaims"])


@pytest.mark.parametrize("stack", STACKS)
def test_each_node_that_there_may_be_has_room_for_its_exporter(stack: str) -> None:
    hard = find(stack, ":ResourceQuota", "node-agents-quota").inputs["spec"]["hard"]
    nodes = find(stack, ":NodeGroup", "cluster-nodes-general").inputs["scalingConfig"]["maxSize"]
    assert int(hard["pods"]) >= nodes
    for key, (kind, what) in ASKED.items():
        exporter = at(values_of(stack, "metrics-release"), f"prometheus-node-exporter.resources.{kind}.{what}")
        assert parse_quantity(exporter) * nodes <= parse_quantity(hard[key]), key


@pytest.mark.parametrize("stack", STACKS)
def test_the_least_nodes_hold_a_broker_a_prometheus_and_a_share_of_the_rest_each(stack: str) -> None:
    group = find(stack, ":NodeGroup", "cluster-nodes-general").inputs
    least = group["scalingConfig"]["minSize"]
    for kind, what, size, kept in (
        ("requests", "cpu", min(parse_quantity(NODES[each][0]) for each in group["instanceTypes"]), OVERHEAD_CPU),
        ("requests", "memory", min(parse_quantity(NODES[each][1]) for each in group["instanceTypes"]), OVERHEAD_MEMORY),
    ):
        broker, metrics = (
            next(asked(stack, pods, kind, what) for pods in PODS if pods.release == name) for name in ("nats-servers", "metrics-release")
        )
        assert broker + metrics <= size - kept, what
        everything = sum((asked(stack, pods, kind, what) * count(stack, pods) for pods in pods_of(stack)), Decimal(0))
        assert everything <= least * (size - kept), what


@pytest.mark.parametrize("stack", ["staging", "production"])
def test_each_volume_that_anybody_may_claim_has_room_to_be_copied_beside_an_agent_and_a_mover_on_each_node(stack: str) -> None:
    quotas = [each for each in run_of(stack).resources if each.type.endswith(":ResourceQuota")]
    hard = {each.inputs["metadata"]["namespace"]: each.inputs["spec"]["hard"] for each in quotas}
    own = hard.pop("velero")
    del hard["restore-scratch"]
    for key in ("requests.storage", "persistentvolumeclaims"):
        assert sum(parse_quantity(each[key]) for each in hard.values()) <= parse_quantity(own[key]), key
    nodes = find(stack, ":NodeGroup", "cluster-nodes-general").inputs["scalingConfig"]["maxSize"]
    assert int(own["pods"]) >= 2 * nodes + 1
