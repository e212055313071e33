"""An account in moto into which buckets are put as a program declares them: each input as the parameter of S3's API that it becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, cast

import boto3

from policies.values import UNKNOWN

if TYPE_CHECKING:
    from offline.engine import RecordedResource, Run

ACCOUNT: Final = "123456789012"
BUCKET: Final = "aws:s3/bucket:Bucket"
KEY: Final = "aws:kms/key:Key"
ROLE: Final = "aws:iam/role:Role"
_NAMES: Final = {"id": "ID", "sseAlgorithm": "SSEAlgorithm", "kmsMasterKeyId": "KMSMasterKeyID", "replicaKmsKeyId": "ReplicaKmsKeyID"}
"""Where the API capitalises otherwise than the provider."""
_KNOWN_LATER: Final = {"kmsMasterKeyId": KEY, "replicaKmsKeyId": KEY, "bucket": BUCKET, "role": ROLE}
"""The type of the resource that a value comes from which is not known at a preview."""


class Account:
    """Makes all of a run in the order in which it was registered; boto3 refuses a parameter that the API does not have."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._arns: dict[str, str] = {}
        self._session = boto3.Session(aws_access_key_id="testing", aws_secret_access_key="testing")  # noqa: S106 # moto takes any
        for resource in run.resources:
            if make := _MAKERS.get(resource.type):
                make(self, resource)

    def client(self, service: str, region: str) -> Any:
        return self._session.client(cast("Any", service), region_name=region)

    def region_of(self, resource: RecordedResource) -> str:
        urn = resource.provider.rpartition("::")[0]
        (provider,) = (each for each in self._run.resources if each.urn == urn)
        return str(provider.inputs["region"])

    def inputs(self, resource: RecordedResource) -> dict[str, Any]:
        """The inputs, with what other resources have answered meanwhile."""
        return {key: self._fill(key, value, resource.property_dependencies.get(key, ())) for key, value in resource.inputs.items()}

    def answered(self, resource: RecordedResource, arn: str) -> None:
        self._arns[resource.urn] = arn

    def of(self, resource: RecordedResource) -> Any:
        """A client of S3 where the resource is."""
        return self.client("s3", self.region_of(resource))

    def _fill(self, key: str, value: Any, sources: Any) -> Any:
        if value is UNKNOWN:
            (arn,) = (self._arns[urn] for urn in sources if f"::{_KNOWN_LATER[key]}::" in urn or f"${_KNOWN_LATER[key]}::" in urn)
            return arn
        if isinstance(value, Mapping):
            return {name: self._fill(name, each, sources) for name, each in value.items()}
        if isinstance(value, list):
            return [self._fill(key, each, sources) for each in value]
        return value


def capitalised(value: Any) -> Any:
    """The provider's names as those of the API."""
    if isinstance(value, Mapping):
        return {_NAMES.get(key, key[0].upper() + key[1:]): capitalised(each) for key, each in value.items()}
    return [capitalised(each) for each in value] if isinstance(value, list) else value


def _key(account: Account, resource: RecordedResource) -> None:
    inputs, kms = account.inputs(resource), account.client("kms", account.region_of(resource))
    made = kms.create_key(Description=inputs["description"], Policy=inputs["policy"])["KeyMetadata"]
    if inputs["enableKeyRotation"]:
        kms.enable_key_rotation(KeyId=made["KeyId"])
    account.answered(resource, made["Arn"])


def _role(account: Account, resource: RecordedResource) -> None:
    inputs, iam = account.inputs(resource), account.client("iam", account.region_of(resource))
    made = iam.create_role(RoleName=resource.name, AssumeRolePolicyDocument=inputs["assumeRolePolicy"], Description=inputs["description"])
    account.answered(resource, made["Role"]["Arn"])


def _bucket(account: Account, resource: RecordedResource) -> None:
    inputs, region = account.inputs(resource), account.region_of(resource)
    name = inputs["bucket"]
    account.of(resource).create_bucket(
        Bucket=name, ObjectLockEnabledForBucket=inputs["objectLockEnabled"], CreateBucketConfiguration={"LocationConstraint": region}
    )
    if tags := inputs.get("tags"):
        account.of(resource).put_bucket_tagging(
            Bucket=name, Tagging={"TagSet": [{"Key": key, "Value": value} for key, value in tags.items()]}
        )
    account.answered(resource, f"arn:aws:s3:::{name}")


def _put(call: str, parameter: str, body: Callable[[Mapping[str, Any]], Any]) -> Callable[[Account, RecordedResource], None]:
    def make(account: Account, resource: RecordedResource) -> None:
        inputs = account.inputs(resource)
        getattr(account.of(resource), call)(Bucket=inputs["bucket"], **{parameter: body(inputs)})

    return make


_MAKERS: Final[Mapping[str, Callable[[Account, RecordedResource], None]]] = {
    KEY: _key,
    ROLE: _role,
    BUCKET: _bucket,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _put(
        "put_bucket_ownership_controls", "OwnershipControls", lambda given: {"Rules": [capitalised(given["rule"])]}
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _put(
        "put_public_access_block",
        "PublicAccessBlockConfiguration",
        lambda given: capitalised({key: value for key, value in given.items() if key != "bucket"}),
    ),
    "aws:s3/bucketPolicy:BucketPolicy": _put("put_bucket_policy", "Policy", lambda given: given["policy"]),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _put(
        "put_bucket_encryption", "ServerSideEncryptionConfiguration", lambda given: capitalised({"rules": given["rules"]})
    ),
    "aws:s3/bucketVersioning:BucketVersioning": _put(
        "put_bucket_versioning", "VersioningConfiguration", lambda given: capitalised(given["versioningConfiguration"])
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _put(
        "put_bucket_lifecycle_configuration", "LifecycleConfiguration", lambda given: capitalised({"rules": given["rules"]})
    ),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": _put(
        "put_object_lock_configuration",
        "ObjectLockConfiguration",
        lambda given: {"ObjectLockEnabled": "Enabled", **capitalised({"rule": given["rule"]})},
    ),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": _put(
        "put_bucket_replication", "ReplicationConfiguration", lambda given: capitalised({"role": given["role"], "rules": given["rules"]})
    ),
}
