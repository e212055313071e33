"""What keeps data: keys, volumes and their snapshots, buckets, log groups, backup plans and vaults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from botocore.exceptions import ClientError

from accounts.aws.failures import code_of
from verification.aws.scope import Scope, given
from verification.live import LiveResource

KEY: Final = "aws:kms/key:Key"
VOLUME: Final = "aws:ebs/volume:Volume"
SNAPSHOT: Final = "aws:ebs/snapshot:Snapshot"
DEFAULT_ENCRYPTION: Final = "aws:ebs/encryptionByDefault:EncryptionByDefault"
BUCKET: Final = "aws:s3/bucket:Bucket"
LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
BACKUP_PLAN: Final = "aws:backup/plan:Plan"
BACKUP_VAULT: Final = "aws:backup/vault:Vault"

_GONE: Final = frozenset({"NotFoundException", "NoSuchBucket", "NoSuchPublicAccessBlockConfiguration", "ResourceNotFoundException"})


def read_keys(scope: Scope) -> Iterator[LiveResource]:
    """The stack's keys. A key that is disabled or waits for its deletion is one that nothing can be opened with."""
    client = scope.client("kms")
    for arn in (each for each in scope.tagged if ":kms:" in each and ":key/" in each):
        found = _unless_gone(lambda arn=arn: client.describe_key(KeyId=arn)["KeyMetadata"])
        if not found:
            continue
        rotation = client.get_key_rotation_status(KeyId=arn)["KeyRotationEnabled"]
        inputs = {
            "description": found.get("Description", ""),
            "enableKeyRotation": rotation,
            "isEnabled": found["KeyState"] == "Enabled",
            "policy": client.get_key_policy(KeyId=arn, PolicyName="default")["Policy"],
        }
        yield LiveResource(type=KEY, key=found.get("Description") or found["KeyId"], arn=found["Arn"], inputs=inputs)


def read_volumes(scope: Scope) -> Iterator[LiveResource]:
    """Volumes of pods, which their driver tags, their snapshots, and whether the region encrypts by default."""
    client, mine = scope.client("ec2"), [{"Name": f"tag:{key}", "Values": [value]} for key, value in _tags(scope).items()]
    for found in scope.pages(client, "describe_volumes", "Volumes", Filters=mine):
        tags = {each["Key"]: each["Value"] for each in found.get("Tags", ())}
        inputs = given(
            encrypted=found["Encrypted"], kmsKeyId=found.get("KmsKeyId"), type=found.get("VolumeType"), size=found.get("Size"), tags=tags
        )
        yield LiveResource(type=VOLUME, key=found["VolumeId"], arn=scope.arn("ec2", f"volume/{found['VolumeId']}"), inputs=inputs)
    for found in scope.pages(client, "describe_snapshots", "Snapshots", OwnerIds=["self"], Filters=mine):
        inputs = given(encrypted=found["Encrypted"], kmsKeyId=found.get("KmsKeyId"))
        yield LiveResource(type=SNAPSHOT, key=found["SnapshotId"], arn=scope.arn("ec2", f"snapshot/{found['SnapshotId']}"), inputs=inputs)
    yield LiveResource(
        type=DEFAULT_ENCRYPTION,
        key=scope.account.region,
        arn=scope.arn("ec2", "ebs-encryption-by-default"),
        inputs={"enabled": client.get_ebs_encryption_by_default()["EbsEncryptionByDefault"]},
    )


def read_buckets(scope: Scope) -> Iterator[LiveResource]:
    """Buckets with the stack's tags: versions, encryption and public access."""
    client = scope.client("s3")
    for arn in (each for each in scope.tagged if each.split(":")[2] == "s3"):
        name = arn.rpartition(":")[2]
        versions = _unless_gone(lambda name=name: client.get_bucket_versioning(Bucket=name))
        if not versions:
            continue
        blocked = _unless_gone(lambda name=name: client.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"])
        inputs = {
            "bucket": name,
            "versioning": {"enabled": versions.get("Status") == "Enabled"},
            "publicAccessBlocked": bool(blocked) and all(blocked.values()),
        }
        yield LiveResource(type=BUCKET, key=name, arn=arn, inputs=inputs)


def read_log_groups(scope: Scope) -> Iterator[LiveResource]:
    """Log groups that the program names, and those with its tags."""
    client = scope.client("logs")
    tagged = {each.split(":log-group:")[1].removesuffix(":*") for each in scope.tagged if ":log-group:" in each}
    for name in sorted(tagged | scope.names.get(LOG_GROUP, frozenset())):
        for found in scope.pages(client, "describe_log_groups", "logGroups", logGroupNamePrefix=name):
            if found["logGroupName"] == name:
                inputs = {"name": name, "retentionInDays": found.get("retentionInDays", 0), "kmsKeyId": found.get("kmsKeyId")}
                yield LiveResource(type=LOG_GROUP, key=name, arn=found["arn"].removesuffix(":*"), inputs=inputs)


def read_backups(scope: Scope) -> Iterator[LiveResource]:
    """Plans and vaults of AWS Backup with the stack's tags."""
    client = scope.client("backup")
    plans = {each.rpartition(":")[2] for each in scope.tagged if ":backup-plan:" in each}
    for plan in sorted(plans):
        found = _unless_gone(lambda plan=plan: client.get_backup_plan(BackupPlanId=plan))
        if not found:
            continue
        rules = [given(ruleName=each["RuleName"], schedule=each.get("ScheduleExpression")) for each in found["BackupPlan"]["Rules"]]
        yield LiveResource(
            type=BACKUP_PLAN,
            key=found["BackupPlan"]["BackupPlanName"],
            arn=found["BackupPlanArn"],
            inputs={"name": found["BackupPlan"]["BackupPlanName"], "rules": rules},
        )
    for arn in (each for each in scope.tagged if ":backup-vault:" in each):
        found = _unless_gone(lambda arn=arn: client.describe_backup_vault(BackupVaultName=arn.rpartition(":")[2]))
        if not found:
            continue
        inputs = given(name=found["BackupVaultName"], kmsKeyArn=found.get("EncryptionKeyArn"), locked=found.get("Locked"))
        yield LiveResource(type=BACKUP_VAULT, key=found["BackupVaultName"], arn=arn, inputs=inputs)


def _tags(scope: Scope) -> dict[str, str]:
    return {"project": scope.project, "stack": scope.stack}


def _unless_gone(read: Any) -> Any:
    """What ``read`` gives; nothing where it is not there: AWS finds the tags of what was deleted for a while."""
    try:
        return read()
    except ClientError as error:
        if code_of(error) in _GONE:
            return {}
        raise
