"""The bucket of Pulumi's state."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from botocore.exceptions import ClientError
from mypy_boto3_s3 import S3Client
from mypy_boto3_s3.type_defs import LifecycleRuleTypeDef, PublicAccessBlockConfigurationTypeDef, ServerSideEncryptionConfigurationTypeDef

from accounts.aws.documents import Comparable, Statement, comparable, render
from accounts.aws.failures import code_of
from accounts.aws.keys import Key
from accounts.errors import AccountError, MissingRightError
from accounts.steps import Thing, Trait

OLD_VERSION_DAYS: Final = 90
"""How long an overwritten or deleted state can be taken back."""
_UPLOAD_DAYS: Final = 7

_BLOCKED: Final[PublicAccessBlockConfigurationTypeDef] = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
_LIFECYCLE: Final[Sequence[LifecycleRuleTypeDef]] = (
    {
        "ID": "old-versions",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "NoncurrentVersionExpiration": {"NoncurrentDays": OLD_VERSION_DAYS},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": _UPLOAD_DAYS},
        "Expiration": {"ExpiredObjectDeleteMarker": True},
    },
)
_US_EAST: Final = "us-east-1"
"""The region that is S3's default, and that it refuses to be told."""


class StateBucket:
    """A versioned bucket that only its key opens, that nothing public reaches, and whose past nobody deletes.

    It has no Object Lock: a retention could not be shortened where a credential has got into a state,
    and versions are kept from deletion by the bucket's policy all the same.
    """

    def __init__(
        self, client: S3Client, name: str, *, region: str, account_id: str, key: Key, deployer_arn: str, tags: Mapping[str, str]
    ) -> None:
        self.name = name
        self._client, self._region, self._account, self._key, self._tags = client, region, account_id, key, tags
        partition = deployer_arn.split(":")[1]
        self._statements = bucket_statements(f"arn:{partition}:s3:::{name}", deployer_arn=deployer_arn)

    def as_thing(self) -> Thing:
        """The bucket as something to compare and create."""
        mine: dict[str, Any] = {"Bucket": self.name, "ExpectedBucketOwner": self._account}
        s3 = self._client
        return Thing(
            kind="S3 bucket",
            name=self.name,
            exists=self._exists,
            create=self._create,
            traits=[
                Trait(
                    name="public access",
                    read=lambda: (
                        _or_none(
                            lambda: s3.get_public_access_block(**mine)["PublicAccessBlockConfiguration"],
                            "NoSuchPublicAccessBlockConfiguration",
                        )
                        or {}
                    ),
                    wanted=lambda: _BLOCKED,
                    write=lambda: s3.put_public_access_block(**mine, PublicAccessBlockConfiguration=_BLOCKED),
                ),
                Trait(
                    name="versioning",
                    read=lambda: s3.get_bucket_versioning(**mine).get("Status"),
                    wanted=lambda: "Enabled",
                    write=lambda: s3.put_bucket_versioning(**mine, VersioningConfiguration={"Status": "Enabled"}),
                ),
                Trait(
                    name="encryption key",
                    read=lambda: _or_none(
                        lambda: _encryption_of(s3.get_bucket_encryption(**mine)["ServerSideEncryptionConfiguration"]["Rules"][0]),
                        "ServerSideEncryptionConfigurationNotFoundError",
                    ),
                    wanted=lambda: self._key.arn or f"{self._key.alias}, which is created",
                    write=lambda: s3.put_bucket_encryption(**mine, ServerSideEncryptionConfiguration=self._encryption()),
                ),
                Trait(
                    name="object ownership",
                    read=lambda: _or_none(
                        lambda: s3.get_bucket_ownership_controls(**mine)["OwnershipControls"]["Rules"][0]["ObjectOwnership"],
                        "OwnershipControlsNotFoundError",
                    ),
                    wanted=lambda: "BucketOwnerEnforced",
                    write=lambda: s3.put_bucket_ownership_controls(
                        **mine, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
                    ),
                ),
                Trait(
                    name="bucket policy",
                    read=lambda: _or_none(lambda: comparable(s3.get_bucket_policy(**mine)["Policy"]), "NoSuchBucketPolicy") or {},
                    wanted=lambda: comparable(render(self._statements)),
                    write=lambda: s3.put_bucket_policy(**mine, Policy=render(self._statements)),
                ),
                Trait(
                    name=f"old versions kept {OLD_VERSION_DAYS} days",
                    read=lambda: (
                        _or_none(
                            lambda: _rules_by_id(s3.get_bucket_lifecycle_configuration(**mine)["Rules"]), "NoSuchLifecycleConfiguration"
                        )
                        or {}
                    ),
                    wanted=lambda: _rules_by_id(_LIFECYCLE),
                    write=lambda: s3.put_bucket_lifecycle_configuration(**mine, LifecycleConfiguration={"Rules": _LIFECYCLE}),
                ),
                Trait(name="tags", read=self._read_tags, wanted=lambda: dict(self._tags), write=self._write_tags),
            ],
        )

    def _exists(self) -> bool:
        try:
            self._client.head_bucket(Bucket=self.name, ExpectedBucketOwner=self._account)
        except ClientError as error:
            code = code_of(error)
            if code in {"404", "NoSuchBucket"}:
                return False
            if code in {"301", "PermanentRedirect"}:
                raise AccountError(f"the bucket {self.name} is there, in another region; delete it, or choose another --project") from error
            if code in {"403", "AccessDenied"}:
                raise MissingRightError("s3:ListBucket", f"the bucket {self.name}", "or another account has taken its name") from error
            raise
        return True

    def _create(self) -> None:
        if self._region == _US_EAST:
            self._client.create_bucket(Bucket=self.name)
        else:
            # The stubs list the regions of the day they were made.
            place: Any = {"LocationConstraint": self._region}
            self._client.create_bucket(Bucket=self.name, CreateBucketConfiguration=place)
        self._client.get_waiter("bucket_exists").wait(Bucket=self.name)

    def _encryption(self) -> ServerSideEncryptionConfigurationTypeDef:
        return {
            "Rules": [
                {
                    "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": self._key.arn or self._key.alias},
                    "BucketKeyEnabled": True,
                }
            ]
        }

    def _all_tags(self) -> dict[str, str]:
        answer = _or_none(lambda: self._client.get_bucket_tagging(Bucket=self.name, ExpectedBucketOwner=self._account), "NoSuchTagSet")
        return {tag["Key"]: tag["Value"] for tag in answer["TagSet"]} if answer else {}

    def _read_tags(self) -> dict[str, str]:
        return {key: value for key, value in self._all_tags().items() if key in self._tags}

    def _write_tags(self) -> None:
        # S3 replaces the whole set, in which others may have theirs.
        tags = {**self._all_tags(), **self._tags}
        self._client.put_bucket_tagging(
            Bucket=self.name,
            ExpectedBucketOwner=self._account,
            Tagging={"TagSet": [{"Key": key, "Value": value} for key, value in tags.items()]},
        )


def bucket_statements(bucket_arn: str, *, deployer_arn: str) -> Sequence[Statement]:
    """TLS alone; neither the bucket nor a version is deleted; who deploys leaves the bucket's own settings alone.

    Whoever has to delete a version, because a credential got into it, takes ``KeepVersions`` out of the
    policy, and has ``plinth bootstrap`` put it back. Pulumi deletes its locks without naming a version.
    """
    return (
        {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [bucket_arn, f"{bucket_arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
        {"Sid": "KeepBucket", "Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": bucket_arn},
        {"Sid": "KeepVersions", "Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObjectVersion", "Resource": f"{bucket_arn}/*"},
        {
            "Sid": "DeployerOnlyUses",
            "Effect": "Deny",
            "Principal": "*",
            "Action": [
                "s3:DeleteBucketPolicy",
                "s3:PutBucketOwnershipControls",
                "s3:PutBucketPolicy",
                "s3:PutBucketPublicAccessBlock",
                "s3:PutBucketVersioning",
                "s3:PutEncryptionConfiguration",
                "s3:PutLifecycleConfiguration",
                "s3:PutReplicationConfiguration",
            ],
            "Resource": bucket_arn,
            "Condition": {"ArnEquals": {"aws:PrincipalArn": deployer_arn}},
        },
    )


def _or_none(read: Callable[[], Any], absent: str) -> Any:
    """What ``read`` gives; None where AWS answers that there is none, with the code ``absent``."""
    try:
        return read()
    except ClientError as error:
        if code_of(error) == absent:
            return None
        raise


def _encryption_of(rule: Mapping[str, Any]) -> str:
    default = rule["ApplyServerSideEncryptionByDefault"]
    key = str(default.get("KMSMasterKeyID", default["SSEAlgorithm"]))
    return key if rule.get("BucketKeyEnabled") else f"{key}, asked for every object"


def _rules_by_id(rules: Sequence[Any]) -> Comparable:
    """Lifecycle rules by their ids, each as text: S3 gives an empty filter in either of two spellings."""
    return {rule["ID"]: json.dumps({**rule, "Filter": rule.get("Filter") or {"Prefix": ""}}, sort_keys=True) for rule in rules}
