"""A cluster that lacks nothing, as its API server would describe it, for tests that take one thing away."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import format_datetime
from typing import Any

from components.cluster.existing.model import ClusterSettings
from doctor.checks import examine
from doctor.cluster import Answer, Cluster, Object
from doctor.findings import Finding
from doctor.needs import Needs, Room
from facts.tiers import Tier

NODES = "/api/v1/nodes"
PODS = "/api/v1/pods"
SERVICES = "/api/v1/services"
NAMESPACES = "/api/v1/namespaces"
VERSION = "/version"
METRICS = "/metrics"
DAEMON_SETS = "/apis/apps/v1/daemonsets"
CLASSES = "/apis/storage.k8s.io/v1/storageclasses"
DRIVERS = "/apis/storage.k8s.io/v1/csidrivers"
SNAPSHOT_CLASSES = "/apis/snapshot.storage.k8s.io/v1/volumesnapshotclasses"
INGRESS_CLASSES = "/apis/networking.k8s.io/v1/ingressclasses"
PRIORITIES = "/apis/scheduling.k8s.io/v1/priorityclasses"
API_SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices"
DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
SLICES = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices"
ENTRY = "/api/v1/namespaces/default/services/kubernetes"
GROUPS = "/apis"
REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"

Documents = dict[str, Any]


def named(name: str, **fields: Any) -> dict[str, Any]:
    return {"metadata": {"name": name}, **fields}


def node(number: int, zone: str) -> dict[str, Any]:
    return {
        "metadata": {"name": f"node-{number}", "labels": {"topology.kubernetes.io/zone": zone}},
        "spec": {},
        "status": {
            "conditions": [{"type": "Ready", "status": "True"}],
            "allocatable": {"cpu": "4", "memory": "16Gi", "pods": "110"},
            "addresses": [{"type": "InternalIP", "address": f"192.168.1.1{number}"}, {"type": "Hostname", "address": f"node-{number}"}],
            "nodeInfo": {"kubeletVersion": "v1.36.1"},
        },
    }


def documents() -> Documents:
    """By path: a list is that of a kind, a mapping one document, a text itself; a kind that is not there is unknown to the cluster."""
    return {
        VERSION: {"gitVersion": "v1.36.3"},
        METRICS: 'apiserver_admission_controller_admission_duration_seconds_count{name="PodSecurity"} 3',
        GROUPS: {"groups": [{"name": "snapshot.storage.k8s.io"}]},
        NODES: [node(number, zone) for number, zone in enumerate("abc")],
        PODS: [],
        SERVICES: [],
        NAMESPACES: [named("default"), named("kube-system")],
        DAEMON_SETS: [named("calico-node")],
        CLASSES: [
            named(
                "longhorn-retain",
                provisioner="driver.longhorn.io",
                allowVolumeExpansion=True,
                reclaimPolicy="Retain",
                volumeBindingMode="Immediate",
                parameters={"encrypted": "true"},
            )
        ],
        DRIVERS: [named("driver.longhorn.io")],
        SNAPSHOT_CLASSES: [named("longhorn", driver="driver.longhorn.io")],
        INGRESS_CLASSES: [named("nginx")],
        PRIORITIES: [named("system-cluster-critical")],
        API_SERVICES: [named("v1beta1.metrics.k8s.io", status={"conditions": [{"type": "Available", "status": "True"}]})],
        DEFINITIONS: [],
        ENTRY: {"spec": {"clusterIP": "10.43.0.1"}},
        SLICES: [
            {
                "metadata": {"name": "kubernetes", "labels": {"kubernetes.io/service-name": "kubernetes"}},
                "endpoints": [{"addresses": ["192.168.1.10"]}],
                "ports": [{"name": "https", "port": 6443}],
            }
        ],
    }


OFFER = ClusterSettings.model_validate(
    {
        "version": "1.36",
        "nodes": 3,
        "mostNodes": 3,
        "zones": ["a", "b", "c"],
        "nodeCidrs": ["192.168.1.0/24"],
        "apiServer": {"serviceCidr": "10.43.0.0/16", "endpoints": ["192.168.1.10/32"]},
        "storageClass": "longhorn-retain",
        "snapshotClass": "longhorn",
        "networkPolicies": True,
        "podSecurity": True,
        "ingressClass": "nginx",
    }
)
NEEDS = Needs(
    tier=Tier.PRODUCTION,
    release="1.36",
    offer=OFFER,
    namespaces=frozenset({"messaging"}),
    room=Room(cpu=Decimal(6), memory=Decimal(20 * 2**30), pods=Decimal(30)),
    largest=Room(cpu=Decimal(2), memory=Decimal(4 * 2**30)),
    storage_classes=frozenset({"longhorn-retain"}),
    snapshot_class="longhorn",
    priority_classes=frozenset({"platform"}),
    brought=frozenset({"cert-manager.io"}),
    asked=frozenset({"snapshot.storage.k8s.io"}),
    releases=frozenset({("cert-manager", "cert-manager")}),
    kinds=frozenset({("v1", "Namespace", None), ("networking.k8s.io/v1", "NetworkPolicy", "messaging")}),
    cidrs=frozenset({"10.43.0.0/16", "192.168.1.0/24"}),
    needs_zones=True,
)


class FakeServer:
    """Answers by ``found``; ``forbidden`` are paths that the user may not read, ``denied`` the resources that it may not touch."""

    def __init__(self, found: Mapping[str, Any], *, forbidden: tuple[str, ...] = (), denied: tuple[str, ...] = ()) -> None:
        self.found, self.forbidden, self.denied = found, forbidden, denied
        self.asked: list[tuple[str, str]] = []

    def __call__(self, method: str, path: str, body: Object | None = None) -> Answer:
        place = path.partition("?")[0]
        self.asked.append((method, place))
        if method == "POST":
            return self._review(place, body or {})
        if place in self.forbidden:
            return answer(403, {"message": "forbidden"})
        document = self.found.get(place)
        if isinstance(document, str):
            return Answer(status=200, body=document)
        if isinstance(document, list):
            return answer(200, {"items": document, "metadata": {}})
        return answer(404, {"message": "not found"}) if document is None else answer(200, document)

    def _review(self, place: str, body: Object) -> Answer:
        assert place == REVIEWS
        wanted = body["spec"]["resourceAttributes"]
        is_allowed = not self.denied if wanted["resource"] == "*" else wanted["resource"] not in self.denied
        return answer(201, {"status": {"allowed": is_allowed}})


def answer(status: int, document: Mapping[str, Any]) -> Answer:
    return Answer(status=status, body=json.dumps(document), date=format_datetime(datetime.now(tz=UTC)))


def changed(change: Callable[[Documents], object]) -> Documents:
    """The documents of the good cluster, changed in place."""
    found = copy.deepcopy(documents())
    change(found)
    return found


def examined(found: Mapping[str, Any], needs: Needs = NEEDS, **server: tuple[str, ...]) -> list[Finding]:
    """What all checks say that is not fine."""
    return [each for each in examine(needs, Cluster(FakeServer(found, **server))) if each.state != "fine"]
