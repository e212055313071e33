from __future__ import annotations

from facts.tiers import Tier
from policies.rules.messaging.rabbitmq_dead_letters import rabbitmq_queue_has_dead_letter_exchange
from policies.values import UNKNOWN
from tests.policies.rules.cases import accepts, cases, changed, good, refuses, undecided
from tests.policies.rules.messaging.rabbitmq import CLUSTER, DEAD_LETTERS, POLICY, PROVIDER_POLICY, PROVIDER_QUEUE, QUEUE

ARGUMENTS = "spec.arguments"
EXCHANGE = f"{ARGUMENTS}.x-dead-letter-exchange"
BARE = changed(QUEUE, {ARGUMENTS: None})
MARKER = 'metadata.annotations["platform/dlq"]'
DEFINITION = "spec.definition"
QUORUM_SIZE = {DEFINITION: {"target-group-size": 3.0}}
OTHER = good(POLICY.type, {**changed(POLICY, QUORUM_SIZE).properties}, "sizes")
LOWER = changed(OTHER, {"spec.priority": 0.0})
REFERENCE = "spec.rabbitmqClusterReference"
LATER_QUEUE = good(BARE.type, {**changed(BARE, {f"{REFERENCE}.name": UNKNOWN}).properties}, "orders", after=[CLUSTER.urn])
LATER_POLICY = good(POLICY.type, {**changed(POLICY, {f"{REFERENCE}.name": UNKNOWN}).properties}, "later", after=[CLUSTER.urn])
DECLARED = changed(PROVIDER_QUEUE, {"settings.arguments": {"x-queue-type": "quorum"}})
IN_SETTINGS = "settings.arguments.x-dead-letter-exchange"
NOT_COVERING = (
    {"spec.pattern": "^billing"},
    {"spec.pattern": "["},
    {"spec.vhost": "shop"},
    {"spec.applyTo": "exchanges"},
    {"spec.applyTo": "classic_queues"},
    {DEFINITION: {"delivery-limit": 5.0}},
    {DEFINITION: {"dead-letter-exchange": ""}},
    {f"{REFERENCE}.name": "other"},
    {f"{REFERENCE}.namespace": "elsewhere"},
    {"metadata.namespace": "elsewhere"},
)
COVERING = (
    {"spec.pattern": ".*"},
    {"spec.pattern": "ders$"},
    {"spec.applyTo": None},
    {"spec.applyTo": "all"},
    {"spec.applyTo": "quorum_queues"},
    {"spec.vhost": "/"},
    {"spec.priority": None},
    {f"{REFERENCE}.namespace": "messaging", "metadata.namespace": "elsewhere"},
    {DEFINITION: {"dead-letter-exchange": "", "dead-letter-routing-key": "orders-dlq"}},
    {f"{DEFINITION}.dead-letter-exchange": UNKNOWN},
)

CASES = cases(
    rabbitmq_queue_has_dead_letter_exchange,
    *(accepts(each) for each in (QUEUE, DEAD_LETTERS, PROVIDER_QUEUE, POLICY, PROVIDER_POLICY)),
    accepts(QUEUE, {EXCHANGE: UNKNOWN}),
    accepts(QUEUE, {EXCHANGE: "", f"{ARGUMENTS}.x-dead-letter-routing-key": "orders-dlq"}),
    accepts(BARE, {"spec.type": "stream"}, tier=Tier.STAGING),
    *(accepts(BARE, beside=[changed(POLICY, changes)]) for changes in COVERING),
    accepts(BARE, beside=[POLICY, LOWER]),
    accepts(LATER_QUEUE, beside=[LATER_POLICY]),
    accepts(DECLARED, beside=[PROVIDER_POLICY]),
    accepts(DECLARED, {"name": "orders.dlq"}),
    accepts(PROVIDER_QUEUE, {"settings.arguments": None, "settings.argumentsJson": '{"x-dead-letter-exchange": "dead-letters"}'}),
    refuses(BARE, at=EXCHANGE),
    refuses(BARE, {"spec.name": "orders-dlq"}, at=EXCHANGE),
    *(refuses(BARE, {MARKER: marker}, at=EXCHANGE) for marker in ("false", "")),
    refuses(QUEUE, {EXCHANGE: ""}),
    *(refuses(BARE, at=EXCHANGE, beside=[changed(POLICY, changes)]) for changes in NOT_COVERING),
    refuses(BARE, at=EXCHANGE, beside=[POLICY, changed(OTHER, {"spec.priority": 10.0})]),
    refuses(BARE, at=EXCHANGE, beside=[POLICY, OTHER]),
    refuses(BARE, at=EXCHANGE, beside=[PROVIDER_POLICY]),
    refuses(DECLARED, at=IN_SETTINGS),
    refuses(DECLARED, at=IN_SETTINGS, beside=[changed(PROVIDER_POLICY, {"vhost": "other"})]),
    refuses(DECLARED, at=IN_SETTINGS, beside=[POLICY]),
    refuses(
        PROVIDER_QUEUE, {"settings.arguments": None, "settings.argumentsJson": "{"}, at="settings.argumentsJson.x-dead-letter-exchange"
    ),
    undecided(QUEUE, ARGUMENTS),
    undecided(BARE, MARKER),
    undecided(BARE, "spec.name", beside=[POLICY]),
    undecided(BARE, "spec.vhost", beside=[POLICY]),
    undecided(POLICY, "spec.pattern", beside=[BARE]),
    undecided(POLICY, DEFINITION, beside=[BARE]),
    undecided(POLICY, f"{REFERENCE}.name", beside=[BARE]),
    undecided(OTHER, "spec.priority", beside=[BARE, POLICY]),
)
