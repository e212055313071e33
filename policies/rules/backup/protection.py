"""BAK-008: a store of backups keeps former versions, encrypts, is nobody else's, and deletes nothing that is still to be kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from policies.findings import Findings
from policies.model import Resource, Stack, stack_rule
from policies.rules.backup.buckets import (
    ACCOUNT,
    BUCKETS,
    ENCRYPTION,
    LIFECYCLE,
    PUBLIC_ACCESS,
    VERSIONING,
    is_named,
    set_of,
    stores_of_backups,
)
from policies.values import Value
from policies.velero import LOCATION, SCHEDULE, SERVER_TYPES, plans_of

ACCOUNT_BLOCK: Final = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
MANAGEMENT_POLICY: Final = "azure-native:storage:ManagementPolicy"
_FLAGS: Final = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
_AGES: Final = ("daysAfterModificationGreaterThan", "daysAfterCreationGreaterThan", "daysAfterLastAccessTimeGreaterThan")
_STORES: Final = (*BUCKETS, ACCOUNT, LOCATION, *SERVER_TYPES)


@stack_rule("BAK-008", on=(*_STORES, *VERSIONING))
def store_of_backups_keeps_versions(resources: Sequence[Resource], _: Stack) -> Findings:
    """What is overwritten or deleted by mistake, or by whoever took over the cluster, is still there."""
    for bucket in stores_of_backups(resources):
        if bucket.type == ACCOUNT:
            continue
        inline = [bucket["versioning"], *bucket["versionings"].each()]
        is_kept = (
            any(each["enabled"].may_equal(expected=True) or each["status"].may_equal("Enabled") for each in inline)
            or bucket["objectLockEnabled"].may_equal(expected=True)
            or any(each.at("versioningConfiguration.status").may_equal("Enabled") for each in set_of(bucket, resources, VERSIONING))
        )
        if not is_kept:
            yield from _name(bucket).refuse(
                "the bucket of backups keeps no former versions: what is overwritten or deleted there is gone",
                'Add a BucketVersioning whose versioningConfiguration.status is "Enabled"',
            )


@stack_rule("BAK-008", on=(*_STORES, *ENCRYPTION))
def store_of_backups_is_encrypted(resources: Sequence[Resource], _: Stack) -> Findings:
    """With a key that the stack chooses, or with S3's own where it says so; Azure encrypts everything."""
    for bucket in stores_of_backups(resources):
        inline = (bucket["serverSideEncryptionConfiguration"], bucket["serverSideEncryptionConfigurations"])
        if bucket.type == ACCOUNT or any(each.is_present for each in inline):
            continue
        if not any(each["rules"].may_satisfy(bool) for each in set_of(bucket, resources, ENCRYPTION)):
            yield from _name(bucket).refuse(
                "nothing says by what the bucket of backups is encrypted",
                "Add a BucketServerSideEncryptionConfiguration with a rule for aws:kms",
            )


@stack_rule("BAK-008", on=(*_STORES, *PUBLIC_ACCESS, ACCOUNT_BLOCK))
def store_of_backups_is_private(resources: Sequence[Resource], _: Stack) -> Findings:
    """By the block of public access, the bucket's own or that of the account; on Azure by the account."""
    for store in stores_of_backups(resources):
        if store.type == ACCOUNT:
            yield from store["allowBlobPublicAccess"].must_be_false("blobs of the store of backups may be made public", default=False)
            yield from store["minimumTlsVersion"].must_be_one_of(
                ("TLS1_2", "TLS1_3"), "the store of backups can be reached by an outdated TLS", default="TLS1_0"
            )
            continue
        blocks = [each for each in resources if each.type == ACCOUNT_BLOCK] + set_of(store, resources, PUBLIC_ACCESS)
        if not any(all(block[flag].may_equal(expected=True) for flag in _FLAGS) for block in blocks):
            yield from _name(store).refuse(
                "the bucket of backups may be made public", f"Add a BucketPublicAccessBlock that sets {', '.join(_FLAGS)} to true"
            )


@stack_rule("BAK-008", on=(*_STORES, SCHEDULE, *LIFECYCLE, MANAGEMENT_POLICY))
def store_of_backups_outlasts_them(resources: Sequence[Resource], _: Stack) -> Findings:
    """What expires in the store before the backup that needs it breaks the backup; former versions may."""
    plans = plans_of(resources)
    for store in stores_of_backups(resources):
        for place in _expiries(store, resources) if plans else ():
            longest = max((kept for plan in plans if (kept := plan.kept) is not None), default=timedelta(0))
            yield from place.must_be_at_least(
                -(-longest // timedelta(days=1)), f"objects of backups expire before the backups, which are kept for {longest.days} days"
            )


def _expiries(store: Resource, resources: Sequence[Resource]) -> Iterator[Value]:
    """The days after which what is current in a store is deleted."""
    if store.type == ACCOUNT:
        for policy in resources:
            if policy.type == MANAGEMENT_POLICY and is_named(policy["accountName"], policy, store):
                for rule in policy.at("policy.rules").each():
                    delete = rule.at("definition.actions.baseBlob.delete")
                    if rule["enabled"].satisfies(lambda on: on is not False):
                        yield from (delete[age] for age in _AGES if delete[age].is_present)
        return
    rules = [*store["lifecycleRules"].each(), *(each for config in set_of(store, resources, LIFECYCLE) for each in config["rules"].each())]
    for rule in rules:
        if rule["status"].satisfies(lambda status: status != "Disabled") and rule["enabled"].satisfies(lambda on: on is not False):
            days = [each["days"] for each in (rule["expiration"], *rule["expirations"].each()) if each["days"].is_present]
            yield from days


def _name(bucket: Resource) -> Value:
    return bucket["bucket"]
