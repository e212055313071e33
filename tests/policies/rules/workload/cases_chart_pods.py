from __future__ import annotations

from typing import Any

from policies.findings import Level
from policies.rules.workload.chart_pods import chart_pods_are_restricted, chart_pods_run_as_non_root
from tests.policies.rules.cases import accepts, cases, changed, refuses, undecided
from tests.policies.rules.workload.good import NON_ROOT, RESTRICTED, release

POD_TEMPLATE = {"merge": {"spec": {"securityContext": NON_ROOT}}}
MERGED = {"merge": {"securityContext": RESTRICTED}}
CLOSED: dict[str, Any] = {
    "podTemplate": POD_TEMPLATE,
    "container": MERGED,
    "reloader": MERGED,
    "promExporter": {"enabled": True, **MERGED},
    "natsBox": {"podTemplate": POD_TEMPLATE, "container": MERGED},
}
NATS = release("nats", CLOSED, namespace="messaging")
ALONE = changed(
    NATS, {"values.promExporter": {"enabled": False}, "values.reloader": {"enabled": False}, "values.natsBox": {"enabled": False}}
)
PATCHED = release("nats", {"container": {"patch": [{"op": "add"}]}, "natsBox": {"enabled": False}})
NACK = release("nack", {"securityContext": NON_ROOT, "containerSecurityContext": RESTRICTED})
UNKNOWN_CHART = release()
IN_AGENTS = release("nats", {}, namespace="node-agents")
POD_CONTEXT = "values.podTemplate.merge.spec.securityContext"
BOX = "values.natsBox.container.merge.securityContext"
STACK = release(
    "kube-prometheus-stack",
    {
        "grafana": {"persistence": {"enabled": True}, "initChownData": {"enabled": False}},
        "prometheus-node-exporter": {"namespaceOverride": "node-agents"},
    },
    namespace="observability",
)
CHOWN = "values.grafana.initChownData.enabled"
EXPORTER = "values.prometheus-node-exporter.namespaceOverride"
GOOD = tuple(accepts(each) for each in (NATS, ALONE, PATCHED, NACK, UNKNOWN_CHART, IN_AGENTS, STACK))

CASES = (
    *cases(
        chart_pods_run_as_non_root,
        *GOOD,
        accepts(STACK, {"values.grafana.enabled": False, CHOWN: True}),
        accepts(STACK, {"values.grafana.persistence.enabled": False, CHOWN: True}),
        refuses(NATS, {f"{POD_CONTEXT}.runAsNonRoot": None}),
        refuses(NACK, {"values.securityContext.runAsNonRoot": None}),
        refuses(STACK, {CHOWN: True}, level=Level.ADVISORY),
        refuses(STACK, {"values.grafana.initChownData": None}, at=CHOWN, level=Level.ADVISORY),
        undecided(NATS, POD_CONTEXT),
        undecided(STACK, CHOWN),
        undecided(STACK, "values.grafana.enabled", {CHOWN: True}),
        undecided(STACK, "values.grafana.persistence.enabled", {CHOWN: True}),
    ),
    *cases(
        chart_pods_are_restricted,
        *GOOD,
        accepts(STACK, {"values.prometheus-node-exporter": None, "values.nodeExporter.enabled": False}),
        refuses(NATS, {f"{POD_CONTEXT}.seccompProfile": None}, at=f"{POD_CONTEXT}.seccompProfile.type"),
        *(
            refuses(
                NATS,
                {f"values.{name}.merge.securityContext.capabilities": None},
                at=f"values.{name}.merge.securityContext.capabilities.drop",
            )
            for name in ("container", "reloader", "promExporter")
        ),
        refuses(NATS, {f"{BOX}.allowPrivilegeEscalation": None}),
        refuses(
            NATS, {"values.container": None}, at="values.container.merge.securityContext.allowPrivilegeEscalation", level=Level.ADVISORY
        ),
        refuses(STACK, {EXPORTER: None}, level=Level.ADVISORY),
        refuses(STACK, {EXPORTER: "observability"}, level=Level.ADVISORY),
        undecided(NATS, f"{BOX}.allowPrivilegeEscalation"),
        undecided(STACK, EXPORTER),
        undecided(STACK, "values.nodeExporter.enabled", {EXPORTER: None}),
        undecided(STACK, "values.prometheus-node-exporter.hostNetwork", {EXPORTER: None}),
        undecided(ALONE, "values.reloader.enabled"),
        undecided(PATCHED, "values.container.patch"),
    ),
)
