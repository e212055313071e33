"""The product's stacks with RabbitMQ that somebody else runs."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from offline.engine import Run, run_program
from policies.analyzer import Analyzer
from tests.runs import config_of
from tests.tools import ROOT

TOPOLOGY: dict[str, Any] = {
    "recovery": {"rpo": "0s", "rto": "5m"},
    "vhosts": {
        "shop": {
            "exchanges": {"orders": {"type": "topic"}},
            "queues": {"shipping": {"bindings": [{"exchange": "orders", "routingKey": "orders.#"}], "maxBytes": "1Gi"}},
            "clients": {"shop": {"namespace": "orders", "publishes": ["orders"], "consumes": ["shipping"]}},
        }
    },
}
AMAZON_MQ = {"kind": "amazon-mq", "instanceType": "mq.m7g.large", **TOPOLOGY}
CLOUDAMQP = {"kind": "cloudamqp", "plan": "rabbit-3", "version": "4.2.1", **TOPOLOGY}


BROKERS = {"amazon-mq": AMAZON_MQ, "cloudamqp": CLOUDAMQP}


@cache
def run_with_broker(stack: str, kind: str) -> Run:
    """The run of a stack whose RabbitMQ is of this ``kind``."""
    config = config_of(stack)
    return run_program(
        ROOT / "__main__.py",
        stack=stack,
        project=config.project,
        config={**config.values, "plinth:rabbitmq": json.dumps(BROKERS[kind])},
        secret_keys=config.secret_keys,
        pack=Analyzer(waivers=()),
    )
