from __future__ import annotations

from typing import Any

from policies.rules.messaging.rabbitmq_backups import rabbitmq_is_backed_up
from policies.values import UNKNOWN
from tests.policies.rules.cases import accepts, cases, changed, good, refuses, undecided
from tests.policies.rules.messaging.good import NATS, RELEASE
from tests.policies.rules.messaging.rabbitmq import CHART, CLUSTER, CLUSTER_BUDGET, IMAGE, PODS, PODS_BUDGET, SCHEDULE, SUPPORT

NAMESPACE = "metadata.namespace"
INCLUDED = "spec.template.includedNamespaces"
EXCLUDED = "spec.template.excludedNamespaces"
SELECTOR = "spec.template.labelSelector"
SELECTORS = "spec.template.orLabelSelectors"
BUDGETS = [CLUSTER_BUDGET, PODS_BUDGET]
IN_CHART = good(
    RELEASE,
    {
        "chart": "velero",
        "namespace": "velero",
        "values": {"schedules": {"daily": {"schedule": "0 2 * * *", "template": {"includedNamespaces": ["*"]}}}},
    },
    "velero",
)
OF_CHART = "values.schedules.daily"
HOME = good("kubernetes:core/v1:Namespace", {"metadata": {"name": "messaging"}}, "messaging")
LATER = good(CLUSTER.type, {**changed(CLUSTER, {NAMESPACE: UNKNOWN}).properties}, "bus", after=[HOME.urn])
OF_CLUSTER = {"matchLabels": {"app.kubernetes.io/name": "bus"}}
OF_OTHERS = {"matchLabels": {"app.kubernetes.io/name": "nats"}}
TAKING: tuple[dict[str, Any], ...] = (
    {},
    {INCLUDED: ["*"]},
    {INCLUDED: ["mess*"]},
    {INCLUDED: None},
    {INCLUDED: []},
    {"spec.template": None},
    {INCLUDED: None, EXCLUDED: ["orders"]},
    {SELECTOR: OF_CLUSTER},
    {SELECTORS: [OF_OTHERS, OF_CLUSTER]},
    {"spec.paused": False},
)
PASSING_BY: tuple[dict[str, Any], ...] = (
    {INCLUDED: ["orders"]},
    {INCLUDED: None, EXCLUDED: ["messaging"]},
    {EXCLUDED: ["messaging"]},
    {SELECTOR: OF_OTHERS},
    {SELECTORS: [OF_OTHERS]},
    {"spec.paused": True},
    {"spec.template.includedResources": ["configmaps"]},
)

CASES = cases(
    rabbitmq_is_backed_up,
    *(accepts(each, beside=SUPPORT) for each in (CLUSTER, CHART, PODS, NATS)),
    *(accepts(CLUSTER, beside=[*BUDGETS, changed(SCHEDULE, changes)]) for changes in TAKING),
    *(accepts(each, beside=[*BUDGETS, IN_CHART]) for each in (CLUSTER, CHART, PODS)),
    accepts(CLUSTER, {NAMESPACE: None}, beside=[changed(CLUSTER_BUDGET, {NAMESPACE: None}), changed(SCHEDULE, {INCLUDED: ["default"]})]),
    accepts(LATER, beside=[HOME, *SUPPORT]),
    accepts(PODS, {IMAGE: "redis:7"}),
    refuses(CLUSTER, at=NAMESPACE, beside=BUDGETS),
    refuses(PODS, at=NAMESPACE, beside=BUDGETS),
    refuses(CHART, at="namespace", beside=BUDGETS),
    *(refuses(CLUSTER, at=NAMESPACE, beside=[*BUDGETS, changed(SCHEDULE, changes)]) for changes in PASSING_BY),
    refuses(CLUSTER, at=NAMESPACE, beside=[*BUDGETS, changed(IN_CHART, {f"{OF_CHART}.disabled": True})]),
    refuses(CLUSTER, at=NAMESPACE, beside=[*BUDGETS, changed(IN_CHART, {f"{OF_CHART}.template.includedNamespaces": ["orders"]})]),
    undecided(SCHEDULE, INCLUDED, beside=[CLUSTER, *BUDGETS]),
    undecided(SCHEDULE, "spec.paused", beside=[CLUSTER, *BUDGETS]),
    undecided(CLUSTER, NAMESPACE, beside=SUPPORT),
    undecided(IN_CHART, "values.schedules", beside=[CLUSTER, *BUDGETS]),
)
