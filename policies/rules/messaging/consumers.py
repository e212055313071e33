"""MSG-006 and DR-004: what a consumer of NATS gives up is kept, and the cascade engine loses less than a minute of work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from facts.duration import parse_duration
from policies import nats
from policies.cascade_engine import names_cascade_engine
from policies.findings import Findings
from policies.model import Resource, Stack, rule, stack_rule
from policies.numeric import number
from policies.rules.messaging.dead_letters import may_be_of_dead_letters
from policies.values import UNKNOWN, Value

_LONGEST_WAIT: Final = timedelta(seconds=60)
_FOREVER: Final = -1
_LATER: Final = "a name that comes later counts only where no known one answers"


@rule("MSG-006", "ALERT-004", on=nats.CONSUMERS)
def nats_consumer_gives_up(consumer: Resource, _: Stack) -> Findings:
    """The server's default is to deliver a message for ever."""
    if _reads_dead_letters(consumer):
        return ()
    problem = "a message that cannot be handled is delivered for ever, and never becomes a dead letter"
    cure = "Set spec.maxDeliver to the number of deliveries after which it does, such as 5"
    return consumer.at("spec.maxDeliver").must_satisfy(lambda most: number(most) > 0, problem, cure, default=_FOREVER)


@stack_rule("MSG-006", "ALERT-004", on=(*nats.CONSUMERS, *nats.STREAMS))
def nats_consumer_has_dead_letter_stream(resources: Sequence[Resource], _: Stack) -> Findings:
    """One stream of advisories may keep the dead letters of all consumers of a stack."""
    consumers = [resource for resource in resources if resource.type in nats.CONSUMERS and not _reads_dead_letters(resource)]
    names = [_name(resource) for resource in resources if resource.type in nats.STREAMS] if consumers else []
    if any(name.peek(_LATER) is not UNKNOWN and _is_dead_letters(name.get()) for name in names):
        return
    if not [name for name in names if name.is_unknown]:
        problem = f"what the consumer gives up is lost: no stream of the stack is named *{nats.DEAD_LETTERS}"
        cure = "Add a stream of that name that keeps the advisories of its consumers"
        for consumer in consumers:
            yield from consumer.at("spec.streamName").refuse(problem, cure)


@rule("DR-004", on=nats.CONSUMERS)
def cascade_engine_consumer_is_durable(consumer: Resource, _: Stack) -> Findings:
    """What the engine had in hand is delivered again within a minute."""
    spec = consumer["spec"]
    if not names_cascade_engine(consumer, spec["durableName"], spec["streamName"], spec["deliverGroup"]):
        return
    yield from spec["durableName"].must_be_set("the engine's place in the stream is lost with its connection")
    yield from spec["ackPolicy"].must_equal("explicit", "what the engine has in hand counts as handled", default="none")
    waits = list(spec["backoff"].each())
    for wait in waits[:1] or [spec["ackWait"]]:
        yield from wait.must_satisfy(
            lambda length: parse_duration(length) <= _LONGEST_WAIT,
            "what a lost engine had in hand is delivered again after more than a minute",
            f"Set {wait.path} to 60s or less",
            default="30s",
        )


def _reads_dead_letters(consumer: Resource) -> bool:
    """Whether it is for whoever looks at dead letters: by its annotation, or by its stream's name."""
    return consumer.at("spec.streamName").may_satisfy(_is_dead_letters) or may_be_of_dead_letters(consumer)


def _name(stream: Resource) -> Value:
    named = stream.at("spec.name")
    return stream.at("metadata.name") if named.peek(_LATER) is None else named


def _is_dead_letters(name: object) -> bool:
    return isinstance(name, str) and name.lower().endswith(nats.DEAD_LETTERS)
