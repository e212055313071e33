from __future__ import annotations

from typing import Any

from policies.findings import Level
from policies.rules.workload.probes import charts_keep_probes, containers_have_probes
from policies.values import UNKNOWN
from policies.workloads import PROBES
from tests.policies.rules.cases import accepts, cases, changed, refuses, undecided
from tests.policies.rules.workload.good import CONTAINER, DAEMON_SET, DEPLOYMENT, SPEC, container, release, with_containers, workload

STATEFUL_SET = workload("kubernetes:apps/v1:StatefulSet")
ROLLOUT = workload("kubernetes:argoproj.io/v1alpha1:Rollout")
LIVENESS, READINESS = (f"{CONTAINER}.{name}" for name in PROBES)
PATH = f"{READINESS}.httpGet.path"
EXEC = {"exec": {"command": ["true"]}}
ONE_PATH = {f"{LIVENESS}.httpGet.path": "/health", PATH: "/health"}
JOB = container(livenessProbe=None, readinessProbe=None)
SIDECAR = container(name="proxy", restartPolicy="Always")
WITH_HELPERS = with_containers(container(), container(name="helper"), initContainers=[SIDECAR, JOB])
MONITOR = "values.config.monitor.enabled"
NATS = release(
    "nats",
    {"config": {"monitor": {"enabled": True}}, "podTemplate": {"patch": [{"op": "add"}]}, "natsBox": {"enabled": False}},
)
OWN_PROBES: dict[str, Any] = {"livenessProbe": EXEC, "readinessProbe": EXEC}
PROBED = release(
    values={"livenessProbe": {"enabled": True}, "metrics": {"enabled": False, "livenessProbe": {"enabled": False}}, "role": UNKNOWN}
)

CASES = (
    *cases(
        containers_have_probes,
        accepts(DEPLOYMENT),
        accepts(DEPLOYMENT, {LIVENESS: {"tcpSocket": {"port": 1.0}}}),
        accepts(DEPLOYMENT, {LIVENESS: EXEC}),
        accepts(DEPLOYMENT, {LIVENESS: {"grpc": {"port": 1.0}}}),
        accepts(DEPLOYMENT, {LIVENESS: {"httpGet": {"port": UNKNOWN}}}),
        accepts(DEPLOYMENT, ONE_PATH | {f"{READINESS}.httpGet.port": 9090.0}),
        accepts(WITH_HELPERS),
        *(
            refuses(resource, {f"{CONTAINER}.{probe}": value})
            for resource in (DEPLOYMENT, STATEFUL_SET, ROLLOUT)
            for probe in PROBES
            for value in (None, {}, {"periodSeconds": 10.0})
        ),
        *(
            refuses(WITH_HELPERS, {f"{SPEC}.{place}.{probe}": None}, level=Level.ADVISORY)
            for place in ("containers[1]", "initContainers[0]")
            for probe in PROBES
        ),
        refuses(DAEMON_SET, {LIVENESS: None}, level=Level.ADVISORY),
        refuses(DEPLOYMENT, ONE_PATH, level=Level.ADVISORY),
        refuses(DEPLOYMENT, ONE_PATH | {f"{READINESS}.httpGet.port": 8080.0}, at=PATH, level=Level.ADVISORY),
        refuses(DEPLOYMENT, {f"{LIVENESS}.httpGet.path": "/", PATH: None}, level=Level.ADVISORY),
        refuses(
            WITH_HELPERS,
            {f"{SPEC}.initContainers[1].livenessProbe": EXEC, f"{SPEC}.initContainers[1].restartPolicy": "Always"},
            at=f"{SPEC}.initContainers[1].readinessProbe",
            level=Level.ADVISORY,
        ),
        undecided(DEPLOYMENT, READINESS),
        undecided(DEPLOYMENT, PATH),
        undecided(DEPLOYMENT, f"{READINESS}.httpGet.port", ONE_PATH),
        undecided(DEPLOYMENT, f"{CONTAINER}.ports[0].containerPort", ONE_PATH | {f"{READINESS}.httpGet.port": 8080.0}),
        undecided(WITH_HELPERS, f"{SPEC}.initContainers[1].restartPolicy"),
    ),
    *cases(
        charts_keep_probes,
        accepts(PROBED),
        accepts(release("nats", {"natsBox": {"enabled": False}, "podTemplate": {"patch": [{"op": "add"}]}})),
        accepts(NATS),
        accepts(NATS, {MONITOR: False, "values.container.merge": OWN_PROBES}),
        accepts(release(values={"config": {"monitor": {"enabled": False}}})),
        refuses(PROBED, {"values.primary.readinessProbe.enabled": False}),
        refuses(PROBED, {"values.livenessProbe.enabled": False}),
        refuses(NATS, {MONITOR: False}),
        undecided(PROBED, "values.livenessProbe.enabled"),
        undecided(PROBED, "values.livenessProbe"),
        undecided(PROBED, "values.metrics.enabled"),
        undecided(NATS, MONITOR),
        undecided(changed(NATS, {MONITOR: False, "values.container.merge": OWN_PROBES}), "values.container.merge.livenessProbe"),
    ),
)
