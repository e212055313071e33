from __future__ import annotations

from policies.rules.workload.non_root import overlays_run_as_non_root, pods_run_as_non_root
from policies.values import UNKNOWN
from tests.policies.rules.cases import accepts, cases, changed, refuses, undecided
from tests.policies.rules.workload.good import (
    CONTAINER,
    DATABASE,
    DEPLOYMENT,
    IN_PLATFORM_NAMESPACE,
    PATCH,
    POOL,
    RESTRICTED,
    SPEC,
    container,
    release,
)

OF_POD = f"{SPEC}.securityContext.runAsNonRoot"
OF_CONTAINER = f"{CONTAINER}.securityContext.runAsNonRoot"
INIT = f"{SPEC}.initContainers"
OF_INIT = f"{INIT}[0].securityContext.runAsNonRoot"
ON_CONTAINERS = changed(DEPLOYMENT, {OF_POD: None, OF_CONTAINER: True})
VALUES = release(
    values={
        "securityContext": {"runAsNonRoot": True, "runAsUser": 1000.0},
        "initChownData": {"enabled": False, "securityContext": {"runAsUser": 0.0}},
        "agent": {"namespaceOverride": "node-agents", "securityContext": {"runAsUser": 0.0}},
        "serviceAccount": {"annotations": {"role": UNKNOWN}},
    }
)

CASES = (
    *cases(
        pods_run_as_non_root,
        accepts(DEPLOYMENT),
        accepts(ON_CONTAINERS),
        accepts(DEPLOYMENT, {f"{SPEC}.securityContext.runAsUser": 1000.0}),
        accepts(IN_PLATFORM_NAMESPACE, {OF_POD: False}),
        refuses(DEPLOYMENT, {OF_POD: None}),
        refuses(
            DEPLOYMENT, {f"{SPEC}.securityContext": None, f"{CONTAINER}.securityContext.seccompProfile.type": "RuntimeDefault"}, at=OF_POD
        ),
        refuses(DEPLOYMENT, {OF_POD: False}),
        refuses(ON_CONTAINERS, {OF_POD: False}),
        refuses(DEPLOYMENT, {OF_CONTAINER: False}),
        refuses(DEPLOYMENT, {f"{SPEC}.securityContext.runAsUser": 0.0}),
        refuses(DEPLOYMENT, {f"{CONTAINER}.securityContext.runAsUser": 0.0}),
        refuses(DEPLOYMENT, {INIT: [container(securityContext={**RESTRICTED, "runAsNonRoot": False})]}, at=OF_INIT),
        refuses(ON_CONTAINERS, {INIT: [container()]}, at=OF_INIT),
        refuses(DEPLOYMENT, {"metadata.namespace": UNKNOWN, OF_POD: False}),
        undecided(DEPLOYMENT, OF_POD),
        undecided(DEPLOYMENT, OF_CONTAINER),
        undecided(DEPLOYMENT, f"{SPEC}.securityContext.runAsUser"),
        undecided(DEPLOYMENT, f"{SPEC}.containers"),
    ),
    *cases(
        overlays_run_as_non_root,
        accepts(VALUES),
        accepts(release("falco", {"securityContext": {"runAsUser": 0.0}}, namespace="falco")),
        accepts(PATCH, {f"{SPEC}.securityContext.fsGroup": 1000.0}),
        refuses(VALUES, {"values.podSecurityContext.runAsNonRoot": False}),
        refuses(VALUES, {"values.controller.containerSecurityContext.runAsUser": 0.0}),
        refuses(VALUES, {"values.securityContext.runAsUser": "0"}),
        refuses(VALUES, {"values.extraContainers[0].securityContext.runAsUser": 0.0}),
        refuses(VALUES, {"values.podSecurityContext.enabled": False}),
        refuses(PATCH, {OF_POD: False}),
        undecided(VALUES, "values.podSecurityContext.runAsUser"),
        undecided(VALUES, "values.podSecurityContext"),
        undecided(VALUES, "values.initChownData.enabled"),
        undecided(VALUES, "values.agent.namespaceOverride"),
        undecided(VALUES, "values"),
        accepts(DATABASE),
        accepts(POOL),
        refuses(DATABASE, {"spec.podSecurityContext.runAsNonRoot": False}),
        refuses(DATABASE, {"spec.securityContext.runAsUser": 0.0}),
        refuses(POOL, {f"{CONTAINER}.securityContext.runAsNonRoot": False}),
        undecided(DATABASE, "spec.podSecurityContext.runAsNonRoot"),
        undecided(PATCH, OF_POD),
    ),
)
