"""One good workload and good releases: every rule about pods is content with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from policies import cloudnative_pg
from policies.model import Resource
from tests.policies.rules.cases import changed, good

DIGEST = f"sha256:{'0123456789abcdef' * 4}"
OWN = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"
RESTRICTED: dict[str, Any] = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
NON_ROOT: dict[str, Any] = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}


def container(**more: Any) -> dict[str, Any]:
    return {
        "name": "app",
        "image": f"{OWN}/app@{DIGEST}",
        "ports": [{"name": "http", "containerPort": 8080.0}],
        "env": [
            {"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}},
            {"name": "LOG_LEVEL", "value": "info"},
        ],
        "livenessProbe": {"httpGet": {"path": "/live", "port": "http"}},
        "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}},
        "securityContext": RESTRICTED,
        **more,
    }


POD: dict[str, Any] = {
    "securityContext": NON_ROOT,
    "containers": [container()],
    "volumes": [{"name": "tmp", "emptyDir": {}}],
}


def workload(token: str, pod: Mapping[str, Any] = POD) -> Resource:
    """Any kind of object that holds the pod."""
    metadata, spec = {"name": "app", "namespace": "apps"}, dict(pod)
    template = {"metadata": {"labels": {"app": "app"}}, "spec": spec}
    match token.rpartition(":")[2]:
        case "Pod":
            properties: dict[str, Any] = {"metadata": metadata, "spec": spec}
        case "PodTemplate":
            properties = {"metadata": metadata, "template": template}
        case "CronJob":
            properties = {"metadata": metadata, "spec": {"schedule": "0 3 * * *", "jobTemplate": {"spec": {"template": template}}}}
        case _:
            properties = {"metadata": metadata, "spec": {"template": template}}
    return good(token, properties, "app")


SPEC = "spec.template.spec"
CONTAINER = f"{SPEC}.containers[0]"
DEPLOYMENT = workload("kubernetes:apps/v1:Deployment")
DAEMON_SET = workload("kubernetes:apps/v1:DaemonSet")
PATCH = good("kubernetes:apps/v1:DeploymentPatch", {"metadata": {"name": "app"}, "spec": {"template": {"spec": {}}}})
DATABASE = good(
    cloudnative_pg.CLUSTER,
    {
        "metadata": {"name": "database", "namespace": "databases"},
        "spec": {
            "instances": 3.0,
            "imageName": f"ghcr.io/cloudnative-pg/postgresql:17.9@{DIGEST}",
            "podSecurityContext": {"runAsNonRoot": True},
            "env": [{"name": "TZ", "value": "UTC"}],
        },
    },
)
POOL = good(
    cloudnative_pg.POOLER,
    {
        "metadata": {"name": "pool", "namespace": "databases"},
        "spec": {
            "cluster": {"name": "database"},
            "pgbouncer": {"poolMode": "transaction"},
            "template": {"spec": {"containers": [{"name": "pgbouncer", "securityContext": {"runAsNonRoot": True}}]}},
        },
    },
)
CATALOG = good(
    cloudnative_pg.IMAGE_CATALOGS[0], {"spec": {"images": [{"major": 17.0, "image": f"ghcr.io/cloudnative-pg/postgresql@{DIGEST}"}]}}
)
IN_PLATFORM_NAMESPACE = changed(DEPLOYMENT, {"metadata.namespace": "kube-system"})


def release(
    chart: str = "anything", values: Mapping[str, Any] | None = None, *, namespace: str = "apps", version: str = "1.2.3"
) -> Resource:
    properties = {"chart": chart, "version": version, "namespace": namespace, "values": dict(values or {})}
    return good("kubernetes:helm.sh/v3:Release", properties, chart)


def with_containers(*containers: Mapping[str, Any], **lists: Sequence[Mapping[str, Any]]) -> Resource:
    return changed(DEPLOYMENT, {f"{SPEC}.containers": list(containers)} | {f"{SPEC}.{name}": list(each) for name, each in lists.items()})
