"""Good resources, a way to change one field of them, and a way to ask one rule about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from facts.tiers import Tier
from policies.model import Facts, Finding, Level, Resource, ResourceRule, Stack, StackRule

REMOVED: Final = object()

DIGEST: Final = f"sha256:{'0123456789abcdef' * 4}"


def a_resource(token: str, properties: Mapping[str, Any], *, name: str = "thing", dependencies: Sequence[str] = ()) -> Resource:
    return Resource(
        urn=f"urn:pulumi:production::plinth::{token}::{name}", type=token, name=name, properties=properties, dependencies=dependencies
    )


def changed(properties: Mapping[str, Any], *path: str | int, to: Any = REMOVED) -> dict[str, Any]:
    """A copy in which the value at ``path`` is another one, or is gone."""
    result: Any = _copy(properties)
    place = result
    for step in path[:-1]:
        place = place.setdefault(step, {}) if isinstance(step, str) else place[step]
    if to is REMOVED:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return dict(result)


def _copy(content: Any) -> Any:
    # Not deepcopy, which keeps parts that a fixture uses twice the same object, and makes another of UNKNOWN.
    if isinstance(content, Mapping):
        return {key: _copy(value) for key, value in content.items()}
    return [_copy(value) for value in content] if isinstance(content, list) else content


def facts(tier: Tier = Tier.PRODUCTION) -> Facts:
    return Stack(name=tier.value, project="plinth", tier=tier)


def ask(rule: ResourceRule, resource: Resource, tier: Tier = Tier.PRODUCTION) -> list[Finding]:
    assert resource.type in rule.types
    return list(rule.check(resource, facts(tier)))


def ask_stack(rule: StackRule, *resources: Resource, tier: Tier = Tier.PRODUCTION) -> list[Finding]:
    return list(rule.check([resource for resource in resources if resource.type in rule.types], facts(tier)))


def places(findings: Sequence[Finding]) -> list[str]:
    """The paths that findings complain about, each marked when it is only advice."""
    return [f"{finding.where.partition(' = ')[0]}{' (advice)' if finding.level is Level.ADVISORY else ''}" for finding in findings]


def undecided(resource: Resource) -> list[str]:
    return list(resource.trace.unknown)


def a_container(**more: Any) -> dict[str, Any]:
    return {
        "name": "app",
        "image": f"123456789012.dkr.ecr.eu-central-1.amazonaws.com/app@{DIGEST}",
        "ports": [{"name": "http", "containerPort": 8080.0}],
        "env": [
            {"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}},
            {"name": "LOG_LEVEL", "value": "info"},
        ],
        "livenessProbe": {"httpGet": {"path": "/live", "port": "http"}},
        "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}},
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        **more,
    }


def a_pod_spec(**more: Any) -> dict[str, Any]:
    return {
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [a_container()],
        "volumes": [{"name": "tmp", "emptyDir": {}}],
        **more,
    }


def a_workload(kind: str, spec: Mapping[str, Any], namespace: Any = "apps") -> dict[str, Any]:
    """The inputs of any kind that holds the pod spec."""
    metadata = {"name": "app", "namespace": namespace}
    template = {"metadata": {"labels": {"app": "app"}}, "spec": dict(spec)}
    match kind:
        case "Pod":
            return {"metadata": metadata, "spec": dict(spec)}
        case "PodTemplate":
            return {"metadata": metadata, "template": template}
        case "CronJob":
            return {"metadata": metadata, "spec": {"schedule": "0 3 * * *", "jobTemplate": {"spec": {"template": template}}}}
        case _:
            return {"metadata": metadata, "spec": {"template": template}}


def a_deployment(spec: Mapping[str, Any] | None = None, *, namespace: Any = "apps", dependencies: Sequence[str] = ()) -> Resource:
    properties = a_workload("Deployment", a_pod_spec() if spec is None else spec, namespace)
    return a_resource("kubernetes:apps/v1:Deployment", properties, name="app", dependencies=dependencies)


def a_release(chart: str, values: Mapping[str, Any], *, namespace: str = "apps", version: str = "1.2.3") -> Resource:
    properties = {"chart": chart, "version": version, "namespace": namespace, "values": dict(values)}
    return a_resource("kubernetes:helm.sh/v3:Release", properties, name=chart)
