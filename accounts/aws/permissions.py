"""What the role that deploys may do: what the platform's stacks on AWS consist of, in their regions, and no more.

Whoever may create roles and pass them to services can make a role that may more. Bounds that hold
against intent are an account for each environment, and the organisation's service control policies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from accounts.aws.documents import Statement

SERVICES: Final = ("autoscaling", "cloudwatch", "ec2", "eks", "logs", "mq", "rds", "sns")
"""Whose resources the stacks create, change and delete."""

TRUSTED_SERVICES: Final = (
    "ec2.amazonaws.com",
    "eks.amazonaws.com",
    "monitoring.rds.amazonaws.com",
    "pods.eks.amazonaws.com",
    "rds.amazonaws.com",
    "s3.amazonaws.com",
    "vpc-flow-logs.amazonaws.com",
)
"""The services that the stacks' roles are for."""

MANAGED_POLICIES: Final = (
    "AmazonEBSCSIDriverPolicyV2",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEKS*",
    "AmazonSSMManagedInstanceCore",
    "service-role/AmazonRDSEnhancedMonitoringRole",
)
"""The policies of AWS that the stacks attach to their roles."""

_LINKED_SERVICES: Final = (
    "autoscaling.amazonaws.com",
    "eks.amazonaws.com",
    "eks-nodegroup.amazonaws.com",
    "mq.amazonaws.com",
    "rds.amazonaws.com",
    "spot.amazonaws.com",
    "transitgateway.amazonaws.com",
)
"""Whose service-linked roles a new account lacks, and gets with the first stack."""


def infrastructure_statements(
    *, partition: str, region: str, account_id: str, project: str, second_region: str | None = None
) -> Sequence[Statement]:
    """Network, cluster, database, logs and alarms of one region, their keys, and a port forwarded into the network.

    ``second_region`` is the one that copies are kept in.
    """
    regions = [region, *([second_region] if second_region else [])]
    here = {"StringEquals": {"aws:RequestedRegion": regions}}
    keys = [f"arn:{partition}:kms:{each}:{account_id}:key/*" for each in regions]
    local = f"arn:{partition}:{{service}}:{region}:{account_id}:{{resource}}"
    return (
        {"Sid": "Resources", "Effect": "Allow", "Action": [f"{service}:*" for service in SERVICES], "Resource": "*", "Condition": here},
        {
            "Sid": "Keys",
            "Effect": "Allow",
            "Action": ["kms:CreateKey", "kms:Describe*", "kms:EnableKeyRotation", "kms:Get*", "kms:List*"],
            "Resource": "*",
            "Condition": here,
        },
        {
            # What is only just being created has no tag yet.
            "Sid": "TagOwnKeys",
            "Effect": "Allow",
            "Action": "kms:TagResource",
            "Resource": keys,
            "Condition": {"StringEqualsIfExists": {"aws:ResourceTag/project": project}},
        },
        {
            # KMS takes minutes to see a new tag: nothing that is done to a key right after it was created is here.
            "Sid": "OwnKeys",
            "Effect": "Allow",
            "Action": [
                "kms:CancelKeyDeletion",
                "kms:DisableKey",
                "kms:EnableKey",
                "kms:PutKeyPolicy",
                "kms:ScheduleKeyDeletion",
                "kms:UntagResource",
                "kms:UpdateKeyDescription",
            ],
            "Resource": keys,
            "Condition": {"StringEquals": {"aws:ResourceTag/project": project}},
        },
        {
            # A service takes over a key only from somebody who may use it; alone, nobody decrypts with this.
            "Sid": "KeysThroughServices",
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
            "Resource": keys,
            "Condition": {"StringLike": {"kms:ViaService": [f"*.{each}.amazonaws.com" for each in regions]}},
        },
        {
            "Sid": "GrantsToServices",
            "Effect": "Allow",
            "Action": ["kms:CreateGrant", "kms:RevokeGrant"],
            "Resource": keys,
            "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        },
        {
            # EKS takes over the key of the cluster's secrets by a grant that does not say it is for a service,
            # seconds after the key was created (Amazon EKS user guide, "Enabling secret encryption").
            "Sid": "GrantsToClusters",
            "Effect": "Allow",
            "Action": "kms:CreateGrant",
            "Resource": keys,
            "Condition": {"StringEqualsIfExists": {"aws:ResourceTag/project": project}},
        },
        {
            # RDS keeps the administrator's password there in the caller's name. Reading it is not among these.
            "Sid": "DatabasePasswords",
            "Effect": "Allow",
            "Action": [
                "secretsmanager:CreateSecret",
                "secretsmanager:DescribeSecret",
                "secretsmanager:RotateSecret",
                "secretsmanager:TagResource",
            ],
            "Resource": local.format(service="secretsmanager", resource="secret:rds!*"),
        },
        {
            # Of the administrators of brokers: <project>-<stack>/…, with their copies in the second region.
            "Sid": "BrokerPasswords",
            "Effect": "Allow",
            "Action": "secretsmanager:*",
            "Resource": f"arn:{partition}:secretsmanager:*:{account_id}:secret:{project}-*/*",
        },
        {
            # The name of a broker at CloudAMQP, within the network alone. Route 53 is in no region.
            "Sid": "PrivateZones",
            "Effect": "Allow",
            "Action": [
                "route53:AssociateVPCWithHostedZone",
                "route53:Change*",
                "route53:CreateHostedZone",
                "route53:DeleteHostedZone",
                "route53:Get*",
                "route53:List*",
            ],
            "Resource": "*",
        },
        {
            # Of the stores that hold data, and of nothing in them: what is called <project>-<stack>-<store>. The
            # state's bucket has a part less.
            "Sid": "Buckets",
            "Effect": "Allow",
            "Action": [
                "s3:CreateBucket",
                "s3:DeleteBucket",
                "s3:DeleteBucketPolicy",
                "s3:Get*Configuration",
                "s3:GetBucket*",
                "s3:ListBucket",
                "s3:ListTagsForResource",
                "s3:PutBucketObjectLockConfiguration",
                "s3:PutBucketOwnershipControls",
                "s3:PutBucketPolicy",
                "s3:PutBucketPublicAccessBlock",
                "s3:PutBucketTagging",
                "s3:PutBucketVersioning",
                "s3:PutEncryptionConfiguration",
                "s3:PutLifecycleConfiguration",
                "s3:PutReplicationConfiguration",
                "s3:TagResource",
                "s3:UntagResource",
            ],
            "Resource": f"arn:{partition}:s3:::{project}-*-*-{account_id}-*",
        },
        {
            "Sid": "ImagesOfAws",
            "Effect": "Allow",
            "Action": ["ssm:GetParameter", "ssm:GetParameters"],
            "Resource": f"arn:{partition}:ssm:{region}::parameter/aws/service/*",
        },
        {
            "Sid": "PortForwarding",
            "Effect": "Allow",
            "Action": "ssm:StartSession",
            "Resource": [
                local.format(service="ec2", resource="instance/*"),
                f"arn:{partition}:ssm:{region}::document/AWS-StartPortForwardingSessionToRemoteHost",
            ],
            # Without it the default document would give a shell.
            "Condition": {"BoolIfExists": {"ssm:SessionDocumentAccessCheck": "true"}},
        },
        {
            "Sid": "OwnSessions",
            "Effect": "Allow",
            "Action": ["ssm:ResumeSession", "ssm:TerminateSession", "ssmmessages:OpenDataChannel"],
            "Resource": local.format(service="ssm", resource="session/*"),
        },
    )


def identity_statements(*, partition: str, account_id: str, project: str, deployer: str) -> Sequence[Statement]:
    """The roles of the stacks, which carry the project's tag, and the trust in the clusters' tokens."""
    iam = f"arn:{partition}:iam::{account_id}:"
    roles, profiles = f"{iam}role/*", f"{iam}instance-profile/*"
    own = {"StringEquals": {"aws:ResourceTag/project": project}}
    return (
        {"Sid": "Look", "Effect": "Allow", "Action": ["iam:Get*", "iam:List*", "sts:GetCallerIdentity"], "Resource": "*"},
        {
            "Sid": "CreateOwn",
            "Effect": "Allow",
            "Action": ["iam:CreateInstanceProfile", "iam:CreateRole"],
            "Resource": [roles, profiles],
            "Condition": {"StringEquals": {"aws:RequestTag/project": project}},
        },
        {
            # What is only just being created has no tag yet.
            "Sid": "TagOwn",
            "Effect": "Allow",
            "Action": ["iam:TagInstanceProfile", "iam:TagRole"],
            "Resource": [roles, profiles],
            "Condition": {"StringEqualsIfExists": {"aws:ResourceTag/project": project}},
        },
        {
            "Sid": "ManageOwn",
            "Effect": "Allow",
            "Action": [
                "iam:AddRoleToInstanceProfile",
                "iam:DeleteInstanceProfile",
                "iam:DeleteRole",
                "iam:DeleteRolePolicy",
                "iam:DetachRolePolicy",
                "iam:PutRolePolicy",
                "iam:RemoveRoleFromInstanceProfile",
                "iam:UntagInstanceProfile",
                "iam:UntagRole",
                "iam:UpdateAssumeRolePolicy",
                "iam:UpdateRole",
                "iam:UpdateRoleDescription",
            ],
            "Resource": [roles, profiles],
            "Condition": own,
        },
        {
            "Sid": "AttachKnownPolicies",
            "Effect": "Allow",
            "Action": "iam:AttachRolePolicy",
            "Resource": roles,
            "Condition": {**own, "ArnLike": {"iam:PolicyARN": [f"arn:{partition}:iam::aws:policy/{name}" for name in MANAGED_POLICIES]}},
        },
        {
            "Sid": "PassToServices",
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": roles,
            "Condition": {"StringEquals": {"iam:PassedToService": list(TRUSTED_SERVICES)}},
        },
        {
            "Sid": "ServiceLinkedRoles",
            "Effect": "Allow",
            "Action": "iam:CreateServiceLinkedRole",
            "Resource": f"{iam}role/aws-service-role/*",
            "Condition": {"StringEquals": {"iam:AWSServiceName": list(_LINKED_SERVICES)}},
        },
        {
            "Sid": "TokensOfClusters",
            "Effect": "Allow",
            "Action": [
                "iam:AddClientIDToOpenIDConnectProvider",
                "iam:CreateOpenIDConnectProvider",
                "iam:DeleteOpenIDConnectProvider",
                "iam:RemoveClientIDFromOpenIDConnectProvider",
                "iam:TagOpenIDConnectProvider",
                "iam:UntagOpenIDConnectProvider",
                "iam:UpdateOpenIDConnectProviderThumbprint",
            ],
            "Resource": f"{iam}oidc-provider/oidc.eks.*",
        },
        {
            # It carries the project's tag like the stacks' roles, and is not theirs.
            "Sid": "NotItself",
            "Effect": "Deny",
            "NotAction": ["iam:Get*", "iam:List*"],
            "Resource": [f"{iam}role/{deployer}", f"{iam}policy/{deployer}-*"],
        },
    )


def state_statements(*, bucket_arn: str, key_arns: Mapping[str, str]) -> Sequence[Statement]:
    """The state, and the keys that open it and the secrets in it."""
    return (
        {"Sid": "FindState", "Effect": "Allow", "Action": ["s3:GetBucketLocation", "s3:ListBucket"], "Resource": bucket_arn},
        {
            "Sid": "KeepState",
            "Effect": "Allow",
            "Action": ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            "Resource": f"{bucket_arn}/*",
        },
        {
            "Sid": "OpenState",
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
            "Resource": list(key_arns.values()),
        },
    )
