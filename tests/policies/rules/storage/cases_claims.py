from __future__ import annotations

from policies.rules.storage.claims import claims_survive_their_stateful_set, volumes_name_approved_storage_class
from policies.values import UNKNOWN
from tests.policies.rules.cases import accepts, cases, changed, good, refuses, undecided
from tests.policies.rules.messaging.good import CLAIM as NATS_CLAIM
from tests.policies.rules.messaging.good import NATS, RELEASE, SERVERS, STATEFUL_SET
from tests.policies.rules.storage.good import (
    BOUND_CLAIM,
    CLAIM,
    DATABASE,
    FAST,
    IN_CLUSTER,
    LOKI,
    MONITORING,
    OTHER_CHARTS,
    RABBITMQ,
    STACK,
    TRANSIENT_RABBITMQ,
)

NAMED = "spec.volumeClaimTemplates[0].spec.storageClassName"
TEMPLATE = "volumeClaimTemplate.spec.storageClassName"
PROMETHEUS = f"values.prometheus.prometheusSpec.storageSpec.{TEMPLATE}"
ALERTMANAGER = f"values.alertmanager.alertmanagerSpec.storage.{TEMPLATE}"
GRAFANA = "values.grafana.persistence.storageClassName"
RETENTION = "persistentVolumeClaimRetentionPolicy"
DELETE = {"whenDeleted": "Delete"}
AGENT = good(RELEASE, {"chart": "agent", "values": {"volumeClaimTemplates": [{"spec": {"storageClassName": "fast"}}]}})
REFERRING = good(STATEFUL_SET, {**changed(DATABASE, {NAMED: UNKNOWN}).properties}, after=[FAST.urn])
OF_DATABASE = "spec.storage.storageClass"
OF_LOG = "spec.walStorage.storageClass"
OF_TABLESPACE = "spec.tablespaces[0].storage.storageClass"
IN_TEMPLATE = "spec.storage.pvcTemplate.storageClassName"
IN_MERGE = "values.statefulSet.merge"

CASES = (
    *cases(
        volumes_name_approved_storage_class,
        *(accepts(each, beside=[FAST]) for each in (DATABASE, CLAIM, BOUND_CLAIM, RABBITMQ, TRANSIENT_RABBITMQ, STACK, LOKI, AGENT)),
        *(accepts(each, beside=[FAST]) for each in (*MONITORING, *OTHER_CHARTS)),
        accepts(MONITORING[0], {"spec.storage": None}, beside=[FAST]),
        accepts(NATS),
        accepts(NATS, {"values.config.jetstream": None}),
        accepts(NATS, {"values.config.resolver": {"enabled": True, "pvc": {"enabled": False}}}),
        accepts(SERVERS),
        accepts(REFERRING, beside=[FAST]),
        accepts(IN_CLUSTER, beside=[FAST]),
        accepts(IN_CLUSTER, {OF_DATABASE: None, IN_TEMPLATE: "fast"}, beside=[FAST]),
        refuses(DATABASE, at=NAMED),
        refuses(DATABASE, {NAMED: "standard"}, beside=[FAST]),
        refuses(DATABASE, {NAMED: ""}, beside=[FAST]),
        refuses(REFERRING, {NAMED: None}, beside=[FAST]),
        refuses(CLAIM, {"spec.storageClassName": "standard"}, beside=[FAST]),
        refuses(CLAIM, {"spec.storageClassName": None}, beside=[FAST]),
        refuses(RABBITMQ, {"spec.persistence.storageClassName": None}, beside=[FAST]),
        refuses(RABBITMQ, {"spec.persistence": None}, at="spec.persistence.storageClassName", beside=[FAST]),
        *(refuses(each, {f"spec.storage.{TEMPLATE}": None}, beside=[FAST]) for each in MONITORING),
        *(refuses(STACK, {PROMETHEUS: name}, beside=[FAST]) for name in ("gp2", None)),
        refuses(STACK, {ALERTMANAGER: "gp2"}, beside=[FAST]),
        refuses(STACK, {"values.thanosRuler.enabled": True}, at=f"values.thanosRuler.thanosRulerSpec.storage.{TEMPLATE}", beside=[FAST]),
        *(refuses(STACK, {GRAFANA: name}, beside=[FAST]) for name in ("gp2", None)),
        refuses(LOKI, {"values.singleBinary.persistence.storageClass": "gp2"}),
        refuses(AGENT, {"values.volumeClaimTemplates[0].spec.storageClassName": None}, beside=[FAST]),
        refuses(OTHER_CHARTS[2], {"values.global.storageClass": "gp2"}, beside=[FAST]),
        *(refuses(NATS, {f"{NATS_CLAIM}.storageClassName": name}) for name in ("gp2", None)),
        refuses(NATS, {f"{NATS_CLAIM}.merge": {"spec": {"storageClassName": "gp2"}}}, at=f"{NATS_CLAIM}.merge.spec.storageClassName"),
        refuses(NATS, {"values.config.resolver": {"enabled": True}}, at="values.config.resolver.pvc.storageClassName"),
        refuses(
            NATS,
            {IN_MERGE: {"spec": {"volumeClaimTemplates": [{"spec": {"storageClassName": "gp2"}}]}}},
            at=f"{IN_MERGE}.{NAMED}",
        ),
        *(refuses(SERVERS, {NAMED: name}) for name in ("gp2", None)),
        *(refuses(IN_CLUSTER, {path: name}, beside=[FAST]) for path in (OF_DATABASE, OF_LOG, OF_TABLESPACE) for name in ("gp2", None)),
        refuses(IN_CLUSTER, {OF_DATABASE: None, IN_TEMPLATE: "gp2"}, beside=[FAST]),
        undecided(IN_CLUSTER, OF_DATABASE, beside=[FAST]),
        undecided(DATABASE, NAMED, beside=[FAST]),
        undecided(NATS, f"{NATS_CLAIM}.storageClassName"),
        undecided(STACK, "values.thanosRuler.enabled", beside=[FAST]),
        undecided(FAST, "metadata.name", beside=[DATABASE]),
    ),
    *cases(
        claims_survive_their_stateful_set,
        *(accepts(each, beside=[FAST]) for each in (DATABASE, RABBITMQ, *MONITORING, STACK, LOKI)),
        accepts(NATS),
        accepts(SERVERS),
        accepts(SERVERS, {f"spec.{RETENTION}": None}),
        refuses(DATABASE, {f"spec.{RETENTION}": DELETE}, at=f"spec.{RETENTION}.whenDeleted", beside=[FAST]),
        refuses(MONITORING[0], {f"spec.{RETENTION}": DELETE}, at=f"spec.{RETENTION}.whenDeleted", beside=[FAST]),
        refuses(
            RABBITMQ,
            {f"spec.override.statefulSet.spec.{RETENTION}": DELETE},
            at=f"spec.override.statefulSet.spec.{RETENTION}.whenDeleted",
            beside=[FAST],
        ),
        refuses(STACK, {f"values.prometheus.prometheusSpec.{RETENTION}.whenDeleted": "Delete"}, beside=[FAST]),
        refuses(LOKI, {"values.singleBinary.persistence.enableStatefulSetAutoDeletePVC": True}, beside=[FAST]),
        refuses(SERVERS, {f"spec.{RETENTION}.whenDeleted": "Delete"}),
        refuses(NATS, {IN_MERGE: {"spec": {RETENTION: DELETE}}}, at=f"{IN_MERGE}.spec.{RETENTION}.whenDeleted"),
        undecided(SERVERS, f"spec.{RETENTION}.whenDeleted"),
    ),
)
