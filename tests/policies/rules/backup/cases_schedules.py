from __future__ import annotations

from typing import Any

from facts.tiers import Tier
from policies.rules.backup.schedules import (
    backups_outlive_their_schedule,
    velero_backs_everything_up_daily,
    velero_backs_everything_up_weekly,
)
from policies.values import UNKNOWN
from tests.policies.rules.backup.good import (
    BARE,
    DAILY,
    FREQUENT,
    SCHEDULES,
    SERVER,
    SNAPSHOTS,
    STORE,
    VELERO,
    WEEKLY,
)
from tests.policies.rules.cases import accepts, cases, changed, refuses, undecided

OF_DAY, OF_WEEK = f"{SCHEDULES}.daily", f"{SCHEDULES}.weekly"
CRON, TTL, TEMPLATE = (f"{OF_DAY}.{key}" for key in ("schedule", "template.ttl", "template"))
EVERYTHING: tuple[dict[str, Any], ...] = (
    {"includedNamespaces": ["*"]},
    {"includedNamespaces": [], "excludedNamespaces": ["kube-system", "velero"]},
    {"labelSelector": {}, "includedResources": ["*"]},
    {"labelSelector": {"matchLabels": {}}, "includeClusterResources": True},
    {"excludedResources": ["events", "events.events.k8s.io"], "snapshotVolumes": True},
    {"snapshotVolumes": False, "defaultVolumesToFsBackup": True},
    {"includedNamespaceScopedResources": ["*"]},
)
PARTS: tuple[dict[str, Any], ...] = (
    {"includedNamespaces": ["apps"]},
    {"includedNamespaces": "apps"},
    {"excludedNamespaces": ["apps"]},
    {"labelSelector": {"matchLabels": {"backup": "true"}}},
    {"labelSelector": ["backup"]},
    {"orLabelSelectors": [{"matchLabels": {"backup": "true"}}]},
    {"includedResources": ["deployments", "secrets"]},
    {"includedNamespaceScopedResources": ["configmaps"]},
    {"excludedResources": ["persistentvolumeclaims"]},
    {"excludedNamespaceScopedResources": ["persistentVolumeClaims"]},
    {"excludedClusterScopedResources": ["persistentvolumes"]},
    {"includeClusterResources": False},
    {"snapshotVolumes": False},
)
PLAIN = [STORE, SNAPSHOTS]

CASES = (
    *cases(
        velero_backs_everything_up_daily,
        *(accepts(VELERO, tier=tier) for tier in (Tier.PRODUCTION, Tier.STAGING)),
        accepts(BARE, beside=[DAILY, WEEKLY]),
        accepts(SERVER, beside=[*PLAIN, DAILY, WEEKLY]),
        accepts(DAILY),
        *(accepts(VELERO, {CRON: cron}) for cron in ("@daily", "0 */6 * * *", "@every 24h", "CRON_TZ=Europe/Berlin 0 3 * * *")),
        *(accepts(VELERO, {TTL: ttl}) for ttl in ("168h", "7d", "720h0m0s", None, "0s")),
        accepts(VELERO, {TTL: None, "values.configuration.defaultBackupTTL": "168h"}),
        accepts(VELERO, {TEMPLATE: None}),
        *(accepts(VELERO, {TEMPLATE: {"ttl": "168h", **part}}) for part in EVERYTHING),
        accepts(VELERO, {f"{OF_DAY}.disabled": False, f"{OF_DAY}.paused": False}),
        accepts(VELERO, {f"{SCHEDULES}.other": {"schedule": UNKNOWN}}),
        refuses(BARE, at=SCHEDULES, beside=[WEEKLY]),
        refuses(BARE, at=SCHEDULES, beside=[changed(DAILY, {"metadata.namespace": "other"}), WEEKLY]),
        refuses(BARE, at=SCHEDULES, beside=[changed(DAILY, {"spec.paused": True}), WEEKLY]),
        refuses(SERVER, at="metadata.name", beside=[*PLAIN, WEEKLY, FREQUENT]),
        *(
            refuses(VELERO, {CRON: cron}, at=SCHEDULES)
            for cron in ("0 3 * * 1-5", "@weekly", "0 3 */2 * *", "soon", 3.0, None, "0 3 * * 7")
        ),
        *(refuses(VELERO, {TTL: ttl}, at=SCHEDULES) for ttl in ("72h", "167h59m", "6d", "forever", 3.0, True)),
        refuses(VELERO, {TTL: None, "values.configuration.defaultBackupTTL": "72h"}, at=SCHEDULES),
        *(refuses(VELERO, {TEMPLATE: {"ttl": "168h", **part}}, at=SCHEDULES) for part in PARTS),
        *(refuses(VELERO, {f"{OF_DAY}.{switch}": True}, at=SCHEDULES) for switch in ("disabled", "paused")),
        undecided(VELERO, SCHEDULES),
        undecided(VELERO, CRON),
        undecided(VELERO, TTL),
        undecided(VELERO, f"{OF_DAY}.paused"),
        undecided(VELERO, f"{TEMPLATE}.includedNamespaces"),
        undecided(VELERO, f"{TEMPLATE}.excludedNamespaces"),
        undecided(BARE, "values.snapshotsEnabled", at="spec.schedule", beside=[changed(DAILY, {"spec.schedule": UNKNOWN}), WEEKLY]),
    ),
    *cases(
        velero_backs_everything_up_weekly,
        accepts(VELERO),
        accepts(VELERO, {OF_WEEK: None, TTL: "720h"}),
        accepts(VELERO, {f"{OF_WEEK}.schedule": "@weekly", f"{OF_WEEK}.template.ttl": None}),
        accepts(BARE, beside=[DAILY, WEEKLY]),
        accepts(WEEKLY),
        refuses(BARE, at=SCHEDULES, beside=[DAILY]),
        refuses(VELERO, {OF_WEEK: None}, at=SCHEDULES),
        refuses(VELERO, {f"{OF_WEEK}.template.ttl": "719h"}, at=SCHEDULES),
        refuses(VELERO, {f"{OF_WEEK}.schedule": "@monthly"}, at=SCHEDULES),
        refuses(VELERO, {f"{OF_WEEK}.template.includedNamespaces": ["apps"]}, at=SCHEDULES),
        undecided(VELERO, f"{OF_WEEK}.template.ttl"),
        undecided(VELERO, f"{OF_WEEK}.schedule"),
    ),
    *cases(
        backups_outlive_their_schedule,
        accepts(VELERO),
        accepts(VELERO, {f"{OF_DAY}.useOwnerReferencesInBackup": False}),
        accepts(DAILY, {"spec.useOwnerReferencesInBackup": False}),
        refuses(VELERO, {f"{OF_DAY}.useOwnerReferencesInBackup": True}),
        refuses(DAILY, {"spec.useOwnerReferencesInBackup": True}),
        undecided(VELERO, f"{OF_DAY}.useOwnerReferencesInBackup"),
        undecided(DAILY, "spec.useOwnerReferencesInBackup"),
    ),
)
