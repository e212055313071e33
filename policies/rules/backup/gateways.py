"""DR-003: what has to serve again within two minutes keeps a pod in another zone, and the loss of one is noticed at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from policies.findings import Findings, Level
from policies.model import Resource, Stack, stack_rule
from policies.numeric import number
from policies.recovery import RTO_MARKER, markers_of, read_target
from policies.scalers import SCALER_TYPES, least_replicas, scaling
from policies.values import UNKNOWN, Value
from policies.workloads import kind_of, pod_spec, tokens_of

_FAST: Final = timedelta(minutes=2)
_LEAST_PODS: Final = 2
_LONGEST_UNNOTICED: Final = 30
"""Seconds until a pod that no longer answers gets no more requests."""
_LONGEST_ROLL: Final = 120
_PERIOD: Final = 10
_FAILURES: Final = 3
_ROLL: Final = 600
"""What Kubernetes and Argo Rollouts take where nothing is written."""
_ZONES: Final = ("topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone")
_WORKLOADS: Final = tokens_of("Deployment", "StatefulSet", "Rollout")


@stack_rule("DR-003", on=(*_WORKLOADS, *SCALER_TYPES))
def fast_recovery_needs_pods_in_two_zones_and_fast_probes(resources: Sequence[Resource], _: Stack) -> Findings:
    """Of workloads that declare a recovery time of two minutes or less."""
    scalers = [each for each in resources if each.type in SCALER_TYPES]
    for workload in resources:
        if workload.type in SCALER_TYPES:
            continue
        promise = next((each.provided(each) for each in markers_of(workload, RTO_MARKER) if _may_be_fast(each)), None)
        if promise is not None:
            yield from _check_pods(workload, scaling(workload, scalers), promise)
            yield from _check_spread(workload, promise)
            yield from _check_probes(workload, promise)
            yield from _check_roll(workload, promise)


def _may_be_fast(promise: Value) -> bool:
    if promise.peek("what an unknown time would ask for is noted where it is missing") is UNKNOWN:
        return True
    return promise.satisfies(lambda rto: read_target(rto) <= _FAST)


def _check_pods(workload: Resource, scalers: Sequence[Resource], promise: Value) -> Findings:
    problem = "the loss of its only pod is an outage that lasts longer than the two minutes it may take"
    if not scalers:
        replicas = workload.at("spec.replicas")
        yield from replicas.provided(promise).must_be_at_least(_LEAST_PODS, problem, default=1)
    for scaler in scalers:
        least, default = least_replicas(scaler)
        if not least.may_satisfy(lambda pods: number(pods) >= _LEAST_PODS, default=default):
            shown = f"{kind_of(scaler)} {scaler.name} goes down to {default if least.is_absent else least.shown}"
            yield from promise.refuse(f"{problem}: {shown}", f"Set {least.path} of {scaler.name} to {_LEAST_PODS} or more")


def _check_spread(workload: Resource, promise: Value) -> Findings:
    constraints = pod_spec(workload)["topologySpreadConstraints"]
    if not (constraints.is_unknown or any(each["topologyKey"].may_satisfy(lambda key: key in _ZONES) for each in constraints.each())):
        yield from constraints.provided(promise).refuse(
            "all pods may run in one zone, and be lost with it", f"Add a topology spread constraint over {_ZONES[0]}"
        )


def _check_probes(workload: Resource, promise: Value) -> Findings:
    places = [container["readinessProbe"] for container in pod_spec(workload)["containers"].each()]
    if places and not any(each.is_present or each.is_unknown for each in places):
        yield from (
            places[0]
            .provided(promise)
            .refuse("nothing notices a pod that no longer answers, so requests still go there", "Add a readinessProbe")
        )
    for probe in places:
        period, failures = probe["periodSeconds"], probe["failureThreshold"]
        if probe.is_present and not (period.is_unknown or failures.is_unknown) and not _is_fast(period, failures):
            yield from period.provided(promise).refuse(
                f"a pod that no longer answers gets requests for more than {_LONGEST_UNNOTICED} seconds",
                f"Lower periodSeconds x failureThreshold to {_LONGEST_UNNOTICED} or less",
                shown=f"{period.shown}, times failureThreshold {failures.shown}",
            )


def _is_fast(period: Value, failures: Value) -> bool:
    """Kubernetes takes its default for zero, too."""
    try:
        return number(period.get(0) or _PERIOD) * number(failures.get(0) or _FAILURES) <= _LONGEST_UNNOTICED
    except (TypeError, ValueError):
        return False


def _check_roll(workload: Resource, promise: Value) -> Findings:
    if kind_of(workload) != "StatefulSet":
        yield from (
            workload.at("spec.progressDeadlineSeconds")
            .provided(promise)
            .must_be_at_most(
                _LONGEST_ROLL, "a roll that hangs is told of too late for the time to recover", default=_ROLL, level=Level.ADVISORY
            )
        )
