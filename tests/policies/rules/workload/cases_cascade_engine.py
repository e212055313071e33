from __future__ import annotations

from policies.rules.workload.cascade_engine import cascade_engine_keeps_two_pods
from policies.scalers import AUTOSCALER_TYPES, SCALED_OBJECT
from policies.workloads import tokens_of
from tests.policies.rules.cases import accepts, cases, changed, good, refuses, undecided

REPLICAS = "spec.replicas"
ENGINE = good(
    tokens_of("Deployment")[0],
    {"metadata": {"name": "cascade-engine", "namespace": "hermes"}, "spec": {"replicas": 2.0, "template": {}}},
    "engine",
)
LABELLED = changed(ENGINE, {"metadata": {"name": "engine", "labels": {"app": "cascade-engine"}}})
OTHER = changed(ENGINE, {"metadata.name": "gateway", REPLICAS: 1.0})
TARGET = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "cascade-engine"}
AUTOSCALER = good(
    AUTOSCALER_TYPES[1],
    {
        "metadata": {"name": "engine", "namespace": "hermes"},
        "spec": {"scaleTargetRef": TARGET, "minReplicas": 2.0, "maxReplicas": 10.0},
    },
    "autoscaler",
)
SCALED = good(
    SCALED_OBJECT,
    {
        "metadata": {"name": "engine", "namespace": "hermes"},
        "spec": {"scaleTargetRef": TARGET, "minReplicaCount": 2.0, "maxReplicaCount": 10.0, "triggers": []},
    },
    "scaled",
)
UNSCALED = changed(ENGINE, {REPLICAS: None})

CASES = cases(
    cascade_engine_keeps_two_pods,
    *(accepts(each) for each in (ENGINE, LABELLED, OTHER)),
    *(accepts(UNSCALED, beside=[scaler]) for scaler in (AUTOSCALER, SCALED)),
    accepts(AUTOSCALER, {"spec.scaleTargetRef.name": "gateway", "spec.minReplicas": 1.0}, beside=[ENGINE]),
    *(refuses(ENGINE, {REPLICAS: count}) for count in (1.0, 0.0, None)),
    refuses(LABELLED, {REPLICAS: 1.0}),
    refuses(ENGINE, {REPLICAS: 1.0}, beside=[changed(SCALED, {"metadata.namespace": "other"})]),
    *(refuses(AUTOSCALER, {"spec.minReplicas": count}, beside=[UNSCALED]) for count in (1.0, None)),
    *(refuses(SCALED, {"spec.minReplicaCount": count}, beside=[UNSCALED]) for count in (0.0, 1.0, None)),
    refuses(SCALED, {"spec.minReplicaCount": None}),
    undecided(ENGINE, REPLICAS),
    undecided(SCALED, "spec.minReplicaCount", beside=[UNSCALED]),
)
