from __future__ import annotations

from typing import Any

from policies.findings import Level
from policies.rules.backup.gateways import fast_recovery_needs_pods_in_two_zones_and_fast_probes
from policies.scalers import AUTOSCALER_TYPES, SCALED_OBJECT
from policies.values import UNKNOWN
from tests.policies.rules.cases import accepts, cases, changed, good, refuses, undecided

RTO = 'metadata.annotations["platform/rto"]'
SPREAD = "spec.template.spec.topologySpreadConstraints"
PROBE = "spec.template.spec.containers[0].readinessProbe"
ON_ZONES = {"maxSkew": 1.0, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "ScheduleAnyway"}
PROPERTIES: dict[str, Any] = {
    "metadata": {"name": "gateway", "namespace": "apps", "annotations": {"platform/rto": "2m"}},
    "spec": {
        "replicas": 2.0,
        "progressDeadlineSeconds": 120.0,
        "template": {
            "spec": {
                "topologySpreadConstraints": [ON_ZONES],
                "containers": [{"name": "app", "readinessProbe": {"periodSeconds": 5.0, "failureThreshold": 3.0}}],
            }
        },
    },
}
GATEWAY = good("kubernetes:apps/v1:Deployment", PROPERTIES, "gateway")
ROLLOUT = good("kubernetes:argoproj.io/v1alpha1:Rollout", PROPERTIES, "gateway")
STATEFUL = changed(
    good("kubernetes:apps/v1:StatefulSet", PROPERTIES, "gateway"),
    {"spec.progressDeadlineSeconds": None, 'metadata.annotations["platform/rpo"]': "0s"},
)
SCALER = good(
    "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
    {
        "metadata": {"name": "gateway", "namespace": "apps"},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "gateway"},
            "minReplicas": 2.0,
            "maxReplicas": 9.0,
        },
    },
    "scaler",
)
KEDA = good(
    SCALED_OBJECT,
    {"metadata": {"name": "gateway", "namespace": "apps"}, "spec": {"scaleTargetRef": {"name": "gateway"}, "minReplicaCount": 2.0}},
    "keda",
)
OLD_SCALER = good(AUTOSCALER_TYPES[0], SCALER.properties, "scaler")
SCALED = changed(GATEWAY, {"spec.replicas": None})
LEAST, KEDA_LEAST, TARGET = "spec.minReplicas", "spec.minReplicaCount", "spec.scaleTargetRef.name"
UNNAMED = changed(SCALED, {"metadata.name": None})
REFERRING = good(SCALER.type, changed(SCALER, {TARGET: UNKNOWN}).properties, "scaler", after=[UNNAMED.urn])
OTHERS = good(SCALER.type, changed(SCALER, {TARGET: UNKNOWN, LEAST: 1.0}).properties, "scaler", after=[f"{GATEWAY.urn}-2"])
SLOW = {f"{PROBE}.periodSeconds": 20.0}
PERIOD = f"{PROBE}.periodSeconds"

CASES = cases(
    fast_recovery_needs_pods_in_two_zones_and_fast_probes,
    *(accepts(each) for each in (GATEWAY, ROLLOUT, STATEFUL)),
    accepts(GATEWAY, {PROBE: {"httpGet": {"port": 80.0}}}),
    accepts(GATEWAY, {PROBE: {"periodSeconds": 0.0, "failureThreshold": 3.0}}),
    accepts(GATEWAY, {**SLOW, f"{PROBE}.failureThreshold": 1.0}),
    *(accepts(GATEWAY, {RTO: rto, "spec.replicas": 1.0, SPREAD: None}) for rto in (None, "5m", "4h", "121", "soon", 121.0, True)),
    accepts(GATEWAY, {"metadata.annotations": UNKNOWN}),
    accepts(SCALED, beside=[SCALER]),
    accepts(SCALED, beside=[OLD_SCALER]),
    accepts(SCALED, beside=[KEDA]),
    accepts(SCALED, {"spec.replicas": 1.0}, beside=[SCALER]),
    accepts(UNNAMED, beside=[REFERRING]),
    accepts(GATEWAY, beside=[changed(SCALER, {LEAST: 1.0, "metadata.namespace": "other"})]),
    accepts(GATEWAY, beside=[changed(SCALER, {LEAST: 1.0, "spec.scaleTargetRef.kind": "Rollout"})]),
    accepts(GATEWAY, beside=[changed(SCALER, {LEAST: 1.0, TARGET: "other"})]),
    accepts(GATEWAY, beside=[OTHERS]),
    *(refuses(each, {"spec.replicas": replicas}) for each in (GATEWAY, ROLLOUT, STATEFUL) for replicas in (1.0, None, "one")),
    *(refuses(GATEWAY, {RTO: rto, "spec.replicas": 1.0}) for rto in ("120", "2m", "2 minutes", "PT2M", "90s", "0", 120.0)),
    refuses(GATEWAY, {RTO: None, 'spec.template.metadata.annotations["platform/rto"]': "1m", "spec.replicas": 1.0}),
    *(refuses(SCALED, at=RTO, beside=[changed(SCALER, {LEAST: least})]) for least in (1.0, None, 0.0)),
    *(refuses(SCALED, at=RTO, beside=[changed(KEDA, {KEDA_LEAST: least})]) for least in (1.0, None, 0.0)),
    refuses(UNNAMED, at=RTO, beside=[changed(REFERRING, {LEAST: 1.0})]),
    *(refuses(each, {SPREAD: None}) for each in (GATEWAY, ROLLOUT, STATEFUL)),
    refuses(GATEWAY, {SPREAD: [{**ON_ZONES, "topologyKey": "kubernetes.io/hostname"}]}, at=SPREAD),
    refuses(GATEWAY, {PROBE: None}),
    refuses(GATEWAY, SLOW),
    refuses(GATEWAY, {f"{PROBE}.failureThreshold": 10.0}, at=PERIOD),
    refuses(GATEWAY, {PERIOD: None, f"{PROBE}.failureThreshold": 4.0}, at=PERIOD),
    refuses(GATEWAY, {PERIOD: "often"}),
    *(refuses(GATEWAY, {"spec.progressDeadlineSeconds": seconds}, level=Level.ADVISORY) for seconds in (600.0, None, 121.0)),
    undecided(GATEWAY, "spec.replicas"),
    undecided(GATEWAY, RTO, {"spec.replicas": 1.0}),
    undecided(GATEWAY, "metadata.annotations", {PROBE: None}),
    undecided(GATEWAY, SPREAD),
    undecided(GATEWAY, f"{SPREAD}[0].topologyKey"),
    undecided(GATEWAY, PERIOD),
    undecided(GATEWAY, "spec.template.spec.containers[0]"),
    undecided(GATEWAY, f"{PROBE}.failureThreshold"),
    undecided(GATEWAY, "spec.progressDeadlineSeconds"),
    undecided(SCALED, "metadata.labels", at=LEAST, beside=[changed(SCALER, {LEAST: UNKNOWN})]),
    undecided(SCALED, "metadata.labels", at=TARGET, beside=[changed(SCALER, {TARGET: UNKNOWN})]),
)
