"""MSG-014: a rolling update of brokers loses nothing: one pod after the other, each with the time to drain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from policies import rabbitmq
from policies.charts import nats
from policies.charts.model import Knob, Pod
from policies.findings import Findings
from policies.helm import RELEASE_TYPES, chart_values
from policies.model import Resource, Stack, rule, stack_rule
from policies.rules.messaging.budgets import BUDGET_TYPES, may_cover
from policies.rules.messaging.rabbitmq_servers import BROKER_TYPES, OVERRIDE, broker_chart, broker_container, broker_labels, runs_brokers
from policies.rules.messaging.servers import STATEFUL_SETS, nats_container, nats_values
from policies.values import Value

LEAST_GRACE: Final = 120
_OF_KUBERNETES: Final = 30
_OF_OPERATOR: Final = 604_800
_ROLLING: Final = "RollingUpdate"


@dataclass(frozen=True, kw_only=True)
class Update:
    """How the pods of a broker are replaced: where the seconds that each has to end stand, and where the kind of update."""

    grace: Value
    default_grace: int
    strategy: Value


@rule("MSG-014", on=BROKER_TYPES)
def brokers_have_time_to_drain(resource: Resource, _: Stack) -> Findings:
    """NATS hands over leaders in lame duck mode, RabbitMQ waits for its queues to be in sync: what takes longer is killed."""
    update = _update_of(resource)
    if update is None:
        return ()
    problem = "a broker that is replaced is killed before it has drained: what it holds alone may be lost"
    return update.grace.must_be_at_least(LEAST_GRACE, problem, default=update.default_grace)


@rule("MSG-014", on=BROKER_TYPES)
def brokers_are_replaced_one_after_the_other(resource: Resource, _: Stack) -> Findings:
    """Kubernetes waits for each to be ready again; with OnDelete nobody does."""
    update = _update_of(resource)
    if update is None:
        return ()
    problem = "nothing replaces the brokers one after the other: whoever deletes their pods may stop them all"
    return update.strategy.must_equal(_ROLLING, problem, default=_ROLLING)


@stack_rule("MSG-014", on=(*BROKER_TYPES, *BUDGET_TYPES))
def rabbitmq_has_disruption_budget(resources: Sequence[Resource], _: Stack) -> Findings:
    """Neither operator nor Kubernetes makes one; some charts do. That of NATS is asked for by a rule of its own."""
    budgets = [resource for resource in resources if resource.type in BUDGET_TYPES]
    problem, cure = "no PodDisruptionBudget covers the RabbitMQ nodes: a drain may stop them all", "Add one with maxUnavailable 1 over them"
    for resource in resources:
        if resource.type not in BROKER_TYPES or not runs_brokers(resource):
            continue
        labels = broker_labels(resource)
        if any(may_cover(budget, resource, labels) for budget in budgets):
            continue
        switch = _budget_of_chart(resource)
        if switch is None:
            place = resource.at("metadata.name") if resource.type == rabbitmq.CLUSTER else labels
            yield from place.refuse(problem, cure)
        else:
            yield from switch.must_be_on(chart_values(resource), problem, cure=cure)


def _update_of(resource: Resource) -> Update | None:
    """How a resource that runs brokers replaces them; None where it runs none."""
    if resource.type == rabbitmq.CLUSTER:
        own, override = resource.at("spec.terminationGracePeriodSeconds"), resource.at(OVERRIDE)
        grace = override.at("template.spec.terminationGracePeriodSeconds")
        return Update(grace=own if grace.is_absent else grace, default_grace=_OF_OPERATOR, strategy=override.at("updateStrategy.type"))
    if resource.type in RELEASE_TYPES:
        chart = broker_chart(resource)
        pod = nats.SERVER if nats_values(resource) is not None else None if chart is None else chart.pod("server")
        return None if pod is None else _update_of_chart(pod, chart_values(resource))
    if resource.type in STATEFUL_SETS and (broker_container(resource) or nats_container(resource)) is not None:
        grace = resource.at("spec.template.spec.terminationGracePeriodSeconds")
        return Update(grace=grace, default_grace=_OF_KUBERNETES, strategy=resource.at("spec.updateStrategy.type"))
    return None


def _update_of_chart(pod: Pod, values: Value) -> Update | None:
    if pod.grace is None or pod.strategy is None:
        return None
    return Update(grace=pod.grace.place(values), default_grace=pod.grace.default, strategy=pod.strategy.place(values))


def _budget_of_chart(resource: Resource) -> Knob | None:
    chart = broker_chart(resource) if resource.type in RELEASE_TYPES else None
    return None if chart is None else chart.pod("server").budget
