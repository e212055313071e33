from __future__ import annotations

from typing import Any

from policies.rules.messaging.updates import (
    brokers_are_replaced_one_after_the_other,
    brokers_have_time_to_drain,
    rabbitmq_has_disruption_budget,
)
from tests.policies.rules.cases import accepts, cases, changed, refuses, undecided
from tests.policies.rules.messaging.good import NATS, OTHER_CHART, PLAIN, SERVERS
from tests.policies.rules.messaging.rabbitmq import (
    CHART,
    CLUSTER,
    CLUSTER_BUDGET,
    IMAGE,
    POD,
    PODS,
    PODS_BUDGET,
    SCHEDULE,
    SUPPORT,
)

OVERRIDE = "spec.override.statefulSet.spec"
OF_NATS = "values.podTemplate.merge.spec.terminationGracePeriodSeconds"
OF_CLUSTER = "spec.terminationGracePeriodSeconds"
OF_CHART = "values.terminationGracePeriodSeconds"
OF_PODS = f"{POD}.terminationGracePeriodSeconds"
STRATEGY = "spec.updateStrategy.type"
LABELS = "spec.template.metadata.labels"
CLOUDPIRATES: dict[str, Any] = {"version": "0.21.18", "chart": "oci://registry-1.docker.io/cloudpirates/rabbitmq", "repositoryOpts": None}
OF_CHART_PODS = changed(PODS_BUDGET, {"spec.selector.matchLabels": {"app.kubernetes.io/instance": "rabbitmq"}})
BY_OVERRIDE = changed(CLUSTER_BUDGET, {"spec.selector.matchLabels": {"tier": "bus"}})

CASES = (
    *cases(
        brokers_have_time_to_drain,
        *(accepts(each, beside=SUPPORT) for each in (CLUSTER, CHART, PODS)),
        accepts(NATS),
        accepts(SERVERS, beside=PLAIN),
        accepts(OTHER_CHART),
        accepts(CLUSTER, {OF_CLUSTER: None}, beside=SUPPORT),
        accepts(CLUSTER, {OF_CLUSTER: 10.0, f"{OVERRIDE}.template.{OF_CLUSTER}": 120.0}, beside=SUPPORT),
        accepts(CHART, {OF_CHART: None}, beside=SUPPORT),
        accepts(PODS, {IMAGE: "redis:7", OF_PODS: None}, beside=SUPPORT),
        *(refuses(CLUSTER, {OF_CLUSTER: seconds}, beside=SUPPORT) for seconds in (60.0, 0.0, "30")),
        refuses(CLUSTER, {f"{OVERRIDE}.template.{OF_CLUSTER}": 30.0}, beside=SUPPORT),
        *(refuses(NATS, {OF_NATS: seconds}) for seconds in (60.0, None)),
        *(refuses(SERVERS, {OF_PODS: seconds}, beside=PLAIN) for seconds in (119.0, None)),
        *(refuses(PODS, {OF_PODS: seconds}, beside=SUPPORT) for seconds in (30.0, None)),
        refuses(CHART, {OF_CHART: 60.0}, beside=SUPPORT),
        refuses(CHART, {**CLOUDPIRATES, OF_CHART: None}, beside=SUPPORT),
        refuses(CHART, {"version": "2.2.3", "values.podDisruptionBudget": {"minAvailable": 2.0}, OF_CHART: None}, beside=SUPPORT),
        undecided(NATS, OF_NATS),
        undecided(CLUSTER, OF_CLUSTER, beside=SUPPORT),
        undecided(PODS, IMAGE, beside=SUPPORT),
    ),
    *cases(
        brokers_are_replaced_one_after_the_other,
        *(accepts(each, beside=SUPPORT) for each in (CLUSTER, CHART, PODS)),
        accepts(NATS),
        accepts(PODS, {"spec.updateStrategy": None}, beside=SUPPORT),
        refuses(PODS, {STRATEGY: "OnDelete"}, beside=SUPPORT),
        refuses(SERVERS, {STRATEGY: "OnDelete"}, beside=PLAIN),
        refuses(CLUSTER, {f"{OVERRIDE}.updateStrategy.type": "OnDelete"}, beside=SUPPORT),
        refuses(CHART, {"values.updateStrategy.type": "OnDelete"}, beside=SUPPORT),
        refuses(NATS, {"values.statefulSet.merge.spec.updateStrategy.type": "OnDelete"}),
        undecided(PODS, STRATEGY, beside=SUPPORT),
        undecided(CHART, "values.updateStrategy.type", beside=SUPPORT),
    ),
    *cases(
        rabbitmq_has_disruption_budget,
        *(accepts(each, beside=SUPPORT) for each in (CLUSTER, CHART, PODS)),
        accepts(CLUSTER, {f"{OVERRIDE}.template.metadata.labels": {"tier": "bus"}}, beside=[BY_OVERRIDE, SCHEDULE]),
        accepts(CLUSTER, {"metadata.labels": {"app.kubernetes.io/name": "broker"}}, beside=SUPPORT),
        accepts(CLUSTER, {"metadata.labels": {"tier": "bus"}}, beside=[BY_OVERRIDE, SCHEDULE]),
        accepts(CHART, {"values.pdb": None}, beside=SUPPORT),
        accepts(CHART, {"values.pdb.create": False}, beside=[OF_CHART_PODS, SCHEDULE]),
        refuses(CLUSTER, at="metadata.name", beside=[PODS_BUDGET, SCHEDULE]),
        refuses(CLUSTER, at="metadata.name", beside=[changed(CLUSTER_BUDGET, {"metadata.namespace": "other"}), SCHEDULE]),
        refuses(PODS, at=LABELS, beside=[CLUSTER_BUDGET, SCHEDULE]),
        refuses(CHART, {"values.pdb.create": False}, beside=SUPPORT),
        *(
            refuses(CHART, {"version": version, "values.pdb": None}, at="values.pdb.create", beside=SUPPORT)
            for version in ("14.3.3", "12.0.0")
        ),
        refuses(CHART, {**CLOUDPIRATES, "values.pdb": None}, at="values.pdb.create", beside=SUPPORT),
        undecided(CHART, "values.pdb.create", beside=SUPPORT),
        undecided(PODS, f"{LABELS}.app", beside=SUPPORT),
        undecided(CLUSTER, "metadata.name", beside=SUPPORT),
    ),
)
