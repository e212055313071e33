from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from pulumi import InvokeOptions, InvokeOutputOptions, ResourceOptions

from offline.engine import Run
from offline.errors import FunctionArgumentError
from offline.functions.table import ANSWERS
from policies.values import UNKNOWN, Secret
from tests.offline.programs import Group, Topic

Preview = Callable[..., Run]


@pytest.fixture
def ask(preview: Preview) -> Callable[..., Any]:
    """What a function answers through a provider with these inputs."""

    def run(function: Callable[..., Any], provider: Mapping[str, Any] | None = None, **args: Any) -> Any:
        answers: list[Any] = []

        def program() -> None:
            explicit = aws.Provider("aws", **{"region": "eu-west-1", **(provider or {})})
            answers.append(function(**args, opts=InvokeOptions(provider=explicit)))

        preview(program)
        return answers[0]

    return run


def test_the_zones_of_a_region_come_in_order_with_their_ids(ask: Callable[..., Any]) -> None:
    zones = ask(aws.get_availability_zones, state="available")
    assert zones.names == ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
    assert len(zones.zone_ids) == len(set(zones.zone_ids)) == 3
    assert zones.group_names == ["eu-west-1-zg-1"]
    assert zones.id == "eu-west-1"
    assert zones.state == "available"


def test_zones_are_left_out_by_name_id_and_filter(ask: Callable[..., Any]) -> None:
    everything = ask(aws.get_availability_zones)
    assert ask(aws.get_availability_zones, exclude_names=["eu-west-1b"]).names == ["eu-west-1a", "eu-west-1c"]
    assert ask(aws.get_availability_zones, exclude_zone_ids=[everything.zone_ids[0]]).zone_ids == everything.zone_ids[1:]
    by_name = aws.GetAvailabilityZonesFilterArgs(name="zone-name", values=["*c"])
    assert ask(aws.get_availability_zones, filters=[by_name]).names == ["eu-west-1c"]
    assert ask(aws.get_availability_zones, state="impaired").names == []


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"region": "eu-nowhere-1"}, "has no region|no partition|no region"),
        ({"state": "gone"}, "state 'gone'; allowed are available"),
        ({"filters": [{"name": "colour", "values": ["red"]}]}, "EC2 has no filter 'colour'"),
    ],
)
def test_arguments_that_aws_refuses_are_refused(ask: Callable[..., Any], args: dict[str, Any], message: str) -> None:
    with pytest.raises(FunctionArgumentError, match=message):
        ask(aws.get_availability_zones, **args)


def test_the_account_is_the_one_that_the_provider_is_limited_to(ask: Callable[..., Any]) -> None:
    identity = ask(aws.get_caller_identity, {"allowed_account_ids": ["111122223333"]})
    assert identity.account_id == identity.id == "111122223333"
    assert "111122223333" in identity.arn
    assert ask(aws.get_caller_identity).account_id != "111122223333"


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [("eu-west-1", "aws", "amazonaws.com"), ("us-gov-west-1", "aws-us-gov", "amazonaws.com"), ("cn-north-1", "aws-cn", "amazonaws.com.cn")],
)
def test_the_partition_follows_from_the_region(ask: Callable[..., Any], region: str, partition: str, suffix: str) -> None:
    answer = ask(aws.get_partition, {"region": region})
    assert (answer.partition, answer.dns_suffix) == (partition, suffix)
    assert answer.reverse_dns_prefix == ".".join(reversed(suffix.split(".")))


def test_a_region_is_the_providers_or_the_one_that_is_named(ask: Callable[..., Any]) -> None:
    assert ask(aws.get_region).region == "eu-west-1"
    named = ask(aws.get_region, region="eu-central-1")
    assert (named.region, named.description, named.endpoint) == ("eu-central-1", "Europe (Frankfurt)", "ec2.eu-central-1.amazonaws.com")
    assert ask(aws.get_region, endpoint="ec2.eu-north-1.amazonaws.com").region == "eu-north-1"


@pytest.mark.parametrize(
    "args",
    [{"name": "eu-nowhere-1"}, {"endpoint": "ec2.nowhere"}, {"name": "eu-west-1", "endpoint": "ec2.eu-north-1.amazonaws.com"}],
)
def test_a_region_that_does_not_exist_is_refused(ask: Callable[..., Any], args: dict[str, str]) -> None:
    with pytest.raises(FunctionArgumentError, match="region"):
        ask(aws.get_region, **args)


def test_a_provider_without_a_region_is_refused(preview: Preview) -> None:
    with pytest.raises(FunctionArgumentError, match="there is no region; call it through a provider that has one"):
        preview(lambda: pulumi.runtime.invoke("aws:index/getPartition:getPartition", {}))


def test_an_arn_is_taken_apart(ask: Callable[..., Any]) -> None:
    parts = ask(aws.get_arn, arn="arn:aws:rds:eu-west-1:123456789012:db:mysql-db")
    assert (parts.partition, parts.service, parts.region, parts.account) == ("aws", "rds", "eu-west-1", "123456789012")
    assert parts.resource == "db:mysql-db"
    with pytest.raises(FunctionArgumentError, match="'rds' is no ARN"):
        ask(aws.get_arn, arn="rds")


def test_a_policy_document_has_the_providers_form(ask: Callable[..., Any]) -> None:
    statement = aws.iam.GetPolicyDocumentStatementArgs(
        sid="Assume",
        actions=["sts:AssumeRole"],
        principals=[aws.iam.GetPolicyDocumentStatementPrincipalArgs(type="Service", identifiers=["ec2.amazonaws.com"])],
        conditions=[aws.iam.GetPolicyDocumentStatementConditionArgs(test="StringEquals", variable="aws:a", values=["1"])],
    )
    document = ask(aws.iam.get_policy_document, statements=[statement])
    assert json.loads(document.json) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Assume",
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "ec2.amazonaws.com"},
                "Condition": {"StringEquals": {"aws:a": "1"}},
            }
        ],
    }
    assert json.loads(document.minified_json) == json.loads(document.json)
    assert ": " not in document.minified_json


def test_every_answer_has_all_that_the_sdks_result_class_asks_for(preview: Preview) -> None:
    examples: dict[str, dict[str, Any]] = {"aws:index/getArn:getArn": {"arn": "arn:aws:s3:::bucket"}}
    results = {
        "aws:iam/getPolicyDocument:getPolicyDocument": aws.iam.GetPolicyDocumentResult,
        "aws:index/getArn:getArn": aws.GetArnResult,
        "aws:index/getAvailabilityZones:getAvailabilityZones": aws.GetAvailabilityZonesResult,
        "aws:index/getCallerIdentity:getCallerIdentity": aws.GetCallerIdentityResult,
        "aws:index/getPartition:getPartition": aws.GetPartitionResult,
        "aws:index/getRegion:getRegion": aws.GetRegionResult,
    }
    assert results.keys() == ANSWERS.keys()
    answers: dict[str, dict[str, Any]] = {}

    def program() -> None:
        for token in ANSWERS:
            answers[token] = pulumi.runtime.invoke(token, examples.get(token, {})).value

    preview(program, config={"aws:region": "eu-west-1"})
    for token, kind in results.items():
        optional = {"allAvailabilityZones", "excludeNames", "excludeZoneIds", "filters", "state", "region", "statements", "version"}
        optional |= {"overridePolicyDocuments", "overrideJson", "policyId", "sourcePolicyDocuments", "sourceJson"}
        getters = {name: member.fget for name, member in vars(kind).items() if isinstance(member, property)}
        declared = {getattr(getter, "_pulumi_name", name) for name, getter in getters.items()}
        assert declared - answers[token].keys() <= optional, token


def test_an_output_form_waits_for_its_arguments_and_dependencies(preview: Preview) -> None:
    def program() -> None:
        topic, provider = Topic("topic"), aws.Provider("aws", region="eu-west-1")
        known = aws.get_availability_zones_output(state="available", opts=InvokeOutputOptions(provider=provider))
        late = aws.get_availability_zones_output(state=topic.arn, opts=InvokeOutputOptions(provider=provider))
        after = aws.get_availability_zones_output(opts=InvokeOutputOptions(provider=provider, depends_on=[topic]))
        secret = aws.get_availability_zones_output(state=pulumi.Output.secret("available"), opts=InvokeOutputOptions(provider=provider))
        for name, zones in {"known": known, "late": late, "after": after, "secret": secret}.items():
            pulumi.export(name, zones.names)

    zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
    assert preview(program).outputs == {"known": zones, "late": UNKNOWN, "after": UNKNOWN, "secret": Secret(zones)}


def test_a_function_called_below_a_component_uses_the_components_provider(preview: Preview) -> None:
    def build(group: Group) -> None:
        pulumi.export("region", aws.get_region(opts=InvokeOptions(parent=group)).region)

    def program() -> None:
        Group("group", ResourceOptions(providers=[aws.Provider("aws", region="eu-north-1")]), build)

    assert preview(program, config={"pulumi:disable-default-providers": '["*"]'}).outputs == {"region": "eu-north-1"}


def rendered(ask: Callable[..., Any], **args: Any) -> Any:
    return json.loads(ask(aws.iam.get_policy_document, **args).json)


def statement(**given: Any) -> dict[str, Any]:
    return {"actions": ["s3:GetObject"], "resources": ["*"], **given}


def test_sets_of_a_statement_come_in_descending_order_without_repetition(ask: Callable[..., Any]) -> None:
    given = statement(
        effect="Deny",
        actions=["s3:A", "s3:C", "s3:B", "s3:A"],
        notPrincipals=[{"type": "AWS", "identifiers": ["a", "b"]}, {"type": "AWS", "identifiers": ["c"]}],
        resources=["arn:&{aws:username}"],
    )
    (result,) = rendered(ask, statements=[given])["Statement"]
    assert result["Effect"] == "Deny"
    assert result["Action"] == ["s3:C", "s3:B", "s3:A"]
    assert result["Resource"] == "arn:${aws:username}"
    assert result["NotPrincipal"] == {"AWS": ["b", "a", "c"]}


def test_everybody_is_a_star(ask: Callable[..., Any]) -> None:
    (result,) = rendered(ask, statements=[statement(principals=[{"type": "*", "identifiers": ["*"]}])])["Statement"]
    assert result["Principal"] == "*"


def test_overrides_replace_statements_of_the_same_sid_and_sources_come_first(ask: Callable[..., Any]) -> None:
    source = json.dumps({"Version": "2012-10-17", "Id": "base", "Statement": [{"Sid": "A", "Effect": "Allow", "Action": "s3:Get"}]})
    override = json.dumps({"Statement": [{"Sid": "B", "Effect": "Deny", "Action": "s3:Put"}]})
    document = rendered(
        ask,
        source_policy_documents=[source],
        override_policy_documents=[override],
        statements=[statement(sid="B"), statement(sid="C")],
    )
    assert document["Id"] == "base"
    assert [(each["Sid"], each["Effect"]) for each in document["Statement"]] == [("A", "Allow"), ("B", "Deny"), ("C", "Allow")]


def test_principals_and_conditions_of_a_source_document_are_put_in_order(ask: Callable[..., Any]) -> None:
    given = {
        "Effect": "Allow",
        "Principal": {"Service": "a", "AWS": ["a", "b"]},
        "Condition": {"Bool": {"aws:s": "true"}, "Any": {"b": ["1", "2"], "a": "1"}},
    }
    text = json.dumps({"Version": "2012-10-17", "Statement": [given, {"Effect": "Deny", "Principal": "*"}]})
    first, second = rendered(ask, source_policy_documents=[text])["Statement"]
    assert first["Principal"] == {"AWS": ["b", "a"], "Service": "a"}
    assert first["Condition"] == {"Any": {"a": "1", "b": ["1", "2"]}, "Bool": {"aws:s": "true"}}
    assert second["Principal"] == "*"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"version": "2020"}, "version '2020'; allowed are"),
        ({"statements": [{"effect": "Perhaps"}]}, "effect 'Perhaps'; allowed are Allow, Deny"),
        ({"statements": [{"sid": "not so"}]}, "it must only include alphanumeric characters"),
        ({"statements": [{"sid": "A"}, {"sid": "A"}]}, r"duplicate Sid \(A\)"),
        ({"version": "2008-10-17", "statements": [{"resources": ["&{a}"]}]}, "not supported in document version 2008-10-17"),
        ({"source_policy_documents": ["{"]}, "a document in sourcePolicyDocuments is no JSON"),
        ({"override_policy_documents": ["[]"]}, "a document in overridePolicyDocuments has no list of statements"),
    ],
)
def test_a_policy_document_that_the_provider_refuses_is_refused(ask: Callable[..., Any], args: dict[str, Any], message: str) -> None:
    with pytest.raises(FunctionArgumentError, match=message):
        ask(aws.iam.get_policy_document, **args)


def test_conditions_and_booleans_of_a_source_document_are_put_in_order(ask: Callable[..., Any]) -> None:
    source = json.dumps(
        {
            "Statement": [
                {
                    "Effect": "Deny",
                    "Action": "s3:*",
                    "Condition": {"StringEquals": {"b": ["x", "y"], "a": "z"}, "Bool": {"aws:SecureTransport": False}},
                }
            ]
        }
    )
    (statement,) = json.loads(ask(aws.iam.get_policy_document, source_policy_documents=[source]).json)["Statement"]
    assert list(statement["Condition"]) == ["Bool", "StringEquals"]
    assert statement["Condition"]["Bool"] == {"aws:SecureTransport": "false"}
    assert list(statement["Condition"]["StringEquals"].items()) == [("a", "z"), ("b", ["x", "y"])]


def test_a_region_of_no_partition_is_refused(ask: Callable[..., Any]) -> None:
    with pytest.raises(FunctionArgumentError, match="no partition of AWS has the region 'mars'"):
        ask(aws.get_partition, {"region": "mars"})
