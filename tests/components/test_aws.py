from __future__ import annotations

import json

import pytest

from components.aws import AwsLocation, LogGroupSpec, LogRetentionError, service_trust
from facts.aws import partition_of


@pytest.mark.parametrize(("region", "partition"), [("eu-west-1", "aws"), ("us-east-1", "aws"), ("us-gov-west-1", "aws-us-gov")])
def test_the_partition_follows_from_the_region(region: str, partition: str) -> None:
    assert partition_of(region) == partition


def test_arns_name_partition_region_and_account() -> None:
    location = AwsLocation(region="us-gov-west-1", account_id="111122223333")
    assert location.arn("eks", "cluster/x") == "arn:aws-us-gov:eks:us-gov-west-1:111122223333:cluster/x"
    assert location.managed_policy("AmazonEKSClusterPolicy") == "arn:aws-us-gov:iam::aws:policy/AmazonEKSClusterPolicy"


def test_a_service_may_assume_its_role_and_a_condition_narrows_that() -> None:
    (plain,) = json.loads(service_trust("eks.amazonaws.com"))["Statement"]
    assert plain == {"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}, "Action": ["sts:AssumeRole"]}
    (narrow,) = json.loads(service_trust("eks.amazonaws.com", conditions={"StringEquals": {"a": "b"}}))["Statement"]
    assert narrow == {**plain, "Condition": {"StringEquals": {"a": "b"}}}


@pytest.mark.parametrize("days", [0, 2, 366])
def test_a_retention_that_does_not_exist_is_refused(days: int) -> None:
    with pytest.raises(LogRetentionError, match=f"log group /aws/x: no retention of {days} days; allowed are 1, 3, 5"):
        LogGroupSpec(name="/aws/x", retention_days=days)
