from __future__ import annotations

from policies.rules.messaging.managed_brokers import amazon_mq_broker_is_maintained
from policies.values import UNKNOWN
from tests.policies.rules.cases import accepts, cases, refuses, undecided
from tests.policies.rules.messaging.rabbitmq import ACTIVE_MQ, AMAZON_MQ

WINDOW = "maintenanceWindowStartTime"
UPGRADE = "autoMinorVersionUpgrade"

CASES = cases(
    amazon_mq_broker_is_maintained,
    accepts(AMAZON_MQ),
    accepts(AMAZON_MQ, {f"{WINDOW}.dayOfWeek": UNKNOWN}),
    accepts(ACTIVE_MQ, {WINDOW: None, UPGRADE: None}),
    *(refuses(AMAZON_MQ, {UPGRADE: switch}) for switch in (False, None)),
    refuses(AMAZON_MQ, {WINDOW: None}),
    refuses(AMAZON_MQ, {WINDOW: {}}),
    refuses(AMAZON_MQ, {WINDOW: None, "engineType": "rabbitmq"}, at=WINDOW),
    *(undecided(AMAZON_MQ, key) for key in (UPGRADE, WINDOW)),
    undecided(AMAZON_MQ, "engineType"),
)
