"""The two operators as Deployments: both come as manifests, not as charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from components.kubernetes import NAME_LABEL, CustomResource, labels
from components.messaging.rabbitmq.identities import SERVER_SECRET, WEBHOOK_SECRET
from components.pods import HOST, RESTRICTED_CONTAINER, ZONE, parse_resources, restricted_pod, spread_over

CLUSTER_OPERATOR: Final = "rabbitmq-cluster-operator"
TOPOLOGY_OPERATOR: Final = "rabbitmq-topology-operator"
OPERATOR_RESOURCES: Final = parse_resources("50m", "128Mi", cpu_limit="500m", memory_limit="512Mi")
WEBHOOK_PORT: Final = 9443
_HEALTH_PORT: Final = 8081
_USER: Final = 65532
"""The user ``nonroot`` of the images without a distribution."""
_AUTHORITY: Final = "/etc/authority"
_CERTIFICATES: Final = "/tmp/k8s-webhook-server/serving-certs"  # noqa: S108 # where controllers look for their certificate


@dataclass(frozen=True, kw_only=True)
class Operator:
    """One of the operators.

    Attributes:
        name: of all its objects.
        image: at an exact version.
        namespaces: which it watches.
        arguments: beside the address of its probes.
        environment: beside what both are told.
        volumes: secrets, by the folder that they are mounted at.
        ports: by name.
    """

    name: str
    image: str
    namespaces: Sequence[str]
    arguments: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    volumes: Mapping[str, str] = field(default_factory=dict)
    ports: Mapping[str, int] = field(default_factory=dict)

    @property
    def pods(self) -> dict[str, str]:
        """The labels that its pods are known by."""
        return {NAME_LABEL: self.name}


def cluster_operator(image: str, namespace: str) -> Operator:
    """The one that makes servers; it elects a leader by itself.

    Whatever it changes, it asks each server for its version and its quorum, without a limit of time.
    Its webhooks would check again what the namespace's Pod Security does, and fill in an image.
    """
    return Operator(
        name=CLUSTER_OPERATOR,
        image=image,
        namespaces=[namespace],
        environment={"ENABLE_WEBHOOKS": "false", "DISABLE_DEPRECATED_FEATURES_CHECK": "true"},
        volumes={_AUTHORITY: SERVER_SECRET},
    )


def topology_operator(image: str, namespaces: Sequence[str]) -> Operator:
    """The one that declares what is in the servers, whose certificates it checks by the authority of its own."""
    return Operator(
        name=TOPOLOGY_OPERATOR,
        image=image,
        namespaces=namespaces,
        arguments=["--leader-elect"],
        # It learns of no broker that was made anew, and of nothing that was changed in one: so often it
        # declares all of it again.
        environment={"SYNC_PERIOD": "10m"},
        volumes={_CERTIFICATES: WEBHOOK_SECRET, _AUTHORITY: WEBHOOK_SECRET},
        ports={"webhook": WEBHOOK_PORT},
    )


def deployment(operator: Operator, *, namespace: str, replicas: int, priority_class: str) -> CustomResource:
    """Its pods, restricted (POD-001, POD-002); one of them leads."""
    mounts = [{"name": f"secret-{place}", "mountPath": folder, "readOnly": True} for place, folder in enumerate(operator.volumes)]
    environment = {
        "OPERATOR_SCOPE_NAMESPACE": ",".join(operator.namespaces),
        # Go reads the certificates of both folders: public authorities and the cluster's.
        "SSL_CERT_DIR": f"/etc/ssl/certs:{_AUTHORITY}",
        **operator.environment,
    }
    container = {
        "name": "operator",
        "image": operator.image,
        "command": ["/manager"],
        "args": [f"--health-probe-bind-address=:{_HEALTH_PORT}", "--metrics-bind-address=0", *operator.arguments],
        "env": [
            {"name": "OPERATOR_NAMESPACE", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}},
            *({"name": name, "value": value} for name, value in environment.items()),
        ],
        "ports": [{"name": name, "containerPort": port} for name, port in {**operator.ports, "health": _HEALTH_PORT}.items()],
        "livenessProbe": _probe("/healthz", wait=15, period=20),
        "readinessProbe": _probe("/readyz", wait=5, period=10),
        "resources": OPERATOR_RESOURCES.render(),
        "securityContext": dict(RESTRICTED_CONTAINER),
        "volumeMounts": mounts,
    }
    pod: dict[str, Any] = {
        "serviceAccountName": operator.name,
        "priorityClassName": priority_class,
        "securityContext": restricted_pod(_USER, writes_volumes=bool(operator.volumes)),
        "terminationGracePeriodSeconds": 10,
        "topologySpreadConstraints": [spread_over(ZONE, operator.pods), spread_over(HOST, operator.pods)],
        "containers": [container],
        "volumes": [{"name": mount["name"], "secret": {"secretName": operator.volumes[str(mount["mountPath"])]}} for mount in mounts],
    }
    return CustomResource(
        api_version="apps/v1",
        kind="Deployment",
        name=operator.name,
        namespace=namespace,
        labels=labels(operator.name, component="operator"),
        spec={
            "replicas": replicas,
            "selector": {"matchLabels": operator.pods},
            "template": {"metadata": {"labels": labels(operator.name, component="operator")}, "spec": pod},
        },
    )


def disruption_budget(operator: Operator, *, namespace: str) -> CustomResource:
    """A drain takes its pods one after another."""
    return CustomResource(
        api_version="policy/v1",
        kind="PodDisruptionBudget",
        name=operator.name,
        namespace=namespace,
        labels=labels(operator.name, component="operator"),
        spec={"maxUnavailable": 1, "unhealthyPodEvictionPolicy": "AlwaysAllow", "selector": {"matchLabels": operator.pods}},
    )


def _probe(path: str, *, wait: int, period: int) -> dict[str, Any]:
    return {"httpGet": {"path": path, "port": _HEALTH_PORT}, "initialDelaySeconds": wait, "periodSeconds": period}
