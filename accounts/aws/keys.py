"""Keys of KMS: of the state's bucket, and of the secrets within the state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from botocore.exceptions import ClientError
from mypy_boto3_kms import KMSClient
from mypy_boto3_kms.type_defs import KeyMetadataTypeDef

from accounts.aws.documents import Statement, comparable, render
from accounts.aws.failures import code_of
from accounts.steps import Thing, Trait

DELETION_WINDOW_DAYS: Final = 30
"""The longest that KMS waits before it deletes a key, and with it all that the key encrypted."""


class Key:
    """A symmetric key that its alias names; AWS rotates it every year, and still opens what older material encrypted."""

    def __init__(
        self, client: KMSClient, alias: str, *, description: str, statements: Sequence[Statement], tags: Mapping[str, str]
    ) -> None:
        self.alias = f"alias/{alias}"
        self._client, self._description, self._statements, self._tags = client, description, statements, tags

    @property
    def arn(self) -> str | None:
        """The ARN of the key; None while there is none."""
        described = self._describe()
        return described["Arn"] if described else None

    def as_thing(self) -> Thing:
        """The key as something to compare and create."""
        return Thing(
            kind="KMS key",
            name=self.alias,
            exists=lambda: self.arn is not None,
            create=self._create,
            traits=[
                Trait(name="state", read=self._state, wanted=lambda: "Enabled", write=self._revive),
                Trait(
                    name="rotation every year",
                    read=lambda: self._client.get_key_rotation_status(KeyId=self._id)["KeyRotationEnabled"],
                    wanted=lambda: True,
                    write=lambda: self._client.enable_key_rotation(KeyId=self._id),
                ),
                Trait(
                    name="key policy",
                    read=lambda: comparable(self._client.get_key_policy(KeyId=self._id, PolicyName="default")["Policy"]),
                    wanted=lambda: comparable(render(self._statements)),
                    write=lambda: self._client.put_key_policy(KeyId=self._id, PolicyName="default", Policy=render(self._statements)),
                ),
                Trait(name="tags", read=self._read_tags, wanted=lambda: dict(self._tags), write=self._write_tags),
            ],
        )

    def _describe(self) -> KeyMetadataTypeDef | None:
        try:
            return self._client.describe_key(KeyId=self.alias)["KeyMetadata"]
        except ClientError as error:
            if code_of(error) == "NotFoundException":
                return None
            raise

    @property
    def _id(self) -> str:
        """The key's own id: few calls take an alias."""
        described = self._describe()
        return described["KeyId"] if described else self.alias

    def _create(self) -> None:
        key_id = self._client.create_key(
            Description=self._description,
            Policy=render(self._statements),
            Tags=[{"TagKey": key, "TagValue": value} for key, value in self._tags.items()],
        )["KeyMetadata"]["KeyId"]
        try:
            self._client.create_alias(AliasName=self.alias, TargetKeyId=key_id)
        except ClientError:
            # Without its alias the next run would not find it, and make another.
            self._client.schedule_key_deletion(KeyId=key_id, PendingWindowInDays=DELETION_WINDOW_DAYS)
            raise

    def _state(self) -> str:
        described = self._describe()
        return described["KeyState"] if described else "missing"

    def _revive(self) -> None:
        if self._state() == "PendingDeletion":
            self._client.cancel_key_deletion(KeyId=self._id)
        self._client.enable_key(KeyId=self._id)

    def _read_tags(self) -> dict[str, str]:
        pages = self._client.get_paginator("list_resource_tags").paginate(KeyId=self._id)
        return {tag["TagKey"]: tag["TagValue"] for page in pages for tag in page["Tags"] if tag["TagKey"] in self._tags}

    def _write_tags(self) -> None:
        self._client.tag_resource(KeyId=self._id, Tags=[{"TagKey": key, "TagValue": value} for key, value in self._tags.items()])


def key_statements(*, partition: str, account_id: str, deployer_arn: str) -> Sequence[Statement]:
    """The account governs the key through IAM; the role that deploys uses it, and neither turns it off nor deletes it."""
    return (
        {
            "Sid": "AccountGovernsThroughIam",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:{partition}:iam::{account_id}:root"},
            "Action": "kms:*",
            "Resource": "*",
        },
        {
            "Sid": "DeployerOnlyUses",
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["kms:DisableKey", "kms:DisableKeyRotation", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:CreateGrant"],
            "Resource": "*",
            "Condition": {"ArnEquals": {"aws:PrincipalArn": deployer_arn}},
        },
        {
            "Sid": "DeletionTakesAMonth",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "kms:ScheduleKeyDeletion",
            "Resource": "*",
            "Condition": {"NumericLessThan": {"kms:ScheduleKeyDeletionPendingWindowInDays": str(DELETION_WINDOW_DAYS)}},
        },
    )
