"""DR-004: the cascade engine goes on while one of its pods is replaced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from policies.cascade_engine import names_cascade_engine
from policies.findings import Findings
from policies.model import Resource, Stack, stack_rule
from policies.numeric import number
from policies.scalers import SCALER_TYPES, least_replicas, scaling
from policies.workloads import tokens_of

_WORKLOADS: Final = tokens_of("Deployment", "StatefulSet", "ReplicaSet", "Rollout")
_LEAST: Final = 2
_ONE: Final = "the loss of a pod stops the cascade engine until another has started"


@stack_rule("DR-004", on=(*_WORKLOADS, *SCALER_TYPES))
def cascade_engine_keeps_two_pods(resources: Sequence[Resource], _: Stack) -> Findings:
    """By what scales it, else by its own number of replicas."""
    scalers = [resource for resource in resources if resource.type in SCALER_TYPES]
    engines = [resource for resource in resources if resource.type in _WORKLOADS and names_cascade_engine(resource)]
    judged = [scaler for scaler in scalers if names_cascade_engine(scaler, scaler.at("spec.scaleTargetRef.name"))]
    for engine in engines:
        own = scaling(engine, scalers)
        judged += [scaler for scaler in own if scaler not in judged]
        if not own:
            yield from engine.at("spec.replicas").must_be_at_least(_LEAST, _ONE, default=1)
    for scaler in judged:
        place, default = least_replicas(scaler)
        yield from place.must_satisfy(lambda count: number(count) >= _LEAST, _ONE, f"Set {place.path} to 2 or more", default=default)
