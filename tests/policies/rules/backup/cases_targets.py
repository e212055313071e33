from __future__ import annotations

from dataclasses import replace
from typing import Any

from policies import rabbitmq
from policies.model import Provider, Resource
from policies.rules.backup.buckets import ACCOUNT, BUCKETS
from policies.rules.backup.targets import recovery_targets_keep_to_their_tier, stateful_resource_declares_recovery_targets
from policies.rules.database.kinds import AZURE_SERVER, RDS_CLUSTER, RDS_INSTANCE
from policies.values import Secret
from tests.policies.rules.backup.good import AKS, BROKER, BUS, KEPT_DAILY, LOKI, POSTGRES, PROMETHEUS, SET, VELERO
from tests.policies.rules.cases import accepts, cases, changed, good, refuses, undecided
from tests.policies.rules.messaging.good import NATS

TAGS = {"platform:rpo": "5m", "platform:rto": "10m"}
RPO, RTO = 'tags["platform:rpo"]', 'tags["platform:rto"]'
IN_CLUSTER_RPO = 'metadata.annotations["platform/rpo"]'
CLOUD = [
    good(token, {"tags": TAGS}) for token in (RDS_INSTANCE, RDS_CLUSTER, rabbitmq.AMAZON_MQ, AZURE_SERVER, *BUCKETS, AKS.type, ACCOUNT)
]
DATABASE, ENTERPRISE = CLOUD[0], changed(CLOUD[0], {"tags.tier": "enterprise"})
BESIDE = [KEPT_DAILY]
OBJECTS = [SET, BUS, POSTGRES, PROMETHEUS]


def defaulted(default_tags: Any) -> Resource:
    """A database whose provider gives tags to all of its resources."""
    provider = Provider(urn="urn", type="pulumi:providers:aws", properties={"defaultTags": default_tags})
    return replace(changed(DATABASE, {"tags": None}), provider=provider)


CASES = (
    *cases(
        stateful_resource_declares_recovery_targets,
        *(accepts(each, beside=[VELERO]) for each in CLOUD),
        *(accepts(each, beside=BESIDE) for each in (*OBJECTS, BROKER)),
        accepts(defaulted({"tags": TAGS})),
        accepts(defaulted('{"tags": {"platform:rpo": "5m", "platform:rto": "10m"}}')),
        accepts(DATABASE, {"tags": {"platform/rpo": "0", "platform/rto": "0s"}}),
        accepts(DATABASE, {"tags": Secret(TAGS)}),
        accepts(VELERO),
        *(refuses(each, {"tags": None}, beside=[VELERO]) for each in CLOUD),
        *(refuses(DATABASE, {"tags": tags}, at="tags") for tags in ({}, {"rpo": "5m"}, {"platform:rpo": "5m"}, {"platform:rto": "5m"})),
        *(refuses(DATABASE, {RPO: rpo}) for rpo in ("soon", "n/a", "", True)),
        *(refuses(each, {IN_CLUSTER_RPO: None}, at="metadata.annotations", beside=BESIDE) for each in (SET, BUS, POSTGRES)),
        refuses(PROMETHEUS, {IN_CLUSTER_RPO: None}, at="spec.storage.volumeClaimTemplate", beside=BESIDE),
        refuses(NATS, at="values.config.jetstream.fileStore.pvc.size", beside=BESIDE),
        refuses(LOKI, {"values.podAnnotations": None}, at="values.singleBinary.persistence.enabled", beside=BESIDE),
        refuses(defaulted({"tags": {"team": "a"}}), at="tags"),
        undecided(DATABASE, "tags"),
        undecided(DATABASE, RPO),
        undecided(SET, "metadata.annotations", beside=BESIDE),
        undecided(LOKI, "values.podAnnotations", beside=BESIDE),
        undecided(BROKER, "values.statefulSet", beside=BESIDE),
    ),
    *cases(
        recovery_targets_keep_to_their_tier,
        *(accepts(DATABASE, {RPO: rpo, RTO: "4h"}) for rpo in ("1h", "60m", "3600", "PT1H", "1 hour", "0h0m0s", 0.0)),
        accepts(ENTERPRISE),
        accepts(ENTERPRISE, {"engine": "mysql", RPO: "1h", RTO: "4h"}),
        accepts(CLOUD[4], {"tags.tier": "enterprise", RPO: "1h"}),
        accepts(SET, beside=BESIDE),
        *(refuses(DATABASE, {RPO: rpo}) for rpo in ("61m", "24h", "1d", "PT2H", "90 minutes", 7200.0)),
        *(refuses(each, {RTO: "4h1s"}, beside=[VELERO]) for each in CLOUD),
        *(refuses(each, {IN_CLUSTER_RPO: "2h"}, beside=BESIDE) for each in OBJECTS),
        refuses(BROKER, {'values.statefulSet.merge.metadata.annotations["platform/rpo"]': "2h"}, beside=BESIDE),
        refuses(ENTERPRISE, {RPO: "6m"}),
        refuses(ENTERPRISE, {RTO: "11m"}),
        undecided(DATABASE, RPO),
        undecided(DATABASE, "tags.tier", {RPO: "1h"}),
    ),
)
