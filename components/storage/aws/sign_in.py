"""How pods sign in to a store on AWS: a role for one service account, below one prefix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.aws import AwsLocation, Statement
from components.base import Component
from components.cluster.eks.pod_identity import ServiceAccount, grant_to_pods
from components.storage.object_store import StoreSignIn, StoreUser


@dataclass(frozen=True, kw_only=True)
class S3SignInArgs:
    """Who signs in to which bucket.

    Attributes:
        location: of the bucket and of the cluster.
        cluster_name: the EKS cluster of the service account; it needs the Pod Identity agent.
        bucket: its name.
        user: whose pods.
    """

    location: AwsLocation
    cluster_name: str
    bucket: str
    user: StoreUser


class S3SignIn(Component):
    """A role for the pods of a user of a store. ``opts`` bring the provider, and put it behind the cluster.

    Attributes:
        sign_in: what its service account and pods carry.
    """

    def __init__(self, name: str, args: S3SignInArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        user = args.user
        identity = grant_to_pods(
            self,
            ServiceAccount(cluster_name=args.cluster_name, namespace=user.namespace, name=user.service_account),
            rights(args.location, args.bucket, prefix=user.prefix),
            location=args.location,
            description=f"Reads and writes the store {user.store}: {user.service_account} of {user.namespace}",
        )
        self.sign_in = StoreSignIn(ready=identity)
        self.register_outputs({})


def rights(location: AwsLocation, bucket: str, *, prefix: str) -> Sequence[Statement]:
    """List, read, write and delete below ``prefix``, and neither see nor delete a former version.

    Names of others' objects can be listed by leaving the prefix out, as whoever asks whether the bucket
    exists has to (Kopia, of which Velero is made, does).

    With bucket keys the encryption context is the bucket and not the object (Amazon S3 user guide,
    "Reducing the cost of SSE-KMS with Amazon S3 Bucket Keys").
    """
    arn = f"arn:{location.partition}:s3:::{bucket}"
    below = {"Condition": {"StringLikeIfExists": {"s3:prefix": [prefix, f"{prefix}/*"]}}} if prefix else {}
    objects = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"]
    for_this_bucket = {
        "StringEquals": {
            "kms:ViaService": f"s3.{location.region}.amazonaws.com",
            "kms:EncryptionContext:aws:s3:arn": arn,
        }
    }
    return (
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": arn, **below},
        {"Effect": "Allow", "Action": "s3:GetBucketLocation", "Resource": arn},
        {"Effect": "Allow", "Action": objects, "Resource": f"{arn}/{prefix}/*" if prefix else f"{arn}/*"},
        {
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": location.arn("kms", "key/*"),
            "Condition": for_this_bucket,
        },
    )
