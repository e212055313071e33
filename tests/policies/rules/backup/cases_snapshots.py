from __future__ import annotations

from typing import Any

from policies.rules.backup.snapshots import BACKUP_PLAN, BACKUP_POLICY, DISKS, LIFECYCLE_POLICY, block_volumes_are_snapshotted_for_30_days
from policies.values import UNKNOWN
from tests.policies.rules.backup.good import (
    BARE,
    BARE_DAILY,
    BROKER,
    BUS,
    CLAIM,
    DAILY,
    FREQUENT,
    KEPT_DAILY,
    POSTGRES,
    PROMETHEUS,
    SET,
    SNAPSHOT_CLASS,
    VELERO,
    WEEKLY,
)
from tests.policies.rules.cases import accepts, cases, changed, good, refuses, undecided

LIFECYCLE = good(
    LIFECYCLE_POLICY,
    {
        "description": "volumes",
        "executionRoleArn": "role",
        "policyDetails": {
            "resourceTypes": ["VOLUME"],
            "schedules": [{"name": "daily", "createRule": {"interval": 24.0}, "retainRule": {"count": 30.0}}],
        },
    },
    "lifecycle",
)
PLAN = good(
    BACKUP_PLAN,
    {"rules": [{"ruleName": "daily", "targetVaultName": "vault", "schedule": "cron(0 5 * * ? *)", "lifecycle": {"deleteAfter": 30.0}}]},
    "plan",
)
AZURE = good(
    BACKUP_POLICY,
    {
        "properties": {
            "objectType": "BackupPolicy",
            "datasourceTypes": ["Microsoft.Compute/disks"],
            "policyRules": [
                {"name": "daily", "trigger": {"schedule": {"repeatingTimeIntervals": ["R/2024-01-01T03:00:00+00:00/P1D"]}}},
                {"name": "Default", "isDefault": True, "lifecycles": [{"deleteAfter": {"duration": "P30D"}}]},
            ],
        }
    },
    "policy",
)
CREATE, RETAIN = (f"policyDetails.schedules[0].{rule}" for rule in ("createRule", "retainRule"))
CRON, KEPT = "rules[0].schedule", "rules[0].lifecycle.deleteAfter"
SOURCES, INTERVALS = "properties.datasourceTypes", "properties.policyRules[0].trigger.schedule.repeatingTimeIntervals"
DURATION = "properties.policyRules[1].lifecycles[0].deleteAfter.duration"
DISK, AZURE_DISK = (good(token, {key: "some"}, "disk") for token, key in DISKS.items())
ENOUGH: tuple[tuple[Any, dict[str, Any]], ...] = (
    (LIFECYCLE, {}),
    (LIFECYCLE, {f"{CREATE}.interval": 12.0, f"{RETAIN}.count": 60.0}),
    (LIFECYCLE, {RETAIN: {"interval": 30.0, "intervalUnit": "DAYS"}}),
    (LIFECYCLE, {RETAIN: {"interval": 1.0, "intervalUnit": "MONTHS"}, CREATE: {"cronExpression": "cron(0 3 ? * * *)"}}),
    (LIFECYCLE, {"state": "ENABLED"}),
    (PLAN, {}),
    (PLAN, {CRON: "cron(0 5 ? * 1-7 *)"}),
    (PLAN, {CRON: "rate(12 hours)", KEPT: 35.0}),
    (PLAN, {CRON: None, KEPT: None}),
    (AZURE, {}),
    (AZURE, {SOURCES: ["Microsoft.ContainerService/managedClusters"], DURATION: "P1M"}),
    (AZURE, {INTERVALS: ["R/2024-01-01T03:00:00+00:00/PT4H"]}),
    (SNAPSHOT_CLASS, {}),
)
TOO_LITTLE: tuple[tuple[Any, dict[str, Any]], ...] = (
    (LIFECYCLE, {f"{CREATE}.interval": 48.0}),
    (LIFECYCLE, {f"{RETAIN}.count": 29.0}),
    (LIFECYCLE, {f"{CREATE}.interval": 12.0}),
    (LIFECYCLE, {RETAIN: {"interval": 29.0, "intervalUnit": "DAYS"}}),
    (LIFECYCLE, {"state": "DISABLED"}),
    (LIFECYCLE, {CREATE: {"cronExpression": "cron(0 3 ? * 1 *)"}}),
    (LIFECYCLE, {"policyDetails": {"schedules": []}}),
    (PLAN, {KEPT: 29.0}),
    (PLAN, {CRON: "cron(0 5 ? * SUN *)"}),
    (PLAN, {CRON: "cron(0 5 ? * 2#1 *)"}),
    (PLAN, {CRON: "rate(7 days)"}),
    (AZURE, {DURATION: "P7D"}),
    (AZURE, {SOURCES: ["Microsoft.DBforPostgreSQL/flexibleServers"]}),
    (AZURE, {INTERVALS: ["R/2024-01-01T03:00:00+00:00/P1W"]}),
    (SNAPSHOT_CLASS, {"deletionPolicy": "Delete"}),
)
OPEN = [
    (LIFECYCLE, f"{CREATE}.interval"),
    (LIFECYCLE, f"{RETAIN}.count"),
    (LIFECYCLE, "state"),
    (LIFECYCLE, "policyDetails"),
    (PLAN, KEPT),
    (PLAN, CRON),
    (AZURE, SOURCES),
    (AZURE, DURATION),
    (AZURE, INTERVALS),
    (SNAPSHOT_CLASS, "deletionPolicy"),
]
METHOD = good("kubernetes:core/v1:Namespace", {"metadata": {"name": "cache", "annotations": {"platform/rpo-method": "pitr"}}}, "cache")

CASES = cases(
    block_volumes_are_snapshotted_for_30_days,
    *(accepts(CLAIM, beside=[changed(taker, changes), METHOD]) for taker, changes in ENOUGH),
    *(accepts(each, beside=[KEPT_DAILY]) for each in (CLAIM, SET, BUS, POSTGRES, PROMETHEUS, BROKER)),
    *(accepts(each, beside=[LIFECYCLE]) for each in (DISK, AZURE_DISK)),
    accepts(DISK, {"tags": {"ebs.csi.aws.com/cluster": "true"}}),
    accepts(CLAIM, beside=[BARE, BARE_DAILY, WEEKLY, FREQUENT]),
    accepts(CLAIM, beside=[VELERO, LIFECYCLE]),
    accepts(CLAIM, {"spec.accessModes": ["ReadWriteMany"]}, beside=[METHOD]),
    accepts(CLAIM, beside=[METHOD, LIFECYCLE, changed(PLAN, {KEPT: UNKNOWN})]),
    accepts(VELERO),
    refuses(CLAIM, at="metadata.name", beside=[METHOD]),
    refuses(CLAIM, {"spec.accessModes": ["ReadWriteOnce"]}, at="metadata.name", beside=[METHOD]),
    *(refuses(CLAIM, at="metadata.name", beside=[changed(taker, changes), METHOD]) for taker, changes in TOO_LITTLE),
    refuses(CLAIM, at="metadata.name", beside=[VELERO, SNAPSHOT_CLASS]),
    refuses(CLAIM, at="metadata.name", beside=[BARE, DAILY, WEEKLY, FREQUENT, SNAPSHOT_CLASS]),
    refuses(BROKER, at="values.config.jetstream.fileStore.pvc.size", beside=[VELERO]),
    *(refuses(each, at=DISKS[each.type]) for each in (DISK, AZURE_DISK)),
    refuses(DISK, at="availabilityZone", beside=[KEPT_DAILY]),
    *(undecided(CLAIM, "metadata.labels", at=path, beside=[changed(taker, {path: UNKNOWN}), METHOD]) for taker, path in OPEN),
    undecided(CLAIM, "spec.accessModes", beside=[METHOD]),
    *(accepts(each) for each in (LIFECYCLE, SNAPSHOT_CLASS, changed(PLAN, {KEPT: UNKNOWN}), changed(AZURE, {DURATION: "P7D"}))),
    accepts(LIFECYCLE, {f"{RETAIN}.count": 7.0}, beside=[changed(SNAPSHOT_CLASS, {"deletionPolicy": "Delete"}), KEPT_DAILY]),
    refuses(LIFECYCLE, {f"{RETAIN}.count": 7.0}, at="policyDetails.schedules"),
    refuses(SNAPSHOT_CLASS, {"deletionPolicy": "Delete"}),
    undecided(LIFECYCLE, f"{RETAIN}.count"),
)
