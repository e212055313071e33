from __future__ import annotations

from policies.rules.messaging.rabbitmq_nodes import (
    amazon_mq_broker_is_clustered,
    cloudamqp_instance_is_clustered,
    rabbitmq_chart_runs_three_nodes,
    rabbitmq_cluster_has_three_nodes,
    rabbitmq_pods_form_cluster,
)
from policies.values import UNKNOWN
from tests.policies.rules.cases import accepts, cases, refuses, undecided
from tests.policies.rules.messaging.rabbitmq import ACTIVE_MQ, AMAZON_MQ, CHART, CLOUDAMQP, CLUSTER, IMAGE, PODS, SUPPORT

COUNT = "spec.replicas"
OVERRIDE = "spec.override.statefulSet.spec.replicas"

CASES = (
    *cases(
        rabbitmq_cluster_has_three_nodes,
        accepts(CLUSTER, beside=SUPPORT),
        *(accepts(CLUSTER, {COUNT: count}, beside=SUPPORT) for count in (5.0, "3")),
        accepts(CLUSTER, {COUNT: 1.0, OVERRIDE: 3.0}, beside=SUPPORT),
        *(refuses(CLUSTER, {COUNT: count}, beside=SUPPORT) for count in (1.0, 2.0, 4.0, None, "many")),
        refuses(CLUSTER, {OVERRIDE: 1.0}, beside=SUPPORT),
        undecided(CLUSTER, COUNT, beside=SUPPORT),
    ),
    *cases(
        rabbitmq_chart_runs_three_nodes,
        accepts(CHART, beside=SUPPORT),
        accepts(CHART, {"values.replicaCount": "5"}, beside=SUPPORT),
        *(refuses(CHART, {"values.replicaCount": count}, beside=SUPPORT) for count in (1.0, 2.0, 4.0, None)),
        undecided(CHART, "values.replicaCount", beside=SUPPORT),
        undecided(CHART, "chart", beside=SUPPORT),
    ),
    *cases(
        rabbitmq_pods_form_cluster,
        accepts(PODS, beside=SUPPORT),
        accepts(PODS, {IMAGE: "kbudde/rabbitmq-exporter:1.0.0", COUNT: 1.0}, beside=SUPPORT),
        *(refuses(PODS, {COUNT: count}, beside=SUPPORT) for count in (1.0, 2.0, None)),
        undecided(PODS, COUNT, beside=SUPPORT),
        undecided(PODS, IMAGE, beside=SUPPORT),
    ),
    *cases(
        amazon_mq_broker_is_clustered,
        accepts(AMAZON_MQ),
        accepts(ACTIVE_MQ),
        accepts(AMAZON_MQ, {"engineType": "RABBITMQ"}),
        *(refuses(AMAZON_MQ, {"deploymentMode": mode}) for mode in ("SINGLE_INSTANCE", "ACTIVE_STANDBY_MULTI_AZ", None)),
        undecided(AMAZON_MQ, "deploymentMode"),
        undecided(AMAZON_MQ, "engineType"),
    ),
    *cases(
        cloudamqp_instance_is_clustered,
        accepts(CLOUDAMQP),
        *(accepts(CLOUDAMQP, {"plan": plan}) for plan in ("bunny-3", "lion-5")),
        accepts(CLOUDAMQP, {"plan": "rabbit", "nodes": 3.0}),
        accepts(CLOUDAMQP, {"nodes": UNKNOWN}),
        *(refuses(CLOUDAMQP, {"plan": plan}) for plan in ("bunny-1", "tiger", "lemur", "rhino-1", "penguin-1", "bunny")),
        refuses(CLOUDAMQP, {"nodes": 1.0, "plan": "bunny"}),
        undecided(CLOUDAMQP, "plan"),
        undecided(CLOUDAMQP, "nodes", {"plan": "bunny"}),
    ),
)
