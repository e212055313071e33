"""MSG-006: what a queue of RabbitMQ gives up goes to a dead-letter exchange."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from policies import rabbitmq
from policies.findings import Findings
from policies.model import Resource, Stack, stack_rule
from policies.rules.messaging.dead_letters import DEAD_LETTERS_MARKER, may_be_of_dead_letters
from policies.rules.messaging.rabbitmq_policies import Policy, arguments_of, names_exchange, policy_of, type_of_queue

_DEAD_LETTERS: Final = re.compile(r"(?i)(?:^|[-_.])(?:dlq|dead[-_.]?letters?)(?:$|[-_.])")
_PROBLEM: Final = "what the queue rejects or gives up is lost: it has no dead-letter exchange"
_CURE: Final = (
    'Set the argument "x-dead-letter-exchange", cover the queue with a policy that defines dead-letter-exchange, '
    f'or annotate a queue that keeps dead letters with {DEAD_LETTERS_MARKER}: "true"'
)
_QUEUES: Final = (rabbitmq.QUEUE, rabbitmq.PROVIDER_QUEUE)
_OF_QUEUES: Final = {rabbitmq.POLICY: rabbitmq.QUEUE, rabbitmq.PROVIDER_POLICY: rabbitmq.PROVIDER_QUEUE}


@stack_rule("MSG-006", "ALERT-004", on=(*_QUEUES, *_OF_QUEUES))
def rabbitmq_queue_has_dead_letter_exchange(resources: Sequence[Resource], _: Stack) -> Findings:
    """By an argument of its own, or by the one policy that applies to it. Streams of RabbitMQ know no dead letters."""
    policies: dict[str, list[Policy]] = defaultdict(list)
    for resource in resources:
        if resource.type in _OF_QUEUES:
            policies[_OF_QUEUES[resource.type]].append(policy_of(resource))
    for queue in resources:
        if queue.type in _QUEUES and not _keeps_dead_letters(queue) and not type_of_queue(queue).may_equal("stream"):
            yield from _judge(queue, policies[queue.type])


def _keeps_dead_letters(queue: Resource) -> bool:
    """By its annotation; queues of the provider cannot have one and are known by their names."""
    if queue.type == rabbitmq.PROVIDER_QUEUE:
        return queue["name"].may_satisfy(lambda name: _DEAD_LETTERS.search(name) is not None, default=queue.name)
    return may_be_of_dead_letters(queue)


def _judge(queue: Resource, policies: Sequence[Policy]) -> Findings:
    arguments = arguments_of(queue)
    if names_exchange(arguments, "x-dead-letter") or arguments.is_unknown:
        return
    matching = [(policy, doubts) for policy in policies if (doubts := policy.doubts(queue)) is not None]
    # Of the policies that match, RabbitMQ applies one: that of the highest priority, and of equals any.
    highest = max((policy.priority for policy, doubts in matching if not doubts), default=None)
    applied = [policy for policy, doubts in matching if not doubts and policy.priority == highest]
    covered = bool(applied) and all(policy.sets_exchange for policy in applied)
    open_places = [
        place
        for policy, doubts in matching
        if doubts and policy.may_outrank(highest) and policy.sets_exchange is not covered
        for place in doubts
    ]
    for place in open_places:
        place.get()
    if not covered and not open_places:
        decided = f", and {applied[0].resource.name}, the policy that applies, sets none" if applied else ""
        yield from arguments["x-dead-letter-exchange"].refuse(f"{_PROBLEM}{decided}", _CURE)
