"""RabbitMQ that somebody else runs, on the product's stacks: the pack agrees, and the operator declares in it."""

from __future__ import annotations

import pytest

from tests.stacks.brokers import run_with_broker


@pytest.mark.parametrize(
    ("stack", "kind", "broker"),
    [
        ("production", "amazon-mq", "aws:mq/broker:Broker"),
        ("production", "cloudamqp", "cloudamqp:index/instance:Instance"),
        ("azure-production", "cloudamqp", "cloudamqp:index/instance:Instance"),
    ],
)
def test_a_managed_broker_meets_every_requirement_and_gets_what_is_declared(stack: str, kind: str, broker: str) -> None:
    ran = run_with_broker(stack, kind)
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
