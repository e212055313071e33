"""What the stores declare is put into S3 as moto has it, and read back: the lock, the copies and the key too."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, Final

import pulumi
import pulumi_aws as aws
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from components.aws import AwsLocation
from components.storage.aws.bucket import bucket_statements
from components.storage.aws.object_store import S3Stores, S3StoresArgs
from components.storage.object_store_model import StoreSettings
from tests.components.storage.aws.account import ACCOUNT, Account

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.components.recorded import Preview

HERE: Final = AwsLocation(region="eu-west-1", account_id=ACCOUNT)
THERE: Final = AwsLocation(region="eu-central-1", account_id=ACCOUNT)
NAME: Final = f"plinth-production-backups-{ACCOUNT}-eu-west-1"
COPY: Final = f"plinth-production-backups-{ACCOUNT}-eu-central-1"
BOTH: Final = pytest.mark.parametrize(("bucket", "region"), [(NAME, HERE.region), (COPY, THERE.region)])
SETTINGS: Final = {"immutableFor": "30d", "keepFor": "90d", "recovery": {"rpo": "1h", "rto": "4h"}}


def declare() -> None:
    def provider(name: str, location: AwsLocation) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(providers=[aws.Provider(name, region=location.region)])

    def args(location: AwsLocation, **more: Any) -> S3StoresArgs:
        stores = {"backups": StoreSettings.model_validate(SETTINGS)}
        return S3StoresArgs(stores=stores, name="plinth-production", location=location, keep_data=True, retain=True, **more)

    copies = S3Stores("store-copies", args(THERE), provider("there", THERE))
    S3Stores("stores", args(HERE, copies=copies.buckets), provider("here", HERE))


@pytest.fixture
def account(preview: Preview) -> Iterator[Account]:
    run = preview(declare)
    with mock_aws():
        yield Account(run)


def s3(account: Account, region: str) -> Any:
    return account.client("s3", region)


def writer(account: Account, bucket: str, region: str) -> Any:
    """Whoever writes: moto takes what a policy denies under a condition as denied at all times."""
    client = s3(account, region)
    client.delete_bucket_policy(Bucket=bucket)
    return client


@BOTH
def test_a_bucket_is_where_it_is_to_be_and_declares_its_targets(account: Account, bucket: str, region: str) -> None:
    assert s3(account, region).get_bucket_location(Bucket=bucket)["LocationConstraint"] == region
    tags = s3(account, region).get_bucket_tagging(Bucket=bucket)["TagSet"]
    assert {each["Key"]: each["Value"] for each in tags} == {"platform:rpo": "1h", "platform:rto": "4h"}


@BOTH
def test_a_key_of_its_region_encrypts_what_is_put_without_a_word_about_it(account: Account, bucket: str, region: str) -> None:
    (rule,) = s3(account, region).get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    key = rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"]
    assert rule["BucketKeyEnabled"] is True
    described = account.client("kms", region).describe_key(KeyId=key)["KeyMetadata"]
    assert described["Arn"].split(":")[3] == region
    assert bucket in described["Description"]
    assert account.client("kms", region).get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is True
    writer(account, bucket, region).put_object(Bucket=bucket, Key="velero/backup", Body=b"first")
    stored = s3(account, region).head_object(Bucket=bucket, Key="velero/backup")
    assert (stored["ServerSideEncryption"], stored["SSEKMSKeyId"]) == ("aws:kms", key)


@BOTH
def test_what_is_deleted_or_overwritten_can_be_brought_back_and_no_version_be_deleted(account: Account, bucket: str, region: str) -> None:
    client, at = writer(account, bucket, region), {"Bucket": bucket, "Key": "velero/backup"}
    first = client.put_object(**at, Body=b"first")["VersionId"]
    client.put_object(**at, Body=b"second")
    client.delete_object(**at)
    with pytest.raises(ClientError, match="NoSuchKey"):
        client.get_object(**at)
    assert client.get_object(**at, VersionId=first)["Body"].read() == b"first"
    with pytest.raises(ClientError, match="AccessDenied"):
        client.delete_object(**at, VersionId=first)
    kept = client.head_object(**at, VersionId=first)
    assert kept["ObjectLockMode"] == "GOVERNANCE"
    assert dt.timedelta(days=29) < kept["ObjectLockRetainUntilDate"] - dt.datetime.now(tz=dt.UTC) <= dt.timedelta(days=30)


@BOTH
def test_the_lock_and_versions_read_as_they_were_set(account: Account, bucket: str, region: str) -> None:
    lock = s3(account, region).get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
    assert lock["ObjectLockEnabled"] == "Enabled"
    retention = lock["Rule"]["DefaultRetention"]
    assert (retention["Mode"], retention["Days"]) == ("GOVERNANCE", 30)
    assert s3(account, region).get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"


@BOTH
def test_former_versions_go_after_90_days_and_what_is_current_never(account: Account, bucket: str, region: str) -> None:
    (rule,) = s3(account, region).get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert (rule["ID"], rule["Status"], rule["Filter"]) == ("former-versions", "Enabled", {"Prefix": ""})
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 90}
    assert rule["Expiration"] == {"ExpiredObjectDeleteMarker": True}
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}


@BOTH
def test_a_bucket_is_closed_to_everybody_else(account: Account, bucket: str, region: str) -> None:
    blocked = s3(account, region).get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert blocked == dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True)
    controls = s3(account, region).get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]
    assert controls == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    policy = json.loads(s3(account, region).get_bucket_policy(Bucket=bucket)["Policy"])
    assert policy["Statement"] == list(bucket_statements(f"arn:aws:s3:::{bucket}", keep_versions=True))


def test_all_of_it_is_copied_to_the_second_region_and_encrypted_with_the_key_there(account: Account) -> None:
    replication = s3(account, HERE.region).get_bucket_replication(Bucket=NAME)["ReplicationConfiguration"]
    (rule,) = replication["Rules"]
    assert (rule["Status"], rule["Filter"]) == ("Enabled", {"Prefix": ""})
    destination = rule["Destination"]
    assert destination["Bucket"] == f"arn:aws:s3:::{COPY}"
    key = destination["EncryptionConfiguration"]["ReplicaKmsKeyID"]
    (default,) = s3(account, THERE.region).get_bucket_encryption(Bucket=COPY)["ServerSideEncryptionConfiguration"]["Rules"]
    assert key == default["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"]
    assert destination["ReplicationTime"] == {"Status": "Enabled", "Time": {"Minutes": 15}}
    assert destination["Metrics"] == {"Status": "Enabled", "EventThreshold": {"Minutes": 15}}
    role = account.client("iam", HERE.region).get_role(RoleName=replication["Role"].rpartition("/")[2])["Role"]
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": "s3.amazonaws.com"}


@pytest.mark.parametrize(
    ("request_of", "denied"),
    [
        ({"aws:SecureTransport": "true", "s3:TlsVersion": 1.3}, False),
        ({"aws:SecureTransport": "true", "s3:TlsVersion": 1.2}, False),
        ({"aws:SecureTransport": "true", "s3:TlsVersion": 1.1}, True),
        ({"aws:SecureTransport": "false"}, True),
        ({"aws:SecureTransport": "true", "s3:TlsVersion": 1.3, "s3:x-amz-server-side-encryption": "aws:kms"}, True),
        ({"aws:SecureTransport": "true", "s3:TlsVersion": 1.3, "s3:x-amz-server-side-encryption-customer-algorithm": "AES256"}, True),
    ],
)
def test_the_policy_denies_uploads_without_tls_or_with_a_key_of_their_own(request_of: Mapping[str, Any], *, denied: bool) -> None:
    def matches(operator: str, key: str, wanted: str) -> bool:
        given = request_of.get(key)
        if operator == "Null":
            return (given is None) == (wanted == "true")
        # A key that a request does not carry matches neither of the others.
        return given is not None and (given == wanted if operator == "Bool" else float(given) < float(wanted))

    def applies(statement: Mapping[str, Any]) -> bool:
        conditions = statement.get("Condition", {}).items()
        return statement["Action"] in ("s3:*", "s3:PutObject") and all(
            matches(operator, key, wanted) for operator, asked in conditions for key, wanted in asked.items()
        )

    statements = bucket_statements(f"arn:aws:s3:::{NAME}", keep_versions=True)
    assert {each["Effect"] for each in statements} == {"Deny"}
    assert any(map(applies, statements)) is denied
