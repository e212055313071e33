"""What the AWS components share: where they are, IAM, and log groups that only their key opens."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.errors import ComponentError
from facts.aws import LOG_RETENTION_DAYS, partition_of

KEY_DELETION_WINDOW_DAYS: Final = 30

Statement = Mapping[str, Any]


class LogRetentionError(ComponentError):
    """CloudWatch Logs has no such retention."""


@dataclass(frozen=True, kw_only=True)
class AwsLocation:
    """The account and region of resources: what an ARN needs before the resource exists."""

    region: str
    account_id: str

    @property
    def partition(self) -> str:
        """The ARN partition, such as ``aws``."""
        return partition_of(self.region)

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a regional resource of this account."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"

    def managed_policy(self, path: str) -> str:
        """The ARN of a policy that AWS maintains.

        ``path`` is its name with what stands before it, such as ``service-role/X``.
        """
        return f"arn:{self.partition}:iam::aws:policy/{path}"


def policy_document(*statements: Statement) -> str:
    """An IAM policy document as JSON."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def service_trust(service: str, *, conditions: Mapping[str, Any] | None = None, actions: Sequence[str] = ("sts:AssumeRole",)) -> str:
    """The trust policy of a role for one AWS service.

    ``service`` is its principal, such as ``eks.amazonaws.com``.
    """
    condition = {"Condition": dict(conditions)} if conditions else {}
    return policy_document({"Effect": "Allow", "Principal": {"Service": service}, "Action": list(actions), **condition})


@dataclass(frozen=True, kw_only=True)
class KeySpec:
    """A key by the role that it plays in its component.

    Attributes:
        role: of the key in its component.
        description: what it encrypts.
        statements: open it to more principals than the account's own.
        outlives_stack: it stays when the stack is taken down, because snapshots that stay need it:
            a key that is deleted takes them along, 30 days later.
    """

    role: str
    description: str
    statements: Sequence[Statement] = ()
    outlives_stack: bool = False


def encryption_key(component: Component, spec: KeySpec, *, location: AwsLocation, retain: bool) -> aws.kms.Key:
    """A symmetric key, rotated every year, that the account governs through IAM."""
    root = {
        "Sid": "AccountGovernsThroughIam",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{location.partition}:iam::{location.account_id}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    return aws.kms.Key(
        component.child_name(spec.role),
        aws.kms.KeyArgs(
            description=spec.description,
            enable_key_rotation=True,
            deletion_window_in_days=KEY_DELETION_WINDOW_DAYS,
            policy=policy_document(root, *spec.statements),
        ),
        component.child_options(protect=retain, retain_on_delete=spec.outlives_stack),
    )


@dataclass(frozen=True, kw_only=True)
class LogGroupSpec:
    """A log group by its full name (``/aws/…``), kept ``retention_days``.

    Raises:
        LogRetentionError: CloudWatch Logs does not offer that retention.
    """

    name: str
    retention_days: int

    def __post_init__(self) -> None:
        if self.retention_days not in LOG_RETENTION_DAYS:
            allowed = ", ".join(map(str, LOG_RETENTION_DAYS))
            raise LogRetentionError(f"log group {self.name}: no retention of {self.retention_days} days; allowed are {allowed}")


def encrypted_log_group(
    component: Component, role: str, spec: LogGroupSpec, *, location: AwsLocation, retain: bool
) -> aws.cloudwatch.LogGroup:
    """A log group with a key of its own, which CloudWatch Logs may use for this group alone."""
    logs_of_this_group = {
        "Sid": "LogsOfThisGroup",
        "Effect": "Allow",
        "Principal": {"Service": f"logs.{location.region}.amazonaws.com"},
        "Action": ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
        "Resource": "*",
        "Condition": {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": location.arn("logs", f"log-group:{spec.name}")}},
    }
    key = encryption_key(
        component,
        KeySpec(role=f"{role}-key", description=f"Encrypts the log group {spec.name}", statements=[logs_of_this_group]),
        location=location,
        retain=retain,
    )
    return aws.cloudwatch.LogGroup(
        component.child_name(role),
        aws.cloudwatch.LogGroupArgs(name=spec.name, retention_in_days=spec.retention_days, kms_key_id=key.arn),
        component.child_options(protect=retain),
    )


def role_with_policies(
    component: Component, role: str, *, description: str, trust: pulumi.Input[str], policy_arns: Mapping[str, str]
) -> tuple[aws.iam.Role, list[aws.iam.RolePolicyAttachment]]:
    """A role and its managed policies; ``policy_arns`` has a short name for each attachment.

    The attachments are returned because what uses the role must wait for them: without its
    permissions a cluster or node fails.
    """
    created = aws.iam.Role(
        component.child_name(role), aws.iam.RoleArgs(description=description, assume_role_policy=trust), component.child_options()
    )
    attachments = [
        aws.iam.RolePolicyAttachment(
            component.child_name(f"{role}-{short_name}"),
            aws.iam.RolePolicyAttachmentArgs(role=created.name, policy_arn=arn),
            component.child_options(),
        )
        for short_name, arn in policy_arns.items()
    ]
    return created, attachments
