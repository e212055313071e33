from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from moto import mock_aws

from accounts.aws.bootstrap import AwsBootstrap
from accounts.aws.failures import failures
from accounts.aws.session import AwsAccount, sign_in
from accounts.errors import AccountError, MissingRightsError
from accounts.github import Workflows
from accounts.steps import Action, Step, apply, plan

ACCOUNT, REGION = "123456789012", "eu-west-1"
BUCKET = f"plinth-state-{ACCOUNT}-{REGION}"
HARMLESS = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]})
ROLE = f"arn:aws:iam::{ACCOUNT}:role/plinth-deployer"


@pytest.fixture(autouse=True)
def _account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with mock_aws():
        yield


def bootstrap(region: str = REGION, project: str = "plinth", environments: Sequence[str] = ("production",)) -> AwsBootstrap:
    workflows = Workflows(repository="acme/platform", environments=environments)
    account = AwsAccount(session=session(), region=region, account_id=ACCOUNT)
    return AwsBootstrap(account=account, project=project, workflows=workflows)


def run(described: AwsBootstrap) -> Sequence[Step]:
    return list(apply(plan(described.things, failures), failures))


def changes(described: AwsBootstrap) -> dict[str, Sequence[str]]:
    return {step.thing.name: step.details for step in plan(described.things, failures) if step.action is not Action.KEEP}


@functools.cache
def session() -> boto3.Session:
    """Reading the models of the services takes a second."""
    return boto3.Session()


@functools.cache
def client(name: Any, region: str = REGION) -> Any:
    return session().client(name, region_name=region)


def answer(monkeypatch: pytest.MonkeyPatch, operation: str, reply: Callable[[Any], Any]) -> None:
    """Let AWS answer an operation so; the others go on to moto."""
    call = BaseClient._make_api_call  # type: ignore[attr-defined]
    monkeypatch.setattr(
        BaseClient, "_make_api_call", lambda self, name, given: reply(given) if name == operation else call(self, name, given)
    )


def refuse(monkeypatch: pytest.MonkeyPatch, operation: str, code: str = "AccessDenied", message: str = "") -> None:
    def reply(_: Any) -> Any:
        raise ClientError({"Error": {"Code": code, "Message": message}}, operation)

    answer(monkeypatch, operation, reply)


# -- the first run, and the second ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("region", ["eu-west-1", "us-east-1"])
def test_a_first_run_creates_everything_and_a_second_finds_nothing_to_do(region: str) -> None:
    first = run(bootstrap(region))
    assert {step.action for step in first} == {Action.CREATE}
    assert [step.thing.kind for step in first] == ["KMS key"] * 2 + ["S3 bucket", "OIDC provider"] + ["IAM policy"] * 3 + ["IAM role"]
    assert changes(bootstrap(region)) == {}
    assert len(client("kms", region).list_keys()["Keys"]) == 2


def test_planning_changes_nothing() -> None:
    plan(bootstrap().things, failures)
    assert client("s3").list_buckets()["Buckets"] == []
    assert client("kms").list_keys()["Keys"] == []
    assert client("iam").list_roles()["Roles"] == []


def test_the_plan_says_what_is_created_and_who_may_take_the_role() -> None:
    details = {step.thing.name: step.details for step in plan(bootstrap(environments=("staging", "production")).things, failures)}
    assert "taken by: repo:acme/platform:environment:production, repo:acme/platform:environment:staging" in details["plinth-deployer"]
    assert "versioning: Enabled" in details[BUCKET]
    assert "bucket policy: DeployerOnlyUses, KeepBucket, KeepVersions, TlsOnly" in details[BUCKET]


def test_the_plan_says_who_may_take_the_role_no_longer() -> None:
    run(bootstrap(environments=("production",)))
    [said, *_] = changes(bootstrap(environments=("staging",)))["plinth-deployer"]
    assert said == "taken by: repo:acme/platform:environment:production → repo:acme/platform:environment:staging"


def test_the_state_is_versioned_encrypted_with_its_key_private_and_kept() -> None:
    run(bootstrap())
    s3, kms = client("s3"), client("kms")
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    [encryption] = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    key = kms.describe_key(KeyId="alias/plinth-state")["KeyMetadata"]
    assert encryption["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key["Arn"]}
    assert all(s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"].values())
    assert s3.get_bucket_ownership_controls(Bucket=BUCKET)["OwnershipControls"]["Rules"][0]["ObjectOwnership"] == "BucketOwnerEnforced"
    statements = {each["Sid"]: each for each in json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])["Statement"]}
    assert all(each["Effect"] == "Deny" and each["Principal"] == "*" for each in statements.values())
    assert statements["TlsOnly"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert statements["KeepBucket"]["Action"] == "s3:DeleteBucket"
    assert statements["KeepVersions"]["Action"] == "s3:DeleteObjectVersion"
    [rule] = s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 90}
    assert "Days" not in rule["Expiration"]


def test_each_key_is_rotated_and_the_role_that_deploys_cannot_delete_it() -> None:
    run(bootstrap())
    kms = client("kms")
    for alias in ("alias/plinth-state", "alias/plinth-secrets"):
        key = kms.describe_key(KeyId=alias)["KeyMetadata"]["KeyId"]
        assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]
        policy = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
        denied = next(each for each in policy["Statement"] if each["Sid"] == "DeployerOnlyUses")
        assert "kms:ScheduleKeyDeletion" in denied["Action"]
        assert denied["Condition"] == {"ArnEquals": {"aws:PrincipalArn": ROLE}}


def test_the_role_is_taken_by_the_jobs_of_the_named_environments_alone() -> None:
    run(bootstrap(environments=("staging", "production")))
    role = client("iam").get_role(RoleName="plinth-deployer")["Role"]
    [statement] = role["AssumeRolePolicyDocument"]["Statement"]
    host = "token.actions.githubusercontent.com"
    assert statement["Principal"] == {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{host}"}
    assert statement["Condition"] == {
        "StringEquals": {
            f"{host}:aud": "sts.amazonaws.com",
            f"{host}:sub": ["repo:acme/platform:environment:staging", "repo:acme/platform:environment:production"],
        }
    }
    assert role["MaxSessionDuration"] == 4 * 3600


def test_what_comes_next_names_the_backend_the_key_and_the_role() -> None:
    lines = "\n".join(line for _, lines in bootstrap().next_steps for line in lines)
    assert f"pulumi login 's3://{BUCKET}?region=eu-west-1'" in lines
    assert "--secrets-provider='awskms://alias/plinth-secrets?region=eu-west-1'" in lines
    assert f"adminRoleArns: [{ROLE}]" in lines
    assert f"role-to-assume: {ROLE}" in lines


# -- what was there, and what was changed by hand -------------------------------------------------------------------------------


def test_a_provider_that_is_there_is_completed_and_keeps_its_other_audiences(monkeypatch: pytest.MonkeyPatch) -> None:
    iam = client("iam")
    arn = iam.create_open_id_connect_provider(Url="https://token.actions.githubusercontent.com", ClientIDList=["others"])[
        "OpenIDConnectProviderArn"
    ]
    assert changes(bootstrap())["token.actions.githubusercontent.com"] == ["audience: none → sts.amazonaws.com"]
    # moto does not know the call.
    added: list[Any] = []
    answer(monkeypatch, "AddClientIDToOpenIDConnectProvider", added.append)
    run(bootstrap())
    assert added == [{"OpenIDConnectProviderArn": arn, "ClientID": "sts.amazonaws.com"}]
    assert len(iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]) == 1


def _open_trust() -> None:
    document = {
        "Version": "2012-10-17",
        "Statement": {"Sid": "Any", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"},
    }
    client("iam").update_assume_role_policy(RoleName="plinth-deployer", PolicyDocument=json.dumps(document))


def _schedule_deletion() -> None:
    key = client("kms").describe_key(KeyId="alias/plinth-secrets")["KeyMetadata"]["KeyId"]
    client("kms").schedule_key_deletion(KeyId=key, PendingWindowInDays=30)


def _attach_more() -> None:
    more = client("iam").create_policy(PolicyName="more", PolicyDocument=HARMLESS)["Policy"]["Arn"]
    client("iam").attach_role_policy(RoleName="plinth-deployer", PolicyArn=more)


def _stop_rotation() -> None:
    client("kms").disable_key_rotation(KeyId=client("kms").describe_key(KeyId="alias/plinth-state")["KeyMetadata"]["KeyId"])


def _tag_with_others() -> None:
    client("s3").put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": [{"Key": "owner", "Value": "somebody"}]})


@pytest.mark.parametrize(
    ("drift", "name", "said"),
    [
        (
            lambda: client("s3").put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"}),
            BUCKET,
            "versioning: Suspended → Enabled",
        ),
        (lambda: client("s3").delete_public_access_block(Bucket=BUCKET), BUCKET, "public access: adds BlockPublicAcls"),
        (lambda: client("s3").delete_bucket_policy(Bucket=BUCKET), BUCKET, "bucket policy: adds DeployerOnlyUses, KeepBucket"),
        (lambda: client("s3").delete_bucket_lifecycle(Bucket=BUCKET), BUCKET, "old versions kept 90 days: adds old-versions"),
        (lambda: client("s3").delete_bucket_encryption(Bucket=BUCKET), BUCKET, "encryption key: not set → arn:aws:kms:eu-west-1"),
        (_tag_with_others, BUCKET, "tags: adds managed-by, project"),
        (_schedule_deletion, "alias/plinth-secrets", "state: PendingDeletion → Enabled"),
        (_stop_rotation, "alias/plinth-state", "rotation every year: false → true"),
        (_open_trust, "plinth-deployer", "trust policy: adds Workflows; removes Any"),
        (
            _attach_more,
            "plinth-deployer",
            f"attached policies: arn:aws:iam::{ACCOUNT}:policy/more, arn:aws:iam::{ACCOUNT}:policy/plinth-deployer-identities",
        ),
        (
            lambda: client("iam").put_role_policy(RoleName="plinth-deployer", PolicyName="more", PolicyDocument=HARMLESS),
            "plinth-deployer",
            "inline policies: more → none",
        ),
        (
            lambda: client("iam").update_role(RoleName="plinth-deployer", MaxSessionDuration=3600),
            "plinth-deployer",
            "longest session in seconds: 3600 → 14400",
        ),
    ],
)
def test_what_was_changed_by_hand_is_shown_and_mended(drift: Callable[[], object], name: str, said: str) -> None:
    run(bootstrap())
    drift()
    found = changes(bootstrap())
    assert list(found) == [name]
    assert [detail for detail in found[name] if detail.startswith(said)]
    run(bootstrap())
    assert changes(bootstrap()) == {}


def test_tags_of_others_stay() -> None:
    run(bootstrap())
    _tag_with_others()
    run(bootstrap())
    tags = {tag["Key"]: tag["Value"] for tag in client("s3").get_bucket_tagging(Bucket=BUCKET)["TagSet"]}
    assert tags == {"owner": "somebody", "project": "plinth", "managed-by": "plinth-bootstrap"}


def test_a_policy_that_was_changed_often_makes_room_for_its_next_version() -> None:
    run(bootstrap())
    iam, arn = client("iam"), f"arn:aws:iam::{ACCOUNT}:policy/plinth-deployer-state"
    for _ in range(4):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=HARMLESS, SetAsDefault=True)
    assert list(changes(bootstrap())) == ["plinth-deployer-state"]
    run(bootstrap())
    assert changes(bootstrap()) == {}


# -- what goes wrong ------------------------------------------------------------------------------------------------------------


def test_credentials_of_another_account_are_refused_before_anything_is_read() -> None:
    with pytest.raises(AccountError, match=r"the credentials are of account 123456789012 .*, not of 999988887777"):
        sign_in(region=REGION, account_id="999988887777")


@pytest.mark.parametrize(("region", "account", "said"), [("nowhere-1", ACCOUNT, "region"), (REGION, "12", "12 digits")])
def test_a_region_or_account_that_cannot_be_is_refused(region: str, account: str, said: str) -> None:
    with pytest.raises(AccountError, match=said):
        sign_in(region=region, account_id=account)


def test_missing_credentials_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    with pytest.raises(AccountError, match="there are no credentials for AWS"):
        sign_in(region=REGION, account_id=ACCOUNT)


def test_all_rights_to_read_that_are_missing_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "User: arn:aws:iam::1:user/x is not authorized to perform: kms:DescribeKey on resource: arn:aws:kms:eu-west-1:1:key/k because no"
    refuse(monkeypatch, "DescribeKey", message=said)
    with pytest.raises(MissingRightsError, match=re.escape("kms:DescribeKey on arn:aws:kms:eu-west-1:1:key/k")):
        plan(bootstrap().things, failures)


def test_a_missing_right_in_the_middle_is_named_and_the_next_run_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    said = (
        'User: arn:aws:sts::1:assumed-role/x/y is not authorized to perform: s3:CreateBucket on resource: "arn:aws:s3:::b"'
        " with an explicit deny in a service control policy"
    )
    described = bootstrap()
    steps = plan(described.things, failures)
    with monkeypatch.context() as patch:
        refuse(patch, "CreateBucket", message=said)
        with pytest.raises(MissingRightsError) as caught:
            list(apply(steps, failures))
    assert "s3:CreateBucket on arn:aws:s3:::b (with an explicit deny in a service control policy)" in str(caught.value)
    assert [step.thing.name for step in plan(bootstrap().things, failures) if step.action is Action.KEEP] == [
        "alias/plinth-state",
        "alias/plinth-secrets",
    ]
    run(bootstrap())
    assert changes(bootstrap()) == {}


def test_a_key_that_could_not_get_its_alias_is_not_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = plan(bootstrap().things, failures)
    refuse(monkeypatch, "CreateAlias")
    with pytest.raises(MissingRightsError, match="CreateAlias"):
        list(apply(steps, failures))
    [key] = client("kms").list_keys()["Keys"]
    assert client("kms").describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "PendingDeletion"


def test_an_expired_session_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, "GetCallerIdentity", code="ExpiredToken")
    with pytest.raises(AccountError, match="the credentials have expired; sign in again"):
        sign_in(region=REGION, account_id=ACCOUNT)


def test_a_bucket_name_that_another_account_has_taken_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, "HeadBucket", code="403")
    with pytest.raises(MissingRightsError, match=rf"s3:ListBucket on the bucket {BUCKET} .*another account has taken its name"):
        plan(bootstrap().things, failures)


@pytest.mark.parametrize("project", ["Plinth", "a_b", "-a", "p" * 26])
def test_a_project_whose_name_a_bucket_cannot_have_is_refused(project: str) -> None:
    with pytest.raises(AccountError, match="allowed are up to 25 lower-case letters"):
        bootstrap(project=project)
