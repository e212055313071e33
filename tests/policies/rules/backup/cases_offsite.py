from __future__ import annotations

from dataclasses import replace

from policies.rules.backup.offsite import (
    GEO_REDUNDANT,
    OBJECT_REPLICATION,
    store_of_backups_is_copied_elsewhere,
)
from policies.values import UNKNOWN
from tests.policies.rules.backup.good import EKS, INGRESS, LOCATIONS, VELERO
from tests.policies.rules.backup.stores import AWAY, BLOBS, BUCKET, COPIED, COPY, HOME, SETTINGS, in_region, of, unnamed
from tests.policies.rules.cases import accepts, cases, changed, configured, good, refuses, undecided

CLUSTER = in_region(EKS, HOME)
REST = [each for each in SETTINGS if each is not COPIED]
STATUS, TARGET = "rules[0].status", "rules[0].destination"
NEAR = changed(COPY, {"region": HOME})
UNNAMED, TO = (
    unnamed(BUCKET),
    replace(changed(COPIED, {"bucket": UNKNOWN, f"{TARGET}.bucket": UNKNOWN}), dependencies=(unnamed(BUCKET).urn, COPY.urn)),
)
REFERRED = [*(of(UNNAMED, each) for each in REST), TO]
OBJECTS = good(OBJECT_REPLICATION, {"accountName": "platformbackups", "sourceAccount": "a", "destinationAccount": "b"}, "objects")
WRITTEN = f"{LOCATIONS}[0].bucket"

CASES = (
    *cases(
        store_of_backups_is_copied_elsewhere,
        accepts(BUCKET, beside=SETTINGS),
        accepts(BUCKET, beside=[*SETTINGS, COPY, CLUSTER, VELERO]),
        accepts(UNNAMED, beside=[*REFERRED, COPY]),
        *configured({"aws:region": HOME}, accepts(BUCKET, {"region": None}, beside=[*SETTINGS, COPY])),
        accepts(BUCKET, {"region": AWAY}, beside=[*REST, CLUSTER, VELERO]),
        accepts(BUCKET, beside=[*REST, changed(COPIED, {f"{TARGET}.account": "777788889999"}), NEAR]),
        accepts(INGRESS),
        *(accepts(BLOBS, {"sku.name": name}) for name in GEO_REDUNDANT),
        accepts(BLOBS, {"sku.name": "Standard_ZRS"}, beside=[OBJECTS]),
        refuses(BUCKET, at="bucket", beside=REST),
        refuses(BUCKET, at="bucket", beside=[*REST, changed(COPIED, {STATUS: "Disabled"})]),
        refuses(BUCKET, at="bucket", beside=[*REST, changed(COPIED, {"bucket": "media"})]),
        refuses(BUCKET, at="bucket", beside=[*SETTINGS, NEAR]),
        *configured({"aws:region": HOME}, refuses(BUCKET, {"region": None}, at="bucket", beside=[*SETTINGS, NEAR])),
        refuses(BUCKET, at="bucket", beside=[*REST, CLUSTER, VELERO]),
        refuses(
            changed(BUCKET, {"bucket": "vault"}),
            at="bucket",
            beside=[changed(VELERO, {WRITTEN: "vault"}), *(changed(each, {"bucket": "vault"}) for each in REST)],
        ),
        *(refuses(BLOBS, {"sku.name": name}) for name in ("Standard_LRS", "Standard_ZRS", "Premium_LRS", None)),
        undecided(BLOBS, "sku.name"),
        undecided(BUCKET, "acl", at=STATUS, beside=[*REST, changed(COPIED, {STATUS: UNKNOWN})]),
        undecided(BUCKET, "region", beside=[*REST, CLUSTER, VELERO]),
        undecided(BUCKET, "acl", at="bucket", beside=[*REST, changed(COPIED, {"bucket": UNKNOWN})]),
    ),
)
