from __future__ import annotations

from typing import Any

from policies.namespaces import NAMESPACE_TYPE
from policies.rules.backup.frequency import volumes_are_backed_up_within_the_hour
from policies.rules.storage.claims import CLAIM_TYPE
from policies.values import UNKNOWN
from tests.policies.rules.backup.good import (
    BARE,
    BARE_DAILY,
    BROKER,
    BUS,
    CLAIM,
    FREQUENT,
    KEPT_DAILY,
    LOKI,
    MARKS,
    POSTGRES,
    PROMETHEUS,
    SET,
    SNAPSHOT_CLASS,
    WEEKLY,
)
from tests.policies.rules.cases import accepts, cases, changed, good, refuses, undecided
from tests.policies.rules.storage.good import TRANSIENT_RABBITMQ

EXCLUDED = 'metadata.labels["velero.io/exclude-from-backup"]'
METHOD = 'metadata.annotations["platform/rpo-method"]'
ENABLED = "values.singleBinary.persistence.enabled"
HOME = good(NAMESPACE_TYPE, {"metadata": {"name": "cache"}}, "cache")
ELSEWHERE = changed(HOME, {"metadata.name": "other"})
UNNAMED = changed(HOME, {"metadata.name": UNKNOWN})
AFTER = good(CLAIM_TYPE, {"metadata": {"name": "data", "namespace": UNKNOWN}}, "claim", after=[UNNAMED.urn])
WITH = [KEPT_DAILY, SNAPSHOT_CLASS]
PLAIN = [BARE, BARE_DAILY, WEEKLY, SNAPSHOT_CLASS]
NAMESPACES = "spec.template.includedNamespaces"
TAKING: tuple[dict[str, Any], ...] = (
    {NAMESPACES: None},
    {NAMESPACES: ["*"]},
    {NAMESPACES: ["ca*"]},
    {NAMESPACES: None, "spec.template.excludedNamespaces": ["apps"]},
    {"spec.schedule": "@every 45m"},
    {"spec.schedule": "7-59/15 * * * *"},
    {"spec.template.labelSelector": {}},
)
NOT_TAKING: tuple[dict[str, Any], ...] = (
    {NAMESPACES: ["apps"]},
    {"spec.template.excludedNamespaces": ["cache"]},
    {"spec.template.excludedNamespaces": ["c*"]},
    {"spec.template.labelSelector": {"matchLabels": {"app": "app"}}},
    {"spec.template.snapshotVolumes": False},
    {"spec.schedule": "0 * * * *"},
    {"spec.schedule": "@hourly"},
    {"spec.schedule": "@every 1h"},
    {"spec.schedule": "*/30 8-18 * * *"},
    {"spec.paused": True},
    {"metadata.namespace": "other"},
)

CASES = cases(
    volumes_are_backed_up_within_the_hour,
    *(accepts(each, beside=WITH) for each in (CLAIM, SET, BUS, POSTGRES, PROMETHEUS, BROKER, LOKI)),
    *(accepts(CLAIM, beside=[*PLAIN, changed(FREQUENT, changes)]) for changes in TAKING),
    accepts(CLAIM, beside=[FREQUENT, BARE_DAILY]),
    *(accepts(CLAIM, beside=[SNAPSHOT_CLASS, changed(HOME, {METHOD: method})]) for method in ("pitr", "mirror", "PITR")),
    accepts(TRANSIENT_RABBITMQ, {"metadata.annotations": MARKS}),
    accepts(changed(SET, {"spec.volumeClaimTemplates": []})),
    accepts(changed(LOKI, {ENABLED: False})),
    accepts(changed(PROMETHEUS, {"spec.storage": None})),
    accepts(changed(BROKER, {"values.config.jetstream.enabled": False})),
    accepts(AFTER, beside=[UNNAMED, *PLAIN, changed(FREQUENT, {NAMESPACES: ["*"]})]),
    accepts(AFTER, beside=[changed(UNNAMED, {METHOD: "pitr"}), SNAPSHOT_CLASS]),
    accepts(CLAIM, beside=[*PLAIN, FREQUENT, changed(FREQUENT, {"spec.schedule": UNKNOWN})]),
    *(refuses(CLAIM, at="metadata.name", beside=[*PLAIN, changed(FREQUENT, changes)]) for changes in NOT_TAKING),
    refuses(CLAIM, at="metadata.name", beside=[SNAPSHOT_CLASS]),
    refuses(SET, at="spec.volumeClaimTemplates", beside=PLAIN),
    refuses(BUS, at="spec.persistence.storage", beside=PLAIN),
    refuses(POSTGRES, at="spec.storage", beside=PLAIN),
    refuses(PROMETHEUS, at="spec.storage.volumeClaimTemplate", beside=PLAIN),
    refuses(BROKER, at="values.config.jetstream.fileStore.pvc.size", beside=PLAIN),
    refuses(LOKI, at=ENABLED, beside=PLAIN),
    refuses(CLAIM, at="metadata.name", beside=[*PLAIN, changed(HOME, {METHOD: "daily"})]),
    refuses(CLAIM, at="metadata.name", beside=[*PLAIN, changed(ELSEWHERE, {METHOD: "pitr"})]),
    refuses(
        CLAIM, at="metadata.name", beside=[*PLAIN, FREQUENT, changed(HOME, {'metadata.labels["velero.io/exclude-from-backup"]': "true"})]
    ),
    undecided(CLAIM, "metadata.labels", at="spec.schedule", beside=[*PLAIN, changed(FREQUENT, {"spec.schedule": UNKNOWN})]),
    undecided(CLAIM, "metadata.labels", at=NAMESPACES, beside=[*PLAIN, changed(FREQUENT, {NAMESPACES: UNKNOWN})]),
    undecided(CLAIM, "metadata.labels", at=f"{NAMESPACES}[0]", beside=[*PLAIN, changed(FREQUENT, {NAMESPACES: [UNKNOWN]})]),
    undecided(CLAIM, "metadata.labels", at=METHOD, beside=[SNAPSHOT_CLASS, changed(HOME, {METHOD: UNKNOWN})]),
    undecided(CLAIM, "metadata.namespace", beside=[*PLAIN, FREQUENT]),
    undecided(LOKI, ENABLED, beside=PLAIN),
    undecided(SET, "spec.volumeClaimTemplates", beside=PLAIN),
)
