from __future__ import annotations

from typing import Any

from policies.rules.backup.protection import (
    ACCOUNT_BLOCK,
    store_of_backups_is_encrypted,
    store_of_backups_is_private,
    store_of_backups_keeps_versions,
    store_of_backups_outlasts_them,
)
from policies.values import UNKNOWN
from tests.policies.rules.backup.good import INGRESS, VELERO
from tests.policies.rules.backup.stores import (
    BLOBS,
    BUCKET,
    EXPIRING,
    FLAGS,
    KEYED,
    POLICY,
    PRIVATE,
    SETTINGS,
    VERSIONS,
    of,
    unnamed,
)
from tests.policies.rules.cases import accepts, cases, changed, good, refuses, undecided

OTHER = changed(BUCKET, {"bucket": "media"})
PLAIN = good(BUCKET.type, {**OTHER.properties}, "media")
BY_TAG = changed(PLAIN, {"bucket": "x1", "tags.purpose": "backups"})
UNNAMED = unnamed(BUCKET)
REFERRED = [of(UNNAMED, each) for each in SETTINGS]
ACCOUNT_WIDE = good(ACCOUNT_BLOCK, FLAGS, "all")
STATUS, DAYS = "versioningConfiguration.status", "rules[0].expiration.days"
AGE = "policy.rules[0].definition.actions.baseBlob.delete.daysAfterModificationGreaterThan"


def without(kept: Any) -> list[Any]:
    return [each for each in SETTINGS if each is not kept]


CASES = (
    *cases(
        store_of_backups_keeps_versions,
        accepts(BUCKET, beside=SETTINGS),
        accepts(UNNAMED, beside=REFERRED),
        accepts(BLOBS),
        accepts(PLAIN),
        accepts(INGRESS),
        accepts(BUCKET, {"versioning": {"enabled": True}}, beside=without(VERSIONS)),
        accepts(BUCKET, {"objectLockEnabled": True}, beside=without(VERSIONS)),
        refuses(BUCKET, at="bucket", beside=without(VERSIONS)),
        refuses(BUCKET, at="bucket", beside=[*without(VERSIONS), changed(VERSIONS, {STATUS: "Suspended"})]),
        refuses(BUCKET, at="bucket", beside=[*without(VERSIONS), changed(VERSIONS, {"bucket": "media"})]),
        refuses(BUCKET, {"versioning": {"enabled": False}}, at="bucket", beside=without(VERSIONS)),
        refuses(BY_TAG, at="bucket", beside=[changed(each, {"bucket": "x1"}) for each in without(VERSIONS)]),
        undecided(BUCKET, "acl", at=STATUS, beside=[*without(VERSIONS), changed(VERSIONS, {STATUS: UNKNOWN})]),
        undecided(BUCKET, "acl", at="bucket", beside=[*without(VERSIONS), changed(VERSIONS, {"bucket": UNKNOWN})]),
    ),
    *cases(
        store_of_backups_is_encrypted,
        accepts(BUCKET, beside=SETTINGS),
        accepts(BLOBS),
        accepts(BUCKET, {"serverSideEncryptionConfiguration": {"rule": {}}}, beside=without(KEYED)),
        refuses(BUCKET, at="bucket", beside=without(KEYED)),
        refuses(BUCKET, at="bucket", beside=[*without(KEYED), changed(KEYED, {"rules": []})]),
        undecided(BUCKET, "acl", at="rules", beside=[*without(KEYED), changed(KEYED, {"rules": UNKNOWN})]),
    ),
    *cases(
        store_of_backups_is_private,
        accepts(BUCKET, beside=SETTINGS),
        accepts(BUCKET, beside=[*without(PRIVATE), ACCOUNT_WIDE]),
        accepts(BLOBS),
        accepts(BLOBS, {"minimumTlsVersion": "TLS1_3", "allowBlobPublicAccess": None}),
        refuses(BUCKET, at="bucket", beside=without(PRIVATE)),
        *(refuses(BUCKET, at="bucket", beside=[*without(PRIVATE), changed(PRIVATE, {flag: False})]) for flag in FLAGS),
        *(refuses(BUCKET, at="bucket", beside=[*without(PRIVATE), changed(PRIVATE, {flag: None})]) for flag in FLAGS),
        refuses(BLOBS, {"allowBlobPublicAccess": True}),
        *(refuses(BLOBS, {"minimumTlsVersion": version}) for version in ("TLS1_0", "TLS1_1", None)),
        undecided(BUCKET, "acl", at="blockPublicAcls", beside=[*without(PRIVATE), changed(PRIVATE, {"blockPublicAcls": UNKNOWN})]),
        undecided(BLOBS, "minimumTlsVersion"),
        undecided(BLOBS, "allowBlobPublicAccess"),
    ),
    *cases(
        store_of_backups_outlasts_them,
        accepts(EXPIRING, beside=[BUCKET, *SETTINGS, VELERO]),
        accepts(EXPIRING, {DAYS: 1.0}, beside=[BUCKET, *SETTINGS]),
        accepts(EXPIRING, {DAYS: 1.0, "rules[0].status": "Disabled"}, beside=[BUCKET, *SETTINGS, VELERO]),
        accepts(EXPIRING, {DAYS: 1.0, "bucket": "media"}, beside=[BUCKET, *SETTINGS, VELERO]),
        accepts(POLICY, beside=[BLOBS, VELERO]),
        accepts(POLICY, {AGE: 1.0, "accountName": "media"}, beside=[BLOBS, VELERO]),
        refuses(EXPIRING, {DAYS: 29.0}, beside=[BUCKET, *SETTINGS, VELERO]),
        refuses(EXPIRING, {DAYS: 30.0}, beside=[BUCKET, *SETTINGS, changed(VELERO, {"values.schedules.weekly.template.ttl": "2160h"})]),
        refuses(
            BUCKET,
            {"lifecycleRules": [{"enabled": True, "expiration": {"days": 7.0}}]},
            at="lifecycleRules[0].expiration.days",
            beside=[*SETTINGS, VELERO],
        ),
        refuses(POLICY, {AGE: 29.0}, beside=[BLOBS, VELERO]),
        undecided(EXPIRING, DAYS, beside=[BUCKET, *SETTINGS, VELERO]),
        undecided(POLICY, AGE, beside=[BLOBS, VELERO]),
    ),
)
