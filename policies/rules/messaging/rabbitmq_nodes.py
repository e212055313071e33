"""MSG-004: RabbitMQ in production is an odd cluster of three nodes or more, or a managed one."""

from __future__ import annotations

import re
from typing import Any, Final

from policies import rabbitmq
from policies.findings import Findings
from policies.helm import RELEASE_TYPES, chart_values
from policies.model import Resource, Stack, rule
from policies.numeric import number
from policies.rules.messaging.quorum import LEAST, forms_quorum
from policies.rules.messaging.rabbitmq_servers import REPLICATED, broker_chart, broker_container
from policies.values import Value
from policies.workloads import tokens_of

PODS: Final = tokens_of("Pod")
CLUSTERED: Final = "CLUSTER_MULTI_AZ"
_SINGLE: Final = "the RabbitMQ nodes do not form an odd cluster of three or more: the loss of one stops messaging or loses messages"
_CURE: Final = "Run three nodes or another odd number above"
_PLAN: Final = re.compile(r"[a-z]+-(\d{1,3})")
"""Dedicated plans of CloudAMQP end in their number of nodes (bunny-3); shared and older ones do not."""


@rule("MSG-004", "MSG-003", on=rabbitmq.CLUSTER)
def rabbitmq_cluster_has_three_nodes(cluster: Resource, _: Stack) -> Findings:
    """The operator runs one node unless it is told otherwise; what ``override`` says stands over ``replicas``."""
    override = cluster.at("spec.override.statefulSet.spec.replicas")
    return _must_form_quorum(cluster.at("spec.replicas") if override.is_absent else override, default=1)


@rule("MSG-004", "MSG-003", on=RELEASE_TYPES)
def rabbitmq_chart_runs_three_nodes(release: Resource, _: Stack) -> Findings:
    """The charts run a single node unless they are told otherwise."""
    chart = broker_chart(release)
    knob = None if chart is None else chart.pod("server").replicas
    return () if knob is None else _must_form_quorum(knob.place(chart_values(release)), default=knob.default)


@rule("MSG-004", "MSG-003", on=(*REPLICATED, *PODS))
def rabbitmq_pods_form_cluster(workload: Resource, _: Stack) -> Findings:
    """Whether the nodes find each other is their configuration's; that there are enough of them is not."""
    container = broker_container(workload)
    if container is None:
        return ()
    if workload.type in PODS:
        return container["image"].refuse("RabbitMQ runs in a single pod: its loss stops all messaging", _CURE)
    return _must_form_quorum(workload.at("spec.replicas"), default=1)


@rule("MSG-004", "MSG-003", on=rabbitmq.AMAZON_MQ)
def amazon_mq_broker_is_clustered(broker: Resource, _: Stack) -> Findings:
    """Brokers of ActiveMQ are not RabbitMQ's: they fail over to a standby."""
    if not runs_rabbitmq(broker):
        return ()
    problem = "the broker is a single instance: the loss of its zone stops all messaging"
    return broker["deploymentMode"].must_equal(CLUSTERED, problem, default="SINGLE_INSTANCE")


@rule("MSG-004", "MSG-003", on=rabbitmq.CLOUDAMQP)
def cloudamqp_instance_is_clustered(instance: Resource, _: Stack) -> Findings:
    """By its plan, or on plans of the past by its number of nodes."""
    nodes, plan = instance["nodes"], instance["plan"]
    if _has_three_nodes(plan.peek("where the plan is not enough, the number of nodes tells")):
        return ()
    if nodes.may_satisfy(lambda count: number(count) >= LEAST):
        return ()
    problem = "the plan has fewer than three nodes: the loss of one stops all messaging"
    return plan.must_satisfy(_has_three_nodes, problem, "Take a plan with three nodes such as bunny-3 or rabbit-3")


def runs_rabbitmq(broker: Resource) -> bool:
    """Whether a broker of Amazon MQ is RabbitMQ, however its engine is spelled; one of an unknown engine (noted) is not judged."""
    return broker["engineType"].text().lower() == "rabbitmq"


def _must_form_quorum(count: Value, *, default: int) -> Findings:
    return count.must_satisfy(forms_quorum, _SINGLE, _CURE, default=default)


def _has_three_nodes(plan: Any) -> bool:
    match = _PLAN.fullmatch(str(plan).lower())
    return match is not None and int(match[1]) >= LEAST
