"""RabbitMQ that somebody else runs, on the product's stacks: the pack agrees, and the operator declares in it."""

from __future__ import annotations

import json
from typing import Any

import pytest

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


def run(stack: str, rabbitmq: dict[str, Any]) -> Run:
    config = config_of(stack)
    return run_program(
        ROOT / "__main__.py",
        stack=stack,
        project=config.project,
        config={**config.values, "plinth:rabbitmq": json.dumps(rabbitmq)},
        secret_keys=config.secret_keys,
        pack=Analyzer(waivers=()),
    )


@pytest.mark.parametrize(
    ("stack", "rabbitmq", "broker"),
    [
        ("production", AMAZON_MQ, "aws:mq/broker:Broker"),
        ("production", CLOUDAMQP, "cloudamqp:index/instance:Instance"),
        ("azure-production", CLOUDAMQP, "cloudamqp:index/instance:Instance"),
    ],
)
def test_a_managed_broker_meets_every_requirement_and_gets_what_is_declared(stack: str, rabbitmq: dict[str, Any], broker: str) -> None:
    ran = run(stack, rabbitmq)
    assert [each.message for each in ran.diagnostics] == []
    by_type = {each.type for each in ran.resources}
    assert broker in by_type
    assert "kubernetes:rabbitmq.com/v1beta1:RabbitmqCluster" not in by_type
    (queue,) = (
        each for each in ran.resources if each.type == "kubernetes:rabbitmq.com/v1beta1:Queue" and each.inputs["spec"]["name"] == "shipping"
    )
    reference = queue.inputs["spec"]["rabbitmqClusterReference"]
    (secret,) = (
        each
        for each in ran.resources
        if each.type == "kubernetes:core/v1:Secret" and each.inputs["metadata"]["name"] == reference["connectionSecret"]["name"]
    )
    assert secret.inputs["metadata"]["namespace"] == reference["namespace"]
    (told,) = (each for each in ran.resources if each.name == "rabbitmq-topology-connection-shop")
    assert told.inputs["data"]["RABBITMQ_PORT"] == "5671"
