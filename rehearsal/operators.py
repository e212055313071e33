"""What operators make of their custom resources: nobody runs them here, so that their pods are derived from the resources themselves.

After the sources of prometheus-operator (pkg/prometheus/server, pkg/alertmanager), CloudNativePG
(pkg/specs) and RabbitMQ's cluster operator (internal/resource): replicas, requests, claims, placement
and labels; containers without what only running pods need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

Manifest = Mapping[str, Any]

_IMAGE: Final = "operator"
# Beside each Prometheus and Alertmanager; both the operator's default for its requests and limits.
_RELOADER: Final = {"requests": {"cpu": "10m", "memory": "50Mi"}, "limits": {"cpu": "10m", "memory": "50Mi"}}
_RESTRICTED: Final = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}
_PLACEMENT: Final = ("affinity", "nodeSelector", "priorityClassName", "securityContext", "tolerations", "topologySpreadConstraints")


def children_of(manifest: Manifest) -> Iterator[dict[str, Any]]:
    """What the operator of a custom resource makes of it; nothing where that is not known."""
    make = _MAKERS.get((manifest["apiVersion"].partition("/")[0], manifest["kind"]))
    if make is not None:
        yield from make(manifest)


def _monitoring(manifest: Manifest) -> Iterator[dict[str, Any]]:
    """A Prometheus or an Alertmanager."""
    spec, kind = manifest["spec"], manifest["kind"].lower()
    name = manifest["metadata"]["name"]
    labels = {
        kind: name,
        "app.kubernetes.io/name": kind,
        "app.kubernetes.io/instance": name,
        f"operator.prometheus.io/{_short(kind)}": name,
    }
    claim = spec.get("storage", {}).get("volumeClaimTemplate")
    pod = {
        "containers": [_container(kind, spec.get("resources")), _container("config-reloader", _RELOADER)],
        "serviceAccountName": spec.get("serviceAccountName", "default"),
        **_placement(spec),
    }
    claims = [{"metadata": {"name": "db"}, "spec": {"accessModes": ["ReadWriteOnce"], **claim["spec"]}}] if claim else []
    yield _stateful_set(manifest, f"{kind}-{name}", spec.get("replicas", 1), labels, pod, claims)


def _short(kind: str) -> str:
    return "name" if kind == "prometheus" else kind


def _postgres(manifest: Manifest) -> Iterator[dict[str, Any]]:
    """The instances of a CloudNativePG cluster, and the budgets that the operator makes for them."""
    spec, name = manifest["spec"], manifest["metadata"]["name"]
    instances = spec["instances"]
    labels = {"cnpg.io/cluster": name, "cnpg.io/podRole": "instance", "app.kubernetes.io/component": "database"}
    placement = dict(spec.get("affinity", {}))
    pod = {
        "containers": [_container("postgres", spec.get("resources"))],
        "serviceAccountName": "default",
        **_placement({key: value for key, value in spec.items() if key != "affinity"}),
        **{key: placement[key] for key in ("nodeSelector", "tolerations") if key in placement},
        "affinity": _apart(placement, labels),
    }
    volumes = {"data": spec.get("storage"), "wal": spec.get("walStorage")}
    claims = [_claim(role, volume) for role, volume in volumes.items() if volume]
    yield _stateful_set(manifest, name, instances, labels, pod, claims)
    if spec.get("enablePDB", True):
        # One for the standbys and one for the primary: together no more than one instance at a time.
        yield _budget(manifest, name, instances - 1 if instances > 1 else 1, labels)


def _pooler(manifest: Manifest) -> Iterator[dict[str, Any]]:
    """The pods of a CloudNativePG pooler."""
    spec, name = manifest["spec"], manifest["metadata"]["name"]
    template = spec.get("template", {})
    labels = {**template.get("metadata", {}).get("labels", {}), "cnpg.io/poolerName": name}
    pod = template.get("spec", {})
    containers = [_container(each["name"], each.get("resources")) for each in pod.get("containers", ())]
    yield {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": _metadata(manifest, name, labels),
        "spec": {
            "replicas": spec.get("instances", 1),
            "selector": {"matchLabels": {"cnpg.io/poolerName": name}},
            "template": {
                "metadata": {"labels": labels},
                "spec": {**_placement(pod), "containers": containers or [_container("pgbouncer", None)]},
            },
        },
    }


def _rabbitmq(manifest: Manifest) -> Iterator[dict[str, Any]]:
    """The servers of a RabbitmqCluster (internal/resource/statefulset.go of its operator), which makes no budget for them."""
    spec, name = manifest["spec"], manifest["metadata"]["name"]
    labels = {"app.kubernetes.io/name": name, "app.kubernetes.io/component": "rabbitmq", "app.kubernetes.io/part-of": "rabbitmq"}
    template = spec.get("override", {}).get("statefulSet", {}).get("spec", {}).get("template", {}).get("spec", {})
    # The account is the operator's to make, which does not run here.
    pod = {"containers": [_container("rabbitmq", spec.get("resources"))], **_placement(spec), **_placement(template)}
    pod["securityContext"] = {"runAsUser": 999, "runAsNonRoot": True, "fsGroup": 0, **pod.get("securityContext", {})}
    volume = {"size": spec["persistence"]["storage"], "storageClass": spec["persistence"]["storageClassName"]}
    yield _stateful_set(manifest, f"{name}-server", spec.get("replicas", 1), labels, pod, [_claim("persistence", volume)])


_MAKERS: Final[Mapping[tuple[str, str], Callable[[Manifest], Iterator[dict[str, Any]]]]] = {
    ("monitoring.coreos.com", "Prometheus"): _monitoring,
    ("monitoring.coreos.com", "Alertmanager"): _monitoring,
    ("postgresql.cnpg.io", "Cluster"): _postgres,
    ("postgresql.cnpg.io", "Pooler"): _pooler,
    ("rabbitmq.com", "RabbitmqCluster"): _rabbitmq,
}


def _apart(placement: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    """The anti-affinity that the operator makes of its own short form."""
    if not placement.get("enablePodAntiAffinity", True):
        return {}
    term = {"labelSelector": {"matchLabels": dict(labels)}, "topologyKey": placement.get("topologyKey", "kubernetes.io/hostname")}
    if placement.get("podAntiAffinityType", "preferred") == "required":
        return {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}
    return {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 100, "podAffinityTerm": term}]}}


def _claim(role: str, volume: Mapping[str, Any]) -> dict[str, Any]:
    storage_class = {"storageClassName": volume["storageClass"]} if "storageClass" in volume else {}
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": volume["size"]}}, **storage_class}
    return {"metadata": {"name": role}, "spec": spec}


def _container(name: str, resources: Any) -> dict[str, Any]:
    return {"name": name, "image": _IMAGE, "securityContext": _RESTRICTED, **({"resources": resources} if resources else {})}


def _placement(spec: Mapping[str, Any]) -> dict[str, Any]:
    return {key: spec[key] for key in _PLACEMENT if spec.get(key)}


def _metadata(owner: Manifest, name: str, labels: Mapping[str, str]) -> dict[str, Any]:
    return {"name": name, "namespace": owner["metadata"]["namespace"], "labels": dict(labels)}


def _stateful_set(
    owner: Manifest, name: str, replicas: int, labels: Mapping[str, str], pod: Mapping[str, Any], claims: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": _metadata(owner, name, labels),
        "spec": {
            "replicas": replicas,
            "serviceName": name,
            "podManagementPolicy": "Parallel",
            "selector": {"matchLabels": dict(labels)},
            "template": {"metadata": {"labels": dict(labels)}, "spec": dict(pod)},
            "volumeClaimTemplates": claims,
        },
    }


def _budget(owner: Manifest, name: str, least: int, labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": _metadata(owner, name, labels),
        "spec": {"minAvailable": least, "selector": {"matchLabels": dict(labels)}},
    }
