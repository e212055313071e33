from __future__ import annotations

from facts.tiers import Tier
from policies.rules.messaging.rabbitmq_queues import (
    declared_queue_is_durable,
    rabbitmq_cluster_defaults_to_quorum_queues,
    rabbitmq_exchange_is_durable,
    rabbitmq_queue_is_durable,
)
from tests.policies.rules.cases import accepts, cases, refuses, undecided
from tests.policies.rules.messaging.rabbitmq import (
    CLUSTER,
    DEAD_LETTERS,
    EXCHANGE,
    PROVIDER_EXCHANGE,
    PROVIDER_QUEUE,
    QUEUE,
    SUPPORT,
)

CONFIG = "spec.rabbitmq.additionalConfig"
BY_ARGUMENT = {"spec.type": None, 'spec.arguments["x-queue-type"]': "quorum"}

CASES = (
    *cases(
        rabbitmq_queue_is_durable,
        *(accepts(each) for each in (QUEUE, DEAD_LETTERS)),
        accepts(QUEUE, {"spec.autoDelete": None}),
        accepts(QUEUE, BY_ARGUMENT),
        accepts(QUEUE, {"spec.type": "classic"}, tier=Tier.STAGING),
        *(refuses(QUEUE, {"spec.durable": switch}) for switch in (False, None, "true")),
        refuses(QUEUE, {"spec.autoDelete": True}),
        *(refuses(QUEUE, {"spec.type": kind}) for kind in ("classic", None)),
        refuses(DEAD_LETTERS, {"spec.type": "classic"}),
        *(undecided(QUEUE, f"spec.{key}") for key in ("durable", "autoDelete")),
        undecided(QUEUE, "spec.type"),
    ),
    *cases(
        declared_queue_is_durable,
        accepts(PROVIDER_QUEUE),
        *(refuses(PROVIDER_QUEUE, {"settings.durable": switch}) for switch in (False, None)),
        refuses(PROVIDER_QUEUE, {"settings.autoDelete": True}),
        undecided(PROVIDER_QUEUE, "settings.durable"),
    ),
    *cases(
        rabbitmq_exchange_is_durable,
        *(accepts(each) for each in (EXCHANGE, PROVIDER_EXCHANGE)),
        *(refuses(EXCHANGE, {"spec.durable": switch}) for switch in (False, None)),
        refuses(PROVIDER_EXCHANGE, {"settings.durable": None}),
        undecided(EXCHANGE, "spec.durable"),
    ),
    *cases(
        rabbitmq_cluster_defaults_to_quorum_queues,
        accepts(CLUSTER, beside=SUPPORT),
        *(
            accepts(CLUSTER, {CONFIG: text}, beside=SUPPORT)
            for text in (
                "default_queue_type=quorum",
                "  default_queue_type  =  quorum # held by three",
                "default_queue_type = classic\ndefault_queue_type = quorum",
            )
        ),
        *(
            refuses(CLUSTER, {CONFIG: text}, beside=SUPPORT)
            for text in (
                "",
                None,
                "# default_queue_type = quorum",
                "default_queue_type = classic",
                "default_queue_type = quorum\ndefault_queue_type = classic",
                "x.default_queue_type = quorum",
                3.0,
            )
        ),
        refuses(CLUSTER, {"spec.rabbitmq": None}, at=CONFIG, beside=SUPPORT),
        undecided(CLUSTER, CONFIG, beside=SUPPORT),
    ),
)
