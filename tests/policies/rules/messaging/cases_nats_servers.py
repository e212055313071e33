from __future__ import annotations

from typing import Any

from policies.rules.messaging.nats_servers import (
    nats_servers_form_odd_cluster,
    nats_servers_have_disruption_budget,
    nats_servers_spread_over_zones,
)
from policies.values import UNKNOWN
from tests.policies.rules.cases import accepts, cases, changed, refuses, undecided
from tests.policies.rules.messaging.good import (
    BUDGET,
    CONFIG,
    CORE_NATS,
    COUNT,
    NATS,
    OTHER_CHART,
    OTHER_IMAGES,
    PLAIN,
    POD,
    SERVERS,
    SPREAD,
    STREAM,
    ZONE,
)

CONSTRAINT: dict[str, Any] = {"maxSkew": 1.0, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "DoNotSchedule"}
MERGED = {"spec": {"topologySpreadConstraints": [CONSTRAINT]}}
BY_HOST = {"kubernetes.io/hostname": {"maxSkew": 1.0, "whenUnsatisfiable": "DoNotSchedule"}}
PLAIN_SPREAD = f"{POD}.topologySpreadConstraints"
LABELS = "spec.template.metadata.labels"
SELECTOR = "spec.selector"
IMAGE = f"{POD}.containers[0].image"
OFF = {"values.podDisruptionBudget.enabled": False}
NAME, INSTANCE = "app.kubernetes.io/name", "app.kubernetes.io/instance"
OF_CHART = {NAME: "nats", INSTANCE: "nats", "app.kubernetes.io/component": "nats"}
COVERING: tuple[Any, ...] = (
    {},
    {"matchExpressions": [{"key": "app", "operator": "In", "values": ["nats", "other"]}]},
    {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["other"]}, {"key": "app", "operator": "Exists"}]},
    {"matchLabels": {"app": "nats"}, "matchExpressions": [{"key": "gone", "operator": "DoesNotExist"}]},
)
PASSING_BY: tuple[dict[str, Any], ...] = (
    {SELECTOR: None},
    {f"{SELECTOR}.matchLabels.app": "other"},
    {f"{SELECTOR}.matchLabels.tier": "one"},
    {SELECTOR: {"matchExpressions": [{"key": "app", "operator": "In", "values": ["other"]}]}},
    {SELECTOR: {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["nats"]}]}},
    {SELECTOR: {"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}},
    {SELECTOR: {"matchExpressions": [{"key": "gone", "operator": "Exists"}]}},
    {"metadata.namespace": "other"},
)

CASES = (
    *cases(
        nats_servers_form_odd_cluster,
        accepts(NATS),
        accepts(CORE_NATS),
        accepts(OTHER_CHART),
        accepts(NATS, {COUNT: None}),
        accepts(NATS, {COUNT: "5"}),
        accepts(SERVERS, beside=PLAIN),
        *(accepts(SERVERS, {IMAGE: image, "spec.replicas": 1.0}, beside=PLAIN) for image in OTHER_IMAGES),
        refuses(NATS, {"values.config.cluster.enabled": False}),
        refuses(NATS, {"values.config.cluster.enabled": None}),
        *(refuses(NATS, {COUNT: count}) for count in (1.0, 2.0, "4", "three")),
        refuses(NATS, {"values.statefulSet.merge": {"spec": {"replicas": 1.0}}}, at="values.statefulSet.merge.spec.replicas"),
        refuses(
            NATS,
            {"values.statefulSet.patch": [{"op": "replace", "path": "/spec/replicas", "value": 2.0}]},
            at="values.statefulSet.patch[0].value",
        ),
        refuses(SERVERS, {"spec.replicas": 2.0}, beside=PLAIN),
        refuses(SERVERS, {"spec.replicas": None}, beside=PLAIN),
        undecided(NATS, "values"),
        undecided(NATS, "chart"),
        undecided(NATS, COUNT),
        undecided(SERVERS, "spec.replicas", beside=PLAIN),
        undecided(SERVERS, IMAGE, beside=PLAIN),
    ),
    *cases(
        nats_servers_spread_over_zones,
        accepts(NATS),
        accepts(
            NATS,
            {
                ZONE: {"whenUnsatisfiable": "ScheduleAnyway"},
                "values.podTemplate.merge.spec.topologySpreadConstraints": [CONSTRAINT],
            },
        ),
        accepts(
            NATS,
            {
                SPREAD: BY_HOST,
                "values.podTemplate.patch": [{"op": "add", "path": "/spec/topologySpreadConstraints/-", "value": CONSTRAINT}],
            },
        ),
        accepts(NATS, {f"{ZONE}.maxSkew": 2.0, COUNT: 5.0}),
        accepts(NATS, {f"{ZONE}.maxSkew": None}),
        accepts(SERVERS, beside=PLAIN),
        *(refuses(NATS, {f"{ZONE}.whenUnsatisfiable": content}) for content in ("ScheduleAnyway", None)),
        refuses(NATS, {f"{ZONE}.maxSkew": 2.0}),
        refuses(NATS, {SPREAD: None}),
        refuses(NATS, {SPREAD: BY_HOST}),
        refuses(
            NATS,
            {"values.podTemplate.merge.spec.topologySpreadConstraints": []},
        ),
        refuses(
            NATS,
            {"values.podTemplate.patch": [{"op": "remove", "path": "/spec/topologySpreadConstraints"}]},
            at="values.podTemplate.patch[0].value",
        ),
        refuses(SERVERS, {PLAIN_SPREAD: None}, beside=PLAIN),
        refuses(SERVERS, {f"{PLAIN_SPREAD}[1].whenUnsatisfiable": "ScheduleAnyway"}, beside=PLAIN),
        refuses(SERVERS, {f"{PLAIN_SPREAD}[1].topologyKey": "rack"}, at=PLAIN_SPREAD, beside=PLAIN),
        undecided(NATS, SPREAD),
        undecided(NATS, COUNT),
        undecided(SERVERS, f"{PLAIN_SPREAD}[1].topologyKey", beside=PLAIN),
    ),
    *cases(
        nats_servers_have_disruption_budget,
        accepts(NATS),
        accepts(NATS, {"values.podDisruptionBudget": None}),
        accepts(SERVERS, beside=PLAIN),
        accepts(
            SERVERS,
            {"metadata.namespace": UNKNOWN},
            beside=[changed(BUDGET, {"metadata.namespace": UNKNOWN}), CONFIG, STREAM],
        ),
        *(accepts(SERVERS, beside=[changed(BUDGET, {SELECTOR: selector}), CONFIG, STREAM]) for selector in COVERING),
        *(accepts(NATS, OFF, beside=[changed(BUDGET, {SELECTOR: selector})]) for selector in ({}, {"matchLabels": OF_CHART})),
        accepts(NATS, {**OFF, "values.nameOverride": "bus"}, beside=[changed(BUDGET, {f"{SELECTOR}.matchLabels": {NAME: "bus"}})]),
        refuses(NATS, OFF),
        refuses(NATS, OFF, beside=[BUDGET]),
        refuses(NATS, OFF, beside=[changed(BUDGET, {f"{SELECTOR}.matchLabels": {**OF_CHART, INSTANCE: "other"}})]),
        refuses(SERVERS, {f"{LABELS}.app": "broker"}, at=LABELS, beside=PLAIN),
        *(refuses(SERVERS, at=LABELS, beside=[changed(BUDGET, changes), CONFIG, STREAM]) for changes in PASSING_BY),
        undecided(NATS, "values.podDisruptionBudget.enabled"),
        undecided(SERVERS, f"{LABELS}.app", beside=PLAIN),
        undecided(BUDGET, f"{SELECTOR}.matchLabels.app", beside=[SERVERS, CONFIG, STREAM]),
    ),
)
