from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from components.cluster.existing.model import ClusterSettings
from doctor.checks import CHECKS
from doctor.checks.release import check_clock
from doctor.cluster import Answer, Cluster, Object
from doctor.findings import State
from doctor.needs import Needs, Room
from facts.tiers import Tier
from tests.doctor.fakes import (
    API_SERVICES,
    CLASSES,
    DAEMON_SETS,
    DEFINITIONS,
    DRIVERS,
    ENTRY,
    GROUPS,
    INGRESS_CLASSES,
    METRICS,
    NAMESPACES,
    NEEDS,
    NODES,
    OFFER,
    PODS,
    PRIORITIES,
    SERVICES,
    SLICES,
    SNAPSHOT_CLASSES,
    VERSION,
    Documents,
    FakeServer,
    changed,
    documents,
    examined,
    named,
)

MISSING, ADVICE, UNCHECKED = State.MISSING, State.ADVICE, State.UNCHECKED
Change = Callable[[Documents], object]
Expected = list[tuple[State, str, str]]


def in_class(**fields: Any) -> Change:
    return lambda found: found[CLASSES][0].update(fields)


def on_node(number: int, part: str, **fields: Any) -> Change:
    return lambda found: found[NODES][number][part].update(fields)


def without(path: str) -> Change:
    return lambda found: found.pop(path)


def put(path: str, *objects: Any) -> Change:
    return lambda found: found.update({path: list(objects)})


def text(path: str, content: Any) -> Change:
    return lambda found: found.update({path: content})


def provisioned_by(name: str) -> Change:
    return lambda found: (found[CLASSES][0].update(provisioner=name), found.update({SNAPSHOT_CLASSES: [named("longhorn", driver=name)]}))


def pod(cpu: str, namespace: str = "others", phase: str = "Running") -> dict[str, Any]:
    container = {"name": "app", "resources": {"requests": {"cpu": cpu}}}
    helper = {"name": "init", "resources": {"requests": {"cpu": "100m"}}}
    return {
        "metadata": {"name": "pod", "namespace": namespace},
        "spec": {"nodeName": "node-0", "containers": [container], "initContainers": [helper]},
        "status": {"phase": phase},
    }


CILIUM = "/api/v1/namespaces/kube-system/configmaps/cilium-config"
K3S = ["server", "--flannel-backend", "vxlan"]


def k3s(*arguments: str) -> Change:
    def change(found: Documents) -> None:
        found[DAEMON_SETS] = []
        for each in found[NODES]:
            each["status"]["nodeInfo"]["kubeletVersion"] = "v1.36.1+k3s1"
            quoted = ", ".join(f'"{argument}"' for argument in (*K3S, *arguments))
            each["metadata"]["annotations"] = {"k3s.io/node-args": f"[{quoted}]"}

    return change


def aws(*arguments: str) -> dict[str, Any]:
    containers = [{"name": "aws-node"}, {"name": "aws-eks-nodeagent", "args": list(arguments)}]
    return named("aws-node", spec={"template": {"spec": {"containers": containers}}})


def offering(**fields: Any) -> ClusterSettings:
    """The settings with other statements about the cluster."""
    return OFFER.model_copy(update=fields)


def test_a_cluster_that_has_all_is_told_so_by_every_check() -> None:
    assert examined(documents()) == []
    for check in CHECKS:
        assert all(each.state is State.FINE for each in check(NEEDS, Cluster(FakeServer(documents()))))


ONE_LESS: Expected = [
    (MISSING, "nodes", "CLUS-002"),
    (MISSING, "nodes", ""),
    (MISSING, "zones", ""),
    (MISSING, "zones", "CLUS-002"),
]
"""What is said of a cluster in which one of three nodes takes no pods."""

CASES: list[tuple[str, Change, Expected]] = [
    (
        "old release",
        text(VERSION, {"gitVersion": "v1.31.2"}),
        [(MISSING, "Kubernetes", "CLUS-005"), (MISSING, "Kubernetes", "CLUS-005"), *[(MISSING, "Kubernetes", "")] * 3],
    ),
    (
        "another release",
        text(VERSION, {"gitVersion": "v1.35.2+k3s1"}),
        [(MISSING, "Kubernetes", "CLUS-005"), *[(MISSING, "Kubernetes", "")] * 3],
    ),
    ("strange release", text(VERSION, {"gitVersion": "main"}), [(ADVICE, "Kubernetes", "")]),
    ("old kubelet", on_node(0, "status", nodeInfo={"kubeletVersion": "v1.32.0"}), [(MISSING, "Kubernetes", "")]),
    ("cordoned", on_node(0, "spec", unschedulable=True), ONE_LESS),
    (
        "tainted",
        on_node(0, "spec", taints=[{"key": "a", "effect": "NoSchedule"}]),
        ONE_LESS,
    ),
    ("preferred", on_node(0, "spec", taints=[{"key": "a", "effect": "PreferNoSchedule"}]), []),
    (
        "unready",
        on_node(0, "status", conditions=[]),
        [(ADVICE, "nodes", ""), *ONE_LESS],
    ),
    ("no node", put(NODES), [(MISSING, "nodes", "")]),
    ("no zone", on_node(0, "metadata", labels={}), [(MISSING, "zones", ""), (MISSING, "zones", ""), (MISSING, "zones", "CLUS-002")]),
    ("more nodes", lambda found: found[NODES].append(found[NODES][0]), [(MISSING, "nodes", "")]),
    ("crowded", put(PODS, pod("3"), pod("4")), [(MISSING, "capacity", "POD-005")]),
    ("crowded by itself", put(PODS, pod("3", "messaging"), pod("4", phase="Succeeded")), []),
    (
        "small nodes",
        lambda found: [each["status"]["allocatable"].update(cpu="1") for each in found[NODES]],
        [(MISSING, "capacity", "POD-005"), (MISSING, "capacity", "")],
    ),
    ("no class", put(CLASSES, named("standard", provisioner="a")), [(MISSING, "storage class longhorn-retain", "")]),
    (
        "two defaults",
        lambda found: found[CLASSES].extend(
            {"metadata": {"name": name, "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}}, "provisioner": "a"}
            for name in "ab"
        ),
        [(ADVICE, "storage classes", "")],
    ),
    ("fixed size", in_class(allowVolumeExpansion=None), [(MISSING, "storage class longhorn-retain", "MSG-012")]),
    ("deleting", in_class(reclaimPolicy="Delete"), [(MISSING, "storage class longhorn-retain", "MSG-012")]),
    ("open", in_class(parameters=None), [(MISSING, "storage class longhorn-retain", "MSG-012")]),
    (
        "local path",
        provisioned_by("rancher.io/local-path"),
        [
            (ADVICE, "storage class longhorn-retain", ""),
            (ADVICE, "storage class longhorn-retain", "MSG-012"),
            (ADVICE, "storage class longhorn-retain", ""),
        ],
    ),
    (
        "unknown",
        provisioned_by("example.com/disks"),
        [(ADVICE, "storage class longhorn-retain", ""), (ADVICE, "storage class longhorn-retain", "")],
    ),
    ("no driver", put(DRIVERS), [(MISSING, "storage class longhorn-retain", "")]),
    ("no snapshots", without(SNAPSHOT_CLASSES), [(MISSING, "snapshot class longhorn", "")]),
    ("no snapshot class", put(SNAPSHOT_CLASSES), [(MISSING, "snapshot class longhorn", "")]),
    ("another's snapshots", put(SNAPSHOT_CLASSES, named("longhorn", driver="other")), [(MISSING, "snapshot class longhorn", "")]),
    ("flannel", put(DAEMON_SETS, named("kube-flannel")), [(MISSING, "network policies", "NET-001"), (MISSING, "network policies", "")]),
    ("unknown network", put(DAEMON_SETS), [(UNCHECKED, "network policies", "")]),
    ("k3s", k3s(), []),
    ("k3s without policies", k3s("--disable-network-policy"), [(UNCHECKED, "network policies", "")]),
    ("VPC CNI", put(DAEMON_SETS, aws("--enable-network-policy=true")), []),
    ("VPC CNI as it comes", put(DAEMON_SETS, aws("--enable-network-policy=false")), [(UNCHECKED, "network policies", "")]),
    ("another API server", text(ENTRY, {"spec": {"clusterIP": "10.96.0.1"}}), [(MISSING, "API server's addresses", "")]),
    ("another port", lambda found: found[SLICES][0].update(ports=[{"port": 443}]), [(MISSING, "API server's addresses", "")]),
    (
        "another endpoint",
        lambda found: found[SLICES][0]["endpoints"][0].update(addresses=["10.0.0.4"]),
        [(MISSING, "API server's addresses", "")],
    ),
    ("another node", on_node(0, "status", addresses=[{"type": "InternalIP", "address": "10.0.0.4"}]), [(MISSING, "nodes' addresses", "")]),
    (
        "no Pod Security",
        text(METRICS, 'apiserver_admission_controller_admission_duration_seconds_count{name="Priority"} 3'),
        [(MISSING, "Pod Security", "POD-002")],
    ),
    ("silent metrics", text(METRICS, ""), [(UNCHECKED, "Pod Security", "")]),
    ("no ingress class", put(INGRESS_CLASSES, named("traefik")), [(MISSING, "ingress class", "")]),
    ("no metrics", put(API_SERVICES), [(ADVICE, "metrics API", "")]),
    ("broken metrics", put(API_SERVICES, named("v1beta1.metrics.k8s.io", status={})), [(ADVICE, "metrics API", "")]),
    ("no group", text(GROUPS, {"groups": []}), [(MISSING, "definitions", "")]),
    ("namespace", put(NAMESPACES, named("messaging")), [(MISSING, "names", "")]),
    ("own namespace", put(NAMESPACES, {"metadata": {"name": "messaging", "labels": {"app.kubernetes.io/part-of": "plinth"}}}), []),
    ("priority", put(PRIORITIES, named("platform")), [(MISSING, "names", "")]),
    ("cert-manager", put(DEFINITIONS, named("issuers.cert-manager.io", spec={"group": "cert-manager.io"})), [(MISSING, "names", "")]),
    ("other definitions", put(DEFINITIONS, named("ippools.metallb.io", spec={"group": "metallb.io"})), []),
]


@pytest.mark.parametrize(("change", "expected"), [pytest.param(change, expected, id=name) for name, change, expected in CASES])
def test_what_a_cluster_lacks_is_named_with_its_requirement_and_cure(change: Change, expected: Expected) -> None:
    found = examined(changed(change))
    assert [(each.state, each.subject, each.requirement) for each in found] == expected
    assert all(each.problem and each.cure[:1].isupper() for each in found)


@pytest.mark.parametrize(("mode", "expected"), [("nodes", []), ("", [MISSING]), (None, [MISSING])])
def test_cilium_has_to_let_ranges_stand_for_nodes_unless_policies_of_its_own_name_them(mode: str | None, expected: list[State]) -> None:
    settings = {"data": {} if mode is None else {"policy-cidr-match-mode": mode}}
    found = changed(lambda each: each.update({DAEMON_SETS: [named("cilium")], CILIUM: settings}))
    assert [each.state for each in examined(found)] == expected
    own = replace(NEEDS, kinds=frozenset({("cilium.io/v2", "CiliumNetworkPolicy", "messaging")}))
    assert examined(found, own) == []


def test_definitions_of_the_stacks_own_release_are_not_foreign() -> None:
    annotations = {"meta.helm.sh/release-namespace": "cert-manager", "meta.helm.sh/release-name": "cert-manager"}
    own = {"metadata": {"name": "issuers.cert-manager.io", "annotations": annotations}, "spec": {"group": "cert-manager.io"}}
    assert examined(changed(put(DEFINITIONS, own))) == []


def test_what_a_tier_only_advises_is_advice_and_what_it_does_not_ask_for_is_silent() -> None:
    needs = replace(NEEDS, tier=Tier.DEV, needs_zones=False, snapshot_class=None)
    found = examined(changed(in_class(allowVolumeExpansion=None)), needs)
    assert [(each.state, each.requirement) for each in found] == [(ADVICE, "MSG-012")]
    one_node = changed(lambda each: each.update({NODES: each[NODES][:1]}))
    small = replace(needs, room=Room(), offer=offering(nodes=1, zones=()))
    assert examined(one_node, small) == []


@pytest.mark.parametrize(
    ("service", "daemon", "expected"),
    [
        ({"ingress": [{"ip": "192.168.1.80"}]}, "calico-node", []),
        ({}, "calico-node", [MISSING]),
        (None, "calico-node", [UNCHECKED]),
        (None, "metallb-speaker", []),
        (None, "svclb-traefik-1", []),
    ],
)
def test_a_load_balancer_is_known_by_what_it_does_or_by_what_runs(service: Any, daemon: str, expected: list[State]) -> None:
    needs = replace(NEEDS, offer=offering(load_balancer=True))
    services = [] if service is None else [named("web", spec={"type": "LoadBalancer"}, status={"loadBalancer": service})]
    found = changed(lambda each: each.update({SERVICES: services, DAEMON_SETS: [named("calico-node"), named(daemon)]}))
    assert [each.state for each in examined(found, needs)] == expected


def test_a_cluster_that_can_do_more_than_the_settings_say_is_told_so() -> None:
    needs = replace(NEEDS, offer=offering(network_policies=False))
    (found,) = examined(documents(), needs)
    assert (found.state, found.subject) == (ADVICE, "network policies")


def test_what_the_user_may_not_look_at_is_left_unchecked_and_the_rest_is_asked() -> None:
    found = examined(documents(), forbidden=(CLASSES,))
    assert {(each.state, each.subject) for each in found} == {(UNCHECKED, "storage classes"), (UNCHECKED, "snapshots")}
    assert all("the user may not read /apis/storage.k8s.io/v1/storageclasses" in each.problem for each in found)


def test_rights_that_are_missing_are_named_by_kind_with_their_namespaces() -> None:
    kinds = {"resources": [{"name": "networkpolicies", "kind": "NetworkPolicy"}, {"name": "ingresses/status", "kind": "Ingress"}]}
    found = changed(lambda each: each.update({"/apis/networking.k8s.io/v1": kinds}))
    lacks = examined(found, denied=("networkpolicies", "clusterroles"))
    assert [each.problem for each in lacks] == [
        "the user may not create, get, patch, delete networkpolicies.networking.k8s.io in messaging",
        "the user may not create, get, patch, delete clusterroles.rbac.authorization.k8s.io in the cluster",
    ]


@pytest.mark.parametrize(("minutes", "says"), [(3, "ahead of"), (-3, "behind"), (0, None)])
def test_clocks_that_differ_are_told(minutes: int, says: str | None) -> None:
    def transport(method: str, path: str, body: Object | None = None) -> Answer:
        assert (method, path, body) == ("GET", VERSION, None)
        return Answer(status=200, body="{}", date=format_datetime(datetime.now(tz=UTC) + timedelta(minutes=minutes)))

    found = list(check_clock(NEEDS, Cluster(transport)))
    assert [says in each.problem for each in found if says] == ([True] if says else [])
    assert len(found) == (1 if says else 0)


def test_nothing_is_written_to_the_cluster() -> None:
    server = FakeServer(documents(), denied=("namespaces",))
    needs: Needs = replace(NEEDS, kinds=frozenset({("v1", "Namespace", None)}))
    for check in CHECKS:
        list(check(needs, Cluster(server)))
    assert {path for method, path in server.asked if method != "GET"} == {"/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"}
