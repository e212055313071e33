from __future__ import annotations

import fnmatch
import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from accounts.aws.documents import render
from accounts.aws.permissions import MANAGED_POLICIES, SERVICES, TRUSTED_SERVICES, identity_statements, infrastructure_statements
from offline.recording import RecordedResource
from tests.runs import run_of
from tests.stacks.brokers import run_with_broker

LONGEST = 6144
PARTS_OF_EC2 = {"ec2transitgateway", "vpc"}
NAMED_OTHERWISE = {"cloudwatch/logGroup": "logs"}
BOUNDED = {"iam", "kms", "route53", "s3", "secretsmanager"}
"""By tags and names: of these the role may do no more than what stacks need."""


@cache
def resources() -> tuple[RecordedResource, ...]:
    """What the stacks on AWS of the product's tests ask AWS for."""
    runs = (run_of("dev"), run_of("production"), *(run_with_broker("production", kind) for kind in ("amazon-mq", "cloudamqp")))
    return tuple(each for run in runs for each in run.resources if each.type.startswith("aws:"))


def inputs_of(token: str) -> Iterator[Mapping[str, Any]]:
    return (each.inputs for each in resources() if each.type == token)


def test_the_role_may_manage_every_service_that_a_stack_consists_of() -> None:
    modules = {each.type.split(":")[1] for each in resources()}
    services = {NAMED_OTHERWISE.get(module, module.split("/")[0]) for module in modules}
    assert {"ec2" if service in PARTS_OF_EC2 else service for service in services} - BOUNDED == set(SERVICES)


def test_the_role_may_attach_every_policy_of_aws_that_a_stack_attaches() -> None:
    attached = {each["policyArn"] for each in inputs_of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")}
    assert attached
    for arn in attached:
        assert any(fnmatch.fnmatch(arn, f"arn:aws:iam::aws:policy/{name}") for name in MANAGED_POLICIES), arn


def test_the_role_may_pass_every_role_of_a_stack_to_its_service() -> None:
    trusts = [json.loads(role["assumeRolePolicy"])["Statement"] for role in inputs_of("aws:iam/role:Role")]
    assert {each["Principal"]["Service"] for trust in trusts for each in trust} == set(TRUSTED_SERVICES)


def test_each_role_and_key_of_a_stack_carries_the_tag_that_bounds_the_role() -> None:
    providers = [each for each in run_of("production").resources if each.type == "pulumi:providers:aws"]
    # One for each region.
    assert [each.inputs["region"] for each in providers] == ["eu-west-1", "eu-central-1"]
    for provider in providers:
        assert json.loads(provider.inputs["defaultTags"])["tags"]["project"] == run_of("production").project


def test_the_role_may_keep_copies_in_the_second_region_and_work_in_no_third() -> None:
    statements = infrastructure_statements(
        partition="aws", region="eu-west-1", account_id="1" * 12, project="plinth", second_region="eu-central-1"
    )
    bounded = [each["Condition"]["StringEquals"]["aws:RequestedRegion"] for each in statements if "aws:RequestedRegion" in str(each)]
    assert bounded
    assert all(regions == ["eu-west-1", "eu-central-1"] for regions in bounded)
    [own_keys] = [each for each in statements if each["Sid"] == "OwnKeys"]
    assert own_keys["Resource"] == [f"arn:aws:kms:{region}:{'1' * 12}:key/*" for region in ("eu-west-1", "eu-central-1")]


@pytest.mark.parametrize("partition", ["aws", "aws-us-gov"])
def test_each_policy_is_short_enough_for_iam(partition: str) -> None:
    project = "p" * 25
    policies = (
        infrastructure_statements(
            partition=partition, region="ap-southeast-1", account_id="1" * 12, project=project, second_region="ap-northeast-1"
        ),
        identity_statements(partition=partition, account_id="1" * 12, project=project, deployer=f"{project}-deployer"),
    )
    for statements in policies:
        assert len(render(statements)) <= LONGEST
        sids = [each["Sid"] for each in statements]
        assert len(set(sids)) == len(sids)


def test_buckets_of_stacks_are_within_reach_and_neither_the_state_nor_what_is_in_them() -> None:
    statements = infrastructure_statements(partition="aws", region="eu-west-1", account_id="7" * 12, project="plinth")
    [buckets] = [each for each in statements if each["Sid"] == "Buckets"]
    for name in (each["bucket"] for each in inputs_of("aws:s3/bucket:Bucket")):
        assert fnmatch.fnmatch(f"arn:aws:s3:::{name}", buckets["Resource"].replace("7" * 12, "*")), name
    assert not fnmatch.fnmatch(f"arn:aws:s3:::plinth-state-{'7' * 12}-eu-west-1", buckets["Resource"])
    assert not [action for action in buckets["Action"] if "Object" in action and "ObjectLock" not in action]


def test_passwords_of_brokers_are_within_reach_and_those_of_others_are_not() -> None:
    statements = infrastructure_statements(partition="aws", region="eu-west-1", account_id="7" * 12, project="plinth")
    [passwords] = [each for each in statements if each["Sid"] == "BrokerPasswords"]
    everywhere = f"arn:aws:secretsmanager:eu-central-1:{'7' * 12}:secret:"
    [secret] = inputs_of("aws:secretsmanager/secret:Secret")
    assert fnmatch.fnmatch(f"{everywhere}{secret['namePrefix']}x", passwords["Resource"])
    assert not fnmatch.fnmatch(f"{everywhere}somebody-elses/password", passwords["Resource"])


def test_eks_may_take_over_a_key_by_a_grant_that_is_not_marked_as_for_a_service() -> None:
    assert next(inputs_of("aws:eks/cluster:Cluster"))["encryptionConfig"]["resources"] == ["secrets"]
    statements = infrastructure_statements(partition="aws", region="eu-west-1", account_id="1" * 12, project="plinth")
    granting = [each for each in statements if "kms:CreateGrant" in each["Action"]]
    unmarked = [each for each in granting if "kms:GrantIsForAWSResource" not in each["Condition"].get("Bool", {})]
    # Of another project's key it may not: the condition holds for a key without the tag, which a new one is for minutes.
    assert [each["Condition"] for each in unmarked] == [{"StringEqualsIfExists": {"aws:ResourceTag/project": "plinth"}}]
