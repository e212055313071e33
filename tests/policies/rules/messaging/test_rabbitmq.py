from __future__ import annotations

import pytest

from policies.model import Rule
from policies.registry import RULES
from policies.rules.messaging.rabbitmq_nodes import rabbitmq_pods_form_cluster
from policies.rules.messaging.rabbitmq_storage import rabbitmq_pods_keep_data_on_claims
from policies.workloads import tokens_of
from tests.policies.rules.cases import domain_of, good, judge

MESSAGING: list[Rule] = [rule for rule in RULES if domain_of(rule) == "messaging"]
POD = {"containers": [{"name": "bus", "image": "rabbitmq:4.1.2"}]}


@pytest.mark.parametrize("kind", ["Deployment", "ReplicaSet", "ReplicationController", "Rollout"])
def test_a_single_broker_has_neither_a_volume_nor_a_cluster(kind: str) -> None:
    for token in tokens_of(kind):
        found = [rule for rule, _ in judge(MESSAGING, [good(token, {"spec": {"replicas": 1.0, "template": {"spec": POD}}})])]
        assert found == [rabbitmq_pods_keep_data_on_claims, rabbitmq_pods_form_cluster]


def test_a_broker_in_a_bare_pod_has_neither() -> None:
    found = [rule for rule, _ in judge(MESSAGING, [good(tokens_of("Pod")[0], {"spec": POD})])]
    assert found == [rabbitmq_pods_keep_data_on_claims, rabbitmq_pods_form_cluster]
