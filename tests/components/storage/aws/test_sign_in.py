from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from components.aws import AwsLocation
from components.storage.aws.sign_in import S3SignIn, S3SignInArgs, rights
from components.storage.object_store import StoreSignIn, StoreUser
from tests.components.recorded import document, of_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.components.recorded import Preview

BUCKET = "plinth-production-backups-777788889999-eu-west-1"
LOCATION = AwsLocation(region="eu-west-1", account_id="777788889999")
VELERO = StoreUser(name="velero", store="backups", namespace="velero", service_account="velero-server", prefix="velero")


def by_action(prefix: str) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for statement in rights(LOCATION, BUCKET, prefix=prefix):
        actions = statement["Action"]
        found |= dict.fromkeys([actions] if isinstance(actions, str) else actions, statement)
    return found


def test_a_user_is_the_pods_of_one_service_account(preview: Preview) -> None:
    given: list[StoreSignIn] = []

    def program() -> None:
        args = S3SignInArgs(location=LOCATION, cluster_name="plinth-production", bucket=BUCKET, user=VELERO)
        given.append(S3SignIn("velero-store", args).sign_in)

    run = preview(program)
    (association,) = of_type(run, "aws:eks/podIdentityAssociation:PodIdentityAssociation")
    assert (association.inputs["namespace"], association.inputs["serviceAccount"]) == ("velero", "velero-server")
    (policy,) = of_type(run, "aws:iam/rolePolicy:RolePolicy")
    assert document(policy, "policy")["Statement"] == list(rights(LOCATION, BUCKET, prefix="velero"))
    (sign_in,) = given
    assert (sign_in.annotations, sign_in.labels) == ({}, {})
    assert sign_in.ready is not None
    assert sign_in.ready._name == association.name


def test_it_reads_and_writes_below_its_prefix_alone() -> None:
    found = by_action("velero")
    for action in ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"):
        assert found[action]["Resource"] == f"arn:aws:s3:::{BUCKET}/velero/*"
    assert found["s3:ListBucket"]["Condition"] == {"StringLikeIfExists": {"s3:prefix": ["velero", "velero/*"]}}


def test_without_a_prefix_it_has_all_of_the_store() -> None:
    found = by_action("")
    assert found["s3:PutObject"]["Resource"] == f"arn:aws:s3:::{BUCKET}/*"
    assert "Condition" not in found["s3:ListBucket"]


def test_it_uses_the_key_of_the_bucket_through_the_bucket_alone() -> None:
    for action in ("kms:Decrypt", "kms:GenerateDataKey"):
        assert by_action("velero")[action]["Condition"] == {
            "StringEquals": {
                "kms:ViaService": "s3.eu-west-1.amazonaws.com",
                "kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{BUCKET}",
            }
        }


@pytest.mark.parametrize("prefix", ["", "velero"])
def test_it_neither_deletes_a_version_nor_lifts_a_lock_nor_changes_the_bucket(prefix: str) -> None:
    assert set(by_action(prefix)) == {
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:GetBucketLocation",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
    }
