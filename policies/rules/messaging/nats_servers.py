"""MSG-008, MSG-014 and DR-001: the NATS servers of a production stack are an odd cluster, spread over zones, never drained together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from policies import nats as objects
from policies.charts import nats
from policies.findings import Finding, Findings
from policies.model import Resource, Stack, rule, stack_rule
from policies.numeric import number
from policies.rules.messaging.budgets import BUDGET_TYPES, may_cover
from policies.rules.messaging.claims import Claims
from policies.rules.messaging.quorum import LEAST, forms_quorum
from policies.rules.messaging.servers import SERVER_TYPES, STATEFUL_SETS, Servers, nats_container, nats_values, servers_of
from policies.values import Value

_COUNT_CURE: Final = "Run three servers or another odd number above: an even one tolerates no more failures"
_SPREAD_CURE: Final = "Add a constraint on topology.kubernetes.io/zone with maxSkew 1 and whenUnsatisfiable DoNotSchedule"
_BUDGET_CURE: Final = "Keep a PodDisruptionBudget with maxUnavailable 1 over the servers"


@rule("MSG-008", on=SERVER_TYPES)
def nats_servers_form_odd_cluster(resource: Resource, _: Stack) -> Findings:
    """Three servers outlive the loss of one; the chart runs a single one unless it is told to cluster."""
    servers = servers_of(resource)
    if servers is None:
        return ()
    single = "NATS runs as a single server: its loss stops all messaging"
    clustered = () if servers.values is None else nats.CLUSTERED.must_be_on(servers.values, single)
    problem = "the NATS servers do not form an odd cluster of three or more"
    return clustered or servers.replicas.must_satisfy(forms_quorum, problem, _COUNT_CURE, default=servers.default_replicas)


@stack_rule("MSG-008", "DR-001", on=(*SERVER_TYPES, *objects.STREAMS))
def nats_servers_spread_over_zones(resources: Sequence[Resource], _: Stack) -> Findings:
    """A constraint on zones that binds the scheduler, with a skew that two zones cannot meet."""
    claims = Claims(resources)
    for resource in resources:
        servers = servers_of(resource)
        if servers is not None:
            yield from claims.assign(resource, _check_spread(servers), "MSG-008")


def _check_spread(servers: Servers) -> Sequence[Finding]:
    spread, zones = servers.spread()
    if spread.is_unknown:
        return ()
    if not zones:
        return spread.refuse("nothing spreads the NATS servers over zones: one zone may hold them all", _SPREAD_CURE)
    faults = [_faults(constraint, servers) for constraint in zones]
    return faults[0] if all(faults) else ()


def _faults(constraint: Value, servers: Servers) -> Sequence[Finding]:
    wish = "the spread of the NATS servers over zones is only a wish of the scheduler"
    soft = constraint["whenUnsatisfiable"].must_equal("DoNotSchedule", wish, cure=_SPREAD_CURE)
    if soft or servers.replicas.is_unknown:
        return soft
    # With s as the skew, a zone may stay empty while the other two hold s servers each: 2s servers fit into two zones.
    least = _counted(servers)
    problem = "the skew lets all NATS servers run in two zones"
    return constraint["maxSkew"].must_satisfy(lambda most: 2 * number(most) < least, problem, _SPREAD_CURE, default=1)


def _counted(servers: Servers) -> float:
    """How many servers there are; fewer than three are the finding of the rule on their number."""
    try:
        return max(number(servers.replicas.get(LEAST)), LEAST)
    except (TypeError, ValueError):
        return LEAST


@stack_rule("MSG-008", "MSG-014", "DR-001", on=(*SERVER_TYPES, *BUDGET_TYPES, *objects.STREAMS))
def nats_servers_have_disruption_budget(resources: Sequence[Resource], _: Stack) -> Findings:
    """The chart brings one unless told otherwise; a StatefulSet needs one whose selector takes its pods."""
    budgets, claims = [resource for resource in resources if resource.type in BUDGET_TYPES], Claims(resources)
    for resource in resources:
        yield from claims.assign(resource, _check_budget(resource, budgets), "MSG-008", "MSG-014")


def _check_budget(resource: Resource, budgets: Sequence[Resource]) -> Sequence[Finding]:
    values = nats_values(resource)
    if values is not None:
        problem = "the PodDisruptionBudget of the NATS servers is off: a drain may stop them all"
        off = nats.BUDGET.must_be_on(values, problem, cure=_BUDGET_CURE)
        return () if off and _is_covered(resource, _labels_of_chart(resource, values), budgets) else off
    labels = resource.at("spec.template.metadata.labels")
    if not _runs_plain_servers(resource) or _is_covered(resource, labels, budgets):
        return ()
    return labels.refuse("no PodDisruptionBudget covers the NATS servers: a drain may stop them all", _BUDGET_CURE)


def _is_covered(resource: Resource, labels: Value, budgets: Sequence[Resource]) -> bool:
    return any(may_cover(budget, resource, labels) for budget in budgets)


def _labels_of_chart(release: Resource, values: Value) -> Value:
    """The labels by which the chart's own budget takes the servers."""
    name, instance = values["nameOverride"].get(nats.CHART.name), release["name"].get(release.name)
    parts = {"name": name, "instance": instance, "component": nats.CHART.name}
    return values["podTemplate"].holding({f"app.kubernetes.io/{key}": part for key, part in parts.items()})


def _runs_plain_servers(resource: Resource) -> bool:
    return resource.type in STATEFUL_SETS and nats_container(resource) is not None
