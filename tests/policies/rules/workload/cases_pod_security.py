from __future__ import annotations

from typing import Any

from policies.rules.workload.pod_security import overlays_are_restricted, pods_are_restricted
from tests.policies.rules.cases import accepts, cases, changed, refuses, undecided
from tests.policies.rules.workload.good import CONTAINER, DEPLOYMENT, IN_PLATFORM_NAMESPACE, PATCH, SPEC, container, release

CONTEXT = f"{CONTAINER}.securityContext"
SECCOMP = f"{SPEC}.securityContext.seccompProfile"
ON_CONTAINERS = changed(DEPLOYMENT, {SECCOMP: None, f"{CONTEXT}.seccompProfile": {"type": "RuntimeDefault"}})
WINDOWS = changed(DEPLOYMENT, {f"{SPEC}.os": {"name": "windows"}, CONTEXT: None, f"{SPEC}.securityContext": {"runAsNonRoot": True}})
OPEN: dict[str, Any] = container(securityContext={"capabilities": {"drop": ["ALL"]}})
CLOSED = release(
    values={
        "containerSecurityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        "hostNetwork": False,
        "hostPort": {"enabled": False},
        "hostPath": "/",
        "ports": [{"hostPort": 0.0}],
        "agent": {"enabled": False, "hostNetwork": True},
    }
)

CASES = (
    *cases(
        pods_are_restricted,
        accepts(DEPLOYMENT),
        accepts(ON_CONTAINERS),
        accepts(DEPLOYMENT, {f"{CONTEXT}.capabilities.add": ["NET_BIND_SERVICE"]}),
        accepts(DEPLOYMENT, {f"{CONTEXT}.privileged": False}),
        accepts(DEPLOYMENT, {f"{SPEC}.hostNetwork": False}),
        accepts(WINDOWS),
        accepts(IN_PLATFORM_NAMESPACE, {f"{SPEC}.hostNetwork": True}),
        *(refuses(DEPLOYMENT, {f"{SPEC}.{name}": True}) for name in ("hostNetwork", "hostPID", "hostIPC")),
        refuses(
            DEPLOYMENT, {f"{SPEC}.volumes[0]": {"name": "host", "hostPath": {"path": "/var/run"}}}, at=f"{SPEC}.volumes[0].hostPath.path"
        ),
        refuses(DEPLOYMENT, {f"{CONTAINER}.ports[0].hostPort": 8080.0}),
        refuses(DEPLOYMENT, {f"{CONTEXT}.privileged": True}),
        refuses(DEPLOYMENT, {f"{SPEC}.securityContext.windowsOptions.hostProcess": True}),
        refuses(DEPLOYMENT, {f"{CONTEXT}.allowPrivilegeEscalation": True}),
        refuses(DEPLOYMENT, {f"{CONTEXT}.allowPrivilegeEscalation": None}),
        refuses(DEPLOYMENT, {f"{CONTEXT}.capabilities": None}, at=f"{CONTEXT}.capabilities.drop"),
        refuses(DEPLOYMENT, {f"{CONTEXT}.capabilities.drop": ["NET_RAW"]}),
        refuses(DEPLOYMENT, {f"{CONTEXT}.capabilities.add": ["SYS_ADMIN"]}, at=f"{CONTEXT}.capabilities.add[0]"),
        refuses(DEPLOYMENT, {SECCOMP: None}, at=f"{SECCOMP}.type"),
        refuses(DEPLOYMENT, {f"{SECCOMP}.type": "Unconfined"}),
        refuses(DEPLOYMENT, {f"{SECCOMP}.type": "Localhost"}),
        refuses(DEPLOYMENT, {f"{CONTEXT}.seccompProfile.type": "Unconfined"}),
        *(
            refuses(DEPLOYMENT, {f"{SPEC}.{name}": [OPEN]}, at=f"{SPEC}.{name}[0].securityContext.allowPrivilegeEscalation")
            for name in ("containers", "initContainers", "ephemeralContainers")
        ),
        undecided(DEPLOYMENT, f"{CONTEXT}.capabilities.drop"),
        undecided(DEPLOYMENT, f"{CONTEXT}.capabilities.drop[0]"),
        undecided(DEPLOYMENT, f"{SPEC}.hostPID"),
        undecided(DEPLOYMENT, f"{CONTAINER}.ports[0].hostPort"),
        undecided(WINDOWS, f"{SPEC}.os.name"),
    ),
    *cases(
        overlays_are_restricted,
        accepts(CLOSED),
        accepts(release("falco", {"hostNetwork": True}, namespace="falco")),
        refuses(CLOSED, {"values.hostNetwork": True}),
        refuses(CLOSED, {"values.volumes[0].hostPath.path": "/"}),
        refuses(CLOSED, {"values.ports[0].hostPort": 80.0}),
        refuses(CLOSED, {"values.securityContext.privileged": True}),
        refuses(CLOSED, {"values.securityContext.allowPrivilegeEscalation": True}),
        refuses(CLOSED, {"values.securityContext.capabilities.drop": ["NET_RAW"]}),
        refuses(CLOSED, {"values.securityContext.capabilities.add": ["NET_ADMIN"]}, at="values.securityContext.capabilities.add[0]"),
        refuses(CLOSED, {"values.podSecurityContext.seccompProfile.type": "Unconfined"}),
        refuses(
            release("kube-prometheus-stack", {"prometheus-node-exporter": {"hostNetwork": True}}),
            at="values.prometheus-node-exporter.hostNetwork",
        ),
        refuses(PATCH, {f"{SPEC}.hostNetwork": True}),
        undecided(CLOSED, "values.hostNetwork"),
        undecided(CLOSED, "values.hostPath"),
        undecided(CLOSED, "values.ports[0].hostPort"),
        undecided(CLOSED, "values.agent.enabled"),
        undecided(CLOSED, "values.containerSecurityContext"),
    ),
)
