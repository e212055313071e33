"""Every name that reaches a cloud or Kubernetes is held against a published limit, so that a new component gets that for free."""

from __future__ import annotations

import botocore.session
import pytest
from pulumi import _types

from facts.limits.aws import AWS_LIMITS, AWS_NAMES
from facts.limits.azure import AZURE_LIMITS
from facts.limits.table import limits_of, physical_name_of
from tests.policies.rules.inputs import sdk_class
from tests.runs import EVERYWHERE, run_of

NAMES = {"name", "identifier", "clusterIdentifier", "nodeGroupName", "metadata.name"}
"""The properties under which the SDKs keep what a cloud knows a resource by."""
NAMES_OF_OTHERS = {"aws:eks/accessEntry:AccessEntry", "aws:eks/podIdentityAssociation:PodIdentityAssociation"}

API = {
    ("aws:iam/role:Role", "name"): ("iam", "CreateRole", "RoleName"),
    ("aws:iam/role:Role", "description"): ("iam", "CreateRole", "Description"),
    ("aws:iam/role:Role", "maxSessionDuration"): ("iam", "CreateRole", "MaxSessionDuration"),
    ("aws:iam/rolePolicy:RolePolicy", "name"): ("iam", "PutRolePolicy", "PolicyName"),
    ("aws:iam/policy:Policy", "name"): ("iam", "CreatePolicy", "PolicyName"),
    ("aws:iam/instanceProfile:InstanceProfile", "name"): ("iam", "CreateInstanceProfile", "InstanceProfileName"),
    ("aws:eks/cluster:Cluster", "name"): ("eks", "CreateCluster", "name"),
    ("aws:cloudwatch/logGroup:LogGroup", "name"): ("logs", "CreateLogGroup", "logGroupName"),
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "name"): ("cloudwatch", "PutMetricAlarm", "AlarmName"),
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "alarmDescription"): ("cloudwatch", "PutMetricAlarm", "AlarmDescription"),
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "alarmActions"): ("cloudwatch", "PutMetricAlarm", "AlarmActions"),
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "dimensions"): ("cloudwatch", "PutMetricAlarm", "Dimensions"),
    ("aws:kms/alias:Alias", "name"): ("kms", "CreateAlias", "AliasName"),
    ("aws:kms/key:Key", "description"): ("kms", "CreateKey", "Description"),
    ("aws:ec2/launchTemplate:LaunchTemplate", "description"): ("ec2", "CreateLaunchTemplate", "VersionDescription"),
}
"""Where the models of AWS' own SDK say the number too."""


@pytest.mark.parametrize("stack", EVERYWHERE)
def test_every_physical_name_of_a_stack_has_a_limit(stack: str) -> None:
    missing = set()
    for resource in run_of(stack).resources:
        token = resource.type
        if not resource.custom or token in NAMES_OF_OTHERS or not token.startswith(("aws:", "kubernetes:")):
            continue
        known = limits_of(token)
        named = {f"metadata.{key}" for key in resource.inputs.get("metadata", {})} | set(resource.inputs)
        missing |= {f"{token} {path}" for path in named & NAMES if path not in known}
    assert not missing


def test_what_the_provider_names_has_a_limit_for_it() -> None:
    for token in (*AWS_NAMES, "kubernetes:core/v1:Service", "kubernetes:helm.sh/v3:Release"):
        name = physical_name_of(token)
        assert name is not None
        assert name.path in limits_of(token)


@pytest.mark.parametrize("token", sorted({**AWS_LIMITS, **AZURE_LIMITS}))
def test_every_path_is_an_input_of_the_provider(token: str) -> None:
    package, _, rest = token.partition(":")
    inputs = _types.input_type_types(sdk_class(package, rest))
    assert {path.split(".")[0] for path in {**AWS_LIMITS, **AZURE_LIMITS}[token]} <= set(inputs)


@pytest.mark.parametrize(("place", "said"), API.items(), ids=" ".join)
def test_the_numbers_are_those_of_the_api(place: tuple[str, str], said: tuple[str, str, str]) -> None:
    token, path = place
    service, operation, member = said
    shape = botocore.session.get_session().get_service_model(service).operation_model(operation).input_shape
    assert shape is not None
    model = shape.members[member]
    limit = AWS_LIMITS[token][path]
    assert limit.most == model.metadata["max"]
    assert limit.least >= model.metadata.get("min", 0)


def test_every_limit_says_what_is_allowed_and_who_says_so() -> None:
    limits = [limit for token in (*AWS_LIMITS, *AZURE_LIMITS) for limit in limits_of(token).values()] + list(
        limits_of("kubernetes:core/v1:Service").values()
    )
    assert all(limit.allowed and limit.source for limit in limits)
