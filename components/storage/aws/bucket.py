"""A bucket that keeps every version for a while, encrypts with one key, and is nobody's but the account's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import pulumi
from pulumi_aws import s3

from components.aws import AwsLocation, KeySpec, Statement, encryption_key, policy_document
from components.base import Component

_ABANDONED_UPLOAD_DAYS: Final = 7


@dataclass(frozen=True, kw_only=True)
class BucketSpec:
    """A bucket by the role that it plays in its component.

    Attributes:
        role: of the bucket in its component.
        name: of which nobody else in the partition of AWS may have the same.
        location: where it is.
        keep_for: for how long a version stays that was overwritten or deleted.
        immutable_for: for how long after it was written no version can be deleted; None where it can be.
        tags: beside those of the provider.
        keep_data: it stays, with its key and all that is set of it, when the stack is taken down.
        retain: protects it, and keeps everybody from deleting a version.
    """

    role: str
    name: str
    location: AwsLocation
    keep_for: timedelta
    immutable_for: timedelta | None
    tags: Mapping[str, str]
    keep_data: bool
    retain: bool

    @property
    def arn(self) -> str:
        """Known before it exists."""
        return f"arn:{self.location.partition}:s3:::{self.name}"


@dataclass(frozen=True, kw_only=True)
class KeptBucket:
    """A bucket as it was made.

    Attributes:
        spec: what it was made from.
        key_arn: of the key that encrypts it.
        created: the bucket.
        ready: what writes into it goes behind this.
    """

    spec: BucketSpec
    key_arn: pulumi.Output[str]
    created: s3.Bucket
    ready: pulumi.Resource


def create_bucket(component: Component, spec: BucketSpec) -> KeptBucket:
    """The bucket, and all that is set of it, one after the other: S3 refuses two changes of a bucket at once."""
    keyed = encryption_key(
        component,
        KeySpec(role=f"{spec.role}-key", description=f"Encrypts the bucket {spec.name}", outlives_stack=spec.keep_data),
        location=spec.location,
        retain=spec.retain,
    )
    bucket = s3.Bucket(
        component.child_name(spec.role),
        s3.BucketArgs(
            bucket=spec.name,
            # Costs nothing, and lets a default be set, changed and taken back later.
            object_lock_enabled=True,
            tags=dict(spec.tags) or None,
        ),
        component.child_options(protect=spec.retain, retain_on_delete=spec.keep_data),
    )
    previous: pulumi.Resource = bucket

    def options() -> pulumi.ResourceOptions:
        return within_bucket(component, spec, bucket, after=previous)

    previous = s3.BucketOwnershipControls(
        component.child_name(f"{spec.role}-ownership"),
        # Without access control lists: policies alone say who may what.
        s3.BucketOwnershipControlsArgs(
            bucket=bucket.bucket, rule=s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced")
        ),
        options(),
    )
    previous = s3.BucketPublicAccessBlock(
        component.child_name(f"{spec.role}-public-access"),
        s3.BucketPublicAccessBlockArgs(
            bucket=bucket.bucket, block_public_acls=True, block_public_policy=True, ignore_public_acls=True, restrict_public_buckets=True
        ),
        options(),
    )
    previous = s3.BucketPolicy(
        component.child_name(f"{spec.role}-policy"),
        s3.BucketPolicyArgs(bucket=bucket.bucket, policy=policy_document(*bucket_statements(spec.arn, keep_versions=spec.retain))),
        options(),
    )
    # As keywords: what the SDK calls arguments of the next ones is of the bucket's former properties.
    previous = s3.BucketServerSideEncryptionConfiguration(
        component.child_name(f"{spec.role}-encryption"), bucket=bucket.bucket, rules=[_encryption(keyed.arn)], opts=options()
    )
    previous = s3.BucketVersioning(
        component.child_name(f"{spec.role}-versions"),
        bucket=bucket.bucket,
        versioning_configuration=s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
        opts=options(),
    )
    previous = s3.BucketLifecycleConfiguration(
        component.child_name(f"{spec.role}-lifecycle"),
        s3.BucketLifecycleConfigurationArgs(bucket=bucket.bucket, rules=[_lifecycle(spec.keep_for)]),
        options(),
    )
    if spec.immutable_for:
        previous = s3.BucketObjectLockConfiguration(
            component.child_name(f"{spec.role}-lock"), bucket=bucket.bucket, rule=_lock(spec.immutable_for), opts=options()
        )
    return KeptBucket(spec=spec, key_arn=keyed.arn, created=bucket, ready=previous)


def within_bucket(component: Component, spec: BucketSpec, bucket: s3.Bucket, *, after: pulumi.Resource) -> pulumi.ResourceOptions:
    """The options of what is set of a bucket.

    Taken back piece by piece, versions would be turned off, which S3 refuses where objects can be locked.
    """
    kept = component.child_options(retain_on_delete=spec.keep_data, deleted_with=bucket)
    return pulumi.ResourceOptions.merge(kept, pulumi.ResourceOptions(depends_on=[after]))


def bucket_statements(arn: str, *, keep_versions: bool) -> Sequence[Statement]:
    """TLS alone, and the bucket's own encryption alone; with ``keep_versions`` nobody deletes one but the lifecycle.

    An upload that names an encryption would be encrypted with the key that it names, or with one of
    AWS: copies are made of none that the platform cannot open. Who writes deletes without naming a version.
    """
    everything = [arn, f"{arn}/*"]
    named = {
        "OwnEncryption": "s3:x-amz-server-side-encryption",
        "NoKeyOfTheCaller": "s3:x-amz-server-side-encryption-customer-algorithm",
    }
    return (
        _deny("TlsOnly", "s3:*", everything, {"Bool": {"aws:SecureTransport": "false"}}),
        _deny("RecentTls", "s3:*", everything, {"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
        *(_deny(sid, "s3:PutObject", f"{arn}/*", {"Null": {header: "false"}}) for sid, header in named.items()),
        *([_deny("KeepVersions", ["s3:BypassGovernanceRetention", "s3:DeleteObjectVersion"], f"{arn}/*")] if keep_versions else []),
    )


def _deny(sid: str, action: str | Sequence[str], resource: str | Sequence[str], condition: Mapping[str, Any] | None = None) -> Statement:
    denied = {"Sid": sid, "Effect": "Deny", "Principal": "*", "Action": action, "Resource": resource}
    return {**denied, "Condition": condition} if condition else denied


def _encryption(key_arn: pulumi.Input[str]) -> s3.BucketServerSideEncryptionConfigurationRuleArgs:
    default = s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
        sse_algorithm="aws:kms", kms_master_key_id=key_arn
    )
    # One call of KMS serves many objects; backups are many small ones.
    return s3.BucketServerSideEncryptionConfigurationRuleArgs(apply_server_side_encryption_by_default=default, bucket_key_enabled=True)


def _lifecycle(keep_for: timedelta) -> s3.BucketLifecycleConfigurationRuleArgs:
    """What is current never goes by age: backups that share objects would lose them."""
    return s3.BucketLifecycleConfigurationRuleArgs(
        id="former-versions",
        status="Enabled",
        filter=s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
        noncurrent_version_expiration=s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(noncurrent_days=keep_for.days),
        expiration=s3.BucketLifecycleConfigurationRuleExpirationArgs(expired_object_delete_marker=True),
        abort_incomplete_multipart_upload=s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
            days_after_initiation=_ABANDONED_UPLOAD_DAYS
        ),
    )


def _lock(immutable_for: timedelta) -> s3.BucketObjectLockConfigurationRuleArgs:
    """Governance: whoever may bypass it can lift it. Compliance nobody can, and the bill would go on after a teardown."""
    return s3.BucketObjectLockConfigurationRuleArgs(
        default_retention=s3.BucketObjectLockConfigurationRuleDefaultRetentionArgs(mode="GOVERNANCE", days=immutable_for.days)
    )
