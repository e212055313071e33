"""MSG-002: queues and exchanges outlive a restart, and the queues of a cluster are held by a quorum."""

from __future__ import annotations

import re
from typing import Final

from policies import rabbitmq
from policies.findings import Findings
from policies.model import Resource, Stack, rule
from policies.values import Value

_DEFAULT_TYPE: Final = re.compile(r"""^\s*default_queue_type\s*=\s*["']?([\w-]+)""", re.MULTILINE)
_QUORUM: Final = frozenset({"quorum", "rabbit_quorum_queue"})


@rule("MSG-002", "MSG-003", on=rabbitmq.QUEUE)
def rabbitmq_queue_is_durable(queue: Resource, stack: Stack) -> Findings:
    """The operator's default is a transient queue of the broker's default type."""
    spec = queue["spec"]
    yield from _must_last(spec)
    if stack.is_production:
        argument = spec["arguments"]["x-queue-type"]
        kind = argument if spec["type"].is_absent and not argument.is_absent else spec["type"]
        problem = "the queue is held by one node: its loss takes the messages along"
        yield from kind.must_equal("quorum", problem, cure='Set spec.type to "quorum"')


@rule("MSG-002", "MSG-003", on=rabbitmq.PROVIDER_QUEUE)
def declared_queue_is_durable(queue: Resource, _: Stack) -> Findings:
    """The provider's default is a transient queue."""
    return _must_last(queue["settings"])


@rule("MSG-002", "MSG-003", on=(rabbitmq.EXCHANGE, rabbitmq.PROVIDER_EXCHANGE))
def rabbitmq_exchange_is_durable(exchange: Resource, _: Stack) -> Findings:
    """An exchange that is gone takes its bindings along: what is published is routed nowhere."""
    settings = exchange["spec" if exchange.type == rabbitmq.EXCHANGE else "settings"]
    return settings["durable"].must_be_true("the exchange does not survive a restart of the broker")


@rule("MSG-002", "MSG-003", on=rabbitmq.CLUSTER)
def rabbitmq_cluster_defaults_to_quorum_queues(cluster: Resource, _: Stack) -> Findings:
    """For queues that applications declare without a type."""
    yield from cluster.at("spec.rabbitmq.additionalConfig").must_satisfy(
        lambda text: _default_queue_type(text) in _QUORUM,
        "a queue that is declared without a type is held by one node",
        "Add the line default_queue_type = quorum",
    )


def _must_last(settings: Value) -> Findings:
    problem = "the queue does not survive a restart of the broker, and its messages with it"
    yield from settings["durable"].must_be_true(problem)
    yield from settings["autoDelete"].must_be_false("the queue goes with its last consumer, and its messages with it")


def _default_queue_type(text: str) -> str | None:
    """What RabbitMQ's configuration says, whose last word counts."""
    found = _DEFAULT_TYPE.findall(text)
    return found[-1] if found else None
