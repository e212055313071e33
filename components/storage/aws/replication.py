"""How what is written into a bucket reaches another region: within 15 minutes, with its locks, and deletions as markers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_aws as aws
from pulumi_aws import s3

from components.aws import Statement, policy_document, service_trust
from components.base import Component
from components.storage.aws.bucket import BucketSpec, KeptBucket, within_bucket

RULE: Final = "second-region"
"""The id of the rule, a dimension of its metrics."""
MINUTES: Final = 15
"""S3 Replication Time Control has no other threshold: 99.9 % of a month's objects are copied within it (its SLA)."""


def replicate(component: Component, source: KeptBucket, copy: KeptBucket) -> pulumi.Resource:
    """Copy what is written from now on, whatever its encryption, and return what to wait for.

    Versions that are deleted are not deleted in the copy: the lifecycle of each side removes its own.
    """
    spec = source.spec
    role = aws.iam.Role(
        component.child_name(f"{spec.role}-replication-role"),
        aws.iam.RoleArgs(description=f"Copies {spec.name} to {copy.spec.name}", assume_role_policy=service_trust("s3.amazonaws.com")),
        component.child_options(retain_on_delete=spec.keep_data),
    )
    rights = aws.iam.RolePolicy(
        component.child_name(f"{spec.role}-replication-rights"),
        aws.iam.RolePolicyArgs(role=role.name, policy=policy_document(*replication_rights(spec, copy.spec))),
        component.child_options(retain_on_delete=spec.keep_data),
    )
    gates = pulumi.ResourceOptions(depends_on=[rights, copy.ready])
    return s3.BucketReplicationConfig(
        component.child_name(f"{spec.role}-replication"),
        s3.BucketReplicationConfigArgs(bucket=source.created.bucket, role=role.arn, rules=[_rule(copy)]),
        pulumi.ResourceOptions.merge(within_bucket(component, spec, source.created, after=source.ready), gates),
    )


def replication_rights(source: BucketSpec, copy: BucketSpec) -> Sequence[Statement]:
    """What S3 does with the role (Amazon S3 user guide, "Setting up permissions for live replication" and "Object Lock considerations").

    With bucket keys the encryption context is the bucket and not the object, and S3 checks the key of the
    copy by decrypting with it ("Using an S3 Bucket Key with replication").
    """
    reads = ["Acl", "ForReplication", "Tagging"]
    return (
        {"Effect": "Allow", "Action": ["s3:GetReplicationConfiguration", "s3:ListBucket"], "Resource": source.arn},
        {
            "Effect": "Allow",
            "Action": [*(f"s3:GetObjectVersion{part}" for part in reads), "s3:GetObjectLegalHold", "s3:GetObjectRetention"],
            "Resource": f"{source.arn}/*",
        },
        {
            "Effect": "Allow",
            "Action": ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"],
            "Resource": f"{copy.arn}/*",
        },
        _uses_key(source, ["kms:Decrypt"]),
        _uses_key(copy, ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]),
    )


def _uses_key(bucket: BucketSpec, actions: Sequence[str]) -> Statement:
    through = {"kms:ViaService": f"s3.{bucket.location.region}.amazonaws.com", "kms:EncryptionContext:aws:s3:arn": bucket.arn}
    return {
        "Effect": "Allow",
        "Action": list(actions),
        "Resource": bucket.location.arn("kms", "key/*"),
        "Condition": {"StringEquals": through},
    }


def _rule(copy: KeptBucket) -> s3.BucketReplicationConfigRuleArgs:
    return s3.BucketReplicationConfigRuleArgs(
        id=RULE,
        status="Enabled",
        priority=1,
        filter=s3.BucketReplicationConfigRuleFilterArgs(prefix=""),
        # What is current there is what is current here, and what was deleted can be brought back on either side.
        delete_marker_replication=s3.BucketReplicationConfigRuleDeleteMarkerReplicationArgs(status="Enabled"),
        source_selection_criteria=s3.BucketReplicationConfigRuleSourceSelectionCriteriaArgs(
            sse_kms_encrypted_objects=s3.BucketReplicationConfigRuleSourceSelectionCriteriaSseKmsEncryptedObjectsArgs(status="Enabled")
        ),
        destination=s3.BucketReplicationConfigRuleDestinationArgs(
            bucket=copy.created.arn,
            encryption_configuration=s3.BucketReplicationConfigRuleDestinationEncryptionConfigurationArgs(replica_kms_key_id=copy.key_arn),
            metrics=s3.BucketReplicationConfigRuleDestinationMetricsArgs(
                status="Enabled", event_threshold=s3.BucketReplicationConfigRuleDestinationMetricsEventThresholdArgs(minutes=MINUTES)
            ),
            replication_time=s3.BucketReplicationConfigRuleDestinationReplicationTimeArgs(
                status="Enabled", time=s3.BucketReplicationConfigRuleDestinationReplicationTimeTimeArgs(minutes=MINUTES)
            ),
        ),
    )
