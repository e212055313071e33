"""Good stores of backups, on both clouds, with all that is set of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from policies.model import Provider, Resource
from policies.regions import PROVIDERS
from policies.rules.backup.buckets import ACCOUNT, BUCKETS, ENCRYPTION, LIFECYCLE, PUBLIC_ACCESS, REPLICATION, VERSIONING
from policies.rules.backup.protection import MANAGEMENT_POLICY
from policies.values import UNKNOWN
from tests.policies.rules.cases import changed, good

HOME, AWAY = "eu-west-1", "eu-central-1"
TAGS = {"platform:rpo": "1h", "platform:rto": "4h"}
NAME = "platform-backups"
BUCKET = good(BUCKETS[0], {"bucket": NAME, "tags": TAGS, "region": HOME}, "store")
COPY = good(BUCKETS[0], {"bucket": "platform-copies", "tags": TAGS, "region": AWAY}, "copy")
FLAGS: dict[str, Any] = dict.fromkeys(("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True)
VERSIONS = good(VERSIONING[0], {"bucket": NAME, "versioningConfiguration": {"status": "Enabled"}}, "versions")
KEYED = good(ENCRYPTION[0], {"bucket": NAME, "rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}}]}, "encryption")
PRIVATE = good(PUBLIC_ACCESS[0], {"bucket": NAME, **FLAGS}, "private")
COPIED = good(
    REPLICATION[0],
    {"bucket": NAME, "role": "role", "rules": [{"status": "Enabled", "destination": {"bucket": "arn:aws:s3:::platform-copies"}}]},
    "replication",
)
EXPIRING = good(LIFECYCLE[0], {"bucket": NAME, "rules": [{"id": "old", "status": "Enabled", "expiration": {"days": 90.0}}]}, "lifecycle")
SETTINGS = [VERSIONS, KEYED, PRIVATE, COPIED]
BLOBS = good(
    ACCOUNT,
    {
        "accountName": "platformbackups",
        "allowBlobPublicAccess": False,
        "minimumTlsVersion": "TLS1_2",
        "sku": {"name": "Standard_RAGZRS"},
        "tags": TAGS,
    },
    "blobs",
)
POLICY = good(
    MANAGEMENT_POLICY,
    {
        "accountName": "platformbackups",
        "policy": {
            "rules": [{"name": "old", "definition": {"actions": {"baseBlob": {"delete": {"daysAfterModificationGreaterThan": 90.0}}}}}]
        },
    },
    "policy",
)


def in_region(resource: Resource, region: str) -> Resource:
    """The same by a provider of that region."""
    return replace(resource, provider=Provider(urn="urn", type=PROVIDERS[0], properties={"region": region}))


def unnamed(bucket: Resource) -> Resource:
    """A bucket whose name AWS makes."""
    return changed(bucket, {"bucket": None, "bucketPrefix": NAME})


def of(bucket: Resource, setting: Resource) -> Resource:
    """A setting that names its bucket by an output."""
    return replace(changed(setting, {"bucket": UNKNOWN}), dependencies=(bucket.urn,))
