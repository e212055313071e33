"""MSG-008: the NATS servers of a production stack are an odd cluster, spread over zones, never drained together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from policies.helm import RELEASE_TYPES, chart_values, is_on, switched_on
from policies.label_selectors import selects
from policies.model import Facts, Finding, Resource, ResourceRule, StackRule, violation
from policies.namespaces import declared_namespace
from policies.numeric import number
from policies.rules.messaging.nats_chart import is_nats, on_zones, server_count, zone_constraints
from policies.rules.messaging.nats_server import STATEFUL_SETS, nats_container
from policies.values import Value
from policies.workloads import pod_spec

BUDGET_TYPE: Final = "kubernetes:policy/v1:PodDisruptionBudget"
_CHART_SERVERS: Final = 3
_COUNT_CURE: Final = "Run three servers or another odd number above: an even one tolerates no more failures"
_SPREAD_CURE: Final = "Add a constraint on topology.kubernetes.io/zone with maxSkew 1 and whenUnsatisfiable DoNotSchedule"
_BUDGET_CURE: Final = "Keep a PodDisruptionBudget with maxUnavailable 1 over the servers"


def _forms_quorum(count: Any) -> bool:
    return number(count) >= 3 and number(count) % 2 == 1  # noqa: PLR2004 # the least that survives the loss of one


def _check_count(resource: Resource, _: Facts) -> Iterator[Finding]:
    if resource.type in STATEFUL_SETS:
        replicas = resource.inputs.at("spec.replicas")
        if nats_container(resource) is not None and replicas.fails(lambda count: _forms_quorum(1 if count is None else count)):
            yield violation(replicas, "the NATS servers form no odd cluster of three or more", _COUNT_CURE)
    elif is_nats(resource):
        values = chart_values(resource)
        enabled, count = values.at("config.cluster.enabled"), server_count(values)
        if enabled.fails(switched_on(default=False)):
            yield violation(enabled, "NATS runs as a single server: its loss stops all messaging", "Set config.cluster.enabled to true")
        elif count.fails(lambda servers: _forms_quorum(_CHART_SERVERS if servers is None else servers)):
            yield violation(count, "the NATS servers form no odd cluster of three or more", _COUNT_CURE)


def _check_spread(resource: Resource, _: Facts) -> Iterator[Finding]:
    if resource.type in STATEFUL_SETS:
        if nats_container(resource) is not None:
            place = pod_spec(resource)["topologySpreadConstraints"]
            yield from _judge_spread(place, on_zones(place.each()), resource.inputs.at("spec.replicas"))
    elif is_nats(resource):
        values = chart_values(resource)
        yield from _judge_spread(*zone_constraints(values), server_count(values))


def _judge_spread(place: Value, constraints: list[Value], servers: Value) -> Iterator[Finding]:
    if place.is_unknown:
        return
    if not constraints:
        yield violation(place, "nothing spreads the NATS servers over zones: one zone may hold them all", _SPREAD_CURE)
        return
    faults = [_fault(constraint, servers) for constraint in constraints]
    if all(faults):
        yield from (fault for fault in faults[:1] if fault is not None)


def _fault(constraint: Value, servers: Value) -> Finding | None:
    hard, skew = constraint["whenUnsatisfiable"], constraint["maxSkew"]
    if hard.is_not("DoNotSchedule"):
        return violation(hard, "the spread of the NATS servers over zones is only a wish of the scheduler", _SPREAD_CURE)
    # With s as the skew, a zone may stay empty while the other two hold s servers each: 2s servers fit into two zones.
    if not servers.is_unknown and skew.fails(lambda most: 2 * number(1 if most is None else most) < _counted(servers)):
        return violation(skew, "the skew lets all NATS servers run in two zones", _SPREAD_CURE)
    return None


def _counted(servers: Value) -> float:
    try:
        # Fewer than three are the finding of the rule on their number.
        return max(number(servers.get(_CHART_SERVERS)), _CHART_SERVERS)
    except (TypeError, ValueError):
        return _CHART_SERVERS


def _check_budget(resources: Sequence[Resource], _: Facts) -> Iterator[Finding]:
    budgets = [resource for resource in resources if resource.type == BUDGET_TYPE]
    for resource in resources:
        if resource.type in STATEFUL_SETS:
            if nats_container(resource) is not None and not any(_covers(budget, resource) for budget in budgets):
                labels = resource.inputs.at("spec.template.metadata.labels")
                problem = "no PodDisruptionBudget covers the NATS servers: a drain may stop them all"
                yield violation(labels, problem, _BUDGET_CURE, urn=resource.urn)
        elif resource.type in RELEASE_TYPES and is_nats(resource):
            enabled = chart_values(resource).at("podDisruptionBudget.enabled")
            if not is_on(enabled, default=True):
                problem = "the PodDisruptionBudget of the NATS servers is off: a drain may stop them all"
                yield violation(enabled, problem, _BUDGET_CURE, urn=resource.urn)


def _covers(budget: Resource, stateful_set: Resource) -> bool:
    """Namespaces that are unknown at preview are taken to be the same: the labels still have to match."""
    one, other = declared_namespace(budget), declared_namespace(stateful_set)
    same = one is None or other is None or one == other
    return same and selects(budget.inputs.at("spec.selector"), stateful_set.inputs.at("spec.template.metadata.labels"))


NATS_SERVER_COUNT: Final = ResourceRule(
    name="nats-servers-form-odd-cluster", requirements=("MSG-008",), types=(*RELEASE_TYPES, *STATEFUL_SETS), check=_check_count
)
NATS_ZONE_SPREAD: Final = ResourceRule(
    name="nats-servers-spread-over-zones", requirements=("MSG-008",), types=(*RELEASE_TYPES, *STATEFUL_SETS), check=_check_spread
)
NATS_DISRUPTION_BUDGET: Final = StackRule(
    name="nats-servers-have-disruption-budget",
    requirements=("MSG-008",),
    types=(*RELEASE_TYPES, *STATEFUL_SETS, BUDGET_TYPE),
    check=_check_budget,
)
