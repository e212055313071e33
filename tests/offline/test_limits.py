from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pytest

from offline.engine import Run
from offline.errors import LimitError

Preview = Callable[..., Run]
NODES = "aws:eks/nodeGroup:NodeGroup"


class Anything(pulumi.CustomResource):
    """A resource of any type."""

    def __init__(self, token: str, name: str, props: Mapping[str, Any]) -> None:
        super().__init__(token, name, {"made": None, **props})


def refusals(preview: Preview, *resources: tuple[str, str, Mapping[str, Any]]) -> list[str]:
    def program() -> None:
        for resource in resources:
            Anything(*resource)

    with pytest.raises(LimitError) as refused:
        preview(program)
    head, *lines = str(refused.value).splitlines()
    assert head == "these inputs would be refused during the update:"
    return [line.strip() for line in lines]


@pytest.mark.parametrize(
    ("token", "props", "where"),
    [
        ("aws:iam/role:Role", {"name": "r" * 65}, "name"),
        ("aws:iam/role:Role", {"name": "a role"}, "name"),
        ("aws:eks/cluster:Cluster", {"name": "c" * 101}, "name"),
        (
            "aws:eks/cluster:Cluster",
            {"name": "c", "vpcConfig": {"publicAccessCidrs": ["192.0.2.0/24"] * 41}},
            "vpcConfig.publicAccessCidrs",
        ),
        ("aws:eks/cluster:Cluster", {"name": "c", "vpcConfig": {"publicAccessCidrs": ["10.0.0.0/8"]}}, "vpcConfig.publicAccessCidrs[0]"),
        (NODES, {"nodeGroupName": "n" * 64}, "nodeGroupName"),
        (NODES, {"nodeGroupName": "n", "labels": {"node.kubernetes.io/role": "x"}}, "a key of labels"),
        (NODES, {"nodeGroupName": "n", "labels": {"role": "v" * 64}}, "labels.role"),
        (NODES, {"nodeGroupName": "n", "scalingConfig": {"maxSize": 451}}, "scalingConfig.maxSize"),
        ("aws:rds/instance:Instance", {"identifier": "1-orders"}, "identifier"),
        ("aws:rds/instance:Instance", {"identifier": "my_project-dev"}, "identifier"),
        ("aws:rds/instance:Instance", {"identifier": "a--b"}, "identifier"),
        ("aws:rds/instance:Instance", {"identifier": "orders-"}, "identifier"),
        ("aws:rds/instance:Instance", {"identifier": "o" * 64}, "identifier"),
        ("aws:rds/instance:Instance", {"dbName": "select"}, "dbName"),
        ("aws:rds/instance:Instance", {"backupRetentionPeriod": 36}, "backupRetentionPeriod"),
        ("aws:rds/subnetGroup:SubnetGroup", {"name": "Orders"}, "name"),
        ("aws:cloudwatch/logGroup:LogGroup", {"name": "/aws/eks/a b"}, "name"),
        ("aws:cloudwatch/logGroup:LogGroup", {"name": "a", "retentionInDays": 31}, "retentionInDays"),
        ("aws:sns/topic:Topic", {"name": "t.t"}, "name"),
        ("aws:kms/alias:Alias", {"name": "alias/aws/mine"}, "name"),
        ("aws:ec2/securityGroup:SecurityGroup", {"name": "sg-mine"}, "name"),
        ("aws:ec2/securityGroup:SecurityGroup", {"name": "mine", "description": "the operator's"}, "description"),
        ("aws:ec2/vpc:Vpc", {"tags": {"aws:team": "x"}}, "a key of tags"),
        ("aws:ec2/vpc:Vpc", {"tags": {"team": "x" * 257}}, "tags.team"),
        ("kubernetes:core/v1:Namespace", {"metadata": {"name": "a.b"}}, "metadata.name"),
        ("kubernetes:core/v1:Namespace", {"metadata": {"name": "n" * 64}}, "metadata.name"),
        ("kubernetes:core/v1:Service", {"metadata": {"name": "1nats"}}, "metadata.name"),
        ("kubernetes:core/v1:ConfigMap", {"metadata": {"name": "c" * 254}}, "metadata.name"),
        ("kubernetes:core/v1:ConfigMap", {"metadata": {"name": "c"}, "data": {"a/b": "x"}}, "a key of data"),
        ("kubernetes:core/v1:ConfigMap", {"metadata": {"name": "c"}, "data": {"a": "x" * 2**20}}, "data"),
        ("kubernetes:example.com/v1:Kind", {"metadata": {"name": "c", "labels": {"l": "v" * 64}}}, "metadata.labels.l"),
        ("kubernetes:example.com/v1:Kind", {"metadata": {"name": "c", "labels": {"a/b/c": "v"}}}, "a key of metadata.labels"),
        ("kubernetes:example.com/v1:Kind", {"metadata": {"name": "c", "annotations": {"a": "v" * 2**18}}}, "metadata.annotations"),
        ("kubernetes:helm.sh/v3:Release", {"name": "r" * 54}, "name"),
        ("kubernetes:scheduling.k8s.io/v1:PriorityClass", {"metadata": {"name": "system-mine"}}, "metadata.name"),
        ("kubernetes:jetstream.nats.io/v1beta2:Stream", {"metadata": {"name": "s"}, "spec": {"name": "a.b"}}, "spec.name"),
        ("kubernetes:jetstream.nats.io/v1beta2:Stream", {"metadata": {"name": "s"}, "spec": {"subjects": ["a", "ä"]}}, "spec.subjects[1]"),
        ("kubernetes:jetstream.nats.io/v1beta2:Stream", {"metadata": {"name": "s"}, "spec": {"maxAge": "300y"}}, "spec.maxAge"),
        ("kubernetes:jetstream.nats.io/v1beta2:Consumer", {"metadata": {"name": "s"}, "spec": {"maxDeliver": 2**64}}, "spec.maxDeliver"),
    ],
)
def test_what_the_cloud_or_kubernetes_refuses_is_refused_by_place_and_cure(
    preview: Preview, token: str, props: Mapping[str, Any], where: str
) -> None:
    (line,) = refusals(preview, (token, "it", props))
    assert line.startswith(f"{token} it: {where} = ")
    assert "; allowed is " in line


@pytest.mark.parametrize(
    ("token", "fits", "breaks"),
    [
        (NODES, 55, 56),
        ("aws:iam/role:Role", 56, 57),
        ("aws:iam/rolePolicy:RolePolicy", 120, 121),
        ("aws:sns/topic:Topic", 248, 249),
        ("kubernetes:core/v1:Namespace", 54, 55),
        ("kubernetes:core/v1:Service", 54, 55),
        ("kubernetes:core/v1:ConfigMap", 244, 245),
        ("kubernetes:helm.sh/v3:Release", 44, 45),
    ],
)
def test_a_name_that_the_provider_makes_counts_with_what_it_adds(preview: Preview, token: str, fits: int, breaks: int) -> None:
    preview(lambda: Anything(token, "n" * fits, {}))
    (line,) = refusals(preview, (token, "n" * breaks, {}))
    assert " is not given, and the provider adds " in line


def test_all_of_a_run_are_named_at_once(preview: Preview) -> None:
    lines = refusals(
        preview,
        ("aws:iam/role:Role", "one", {"name": "r" * 65, "description": "d" * 1001}),
        ("aws:iam/role:Role", "two", {"name": "?"}),
    )
    assert [line.split(" = ")[0] for line in lines] == [
        "aws:iam/role:Role one: description",
        "aws:iam/role:Role one: name",
        "aws:iam/role:Role two: name",
    ]


def test_what_is_unknown_secret_begun_by_a_prefix_or_of_another_cloud_is_left_to_the_update(preview: Preview) -> None:
    def program() -> None:
        other = Anything("test:index:Thing", "n" * 300, {})
        Anything("aws:iam/role:Role", "unknown", {"name": other.id})
        Anything("aws:iam/role:Role", "secret", {"name": pulumi.Output.secret("r" * 65)})
        Anything("aws:iam/role:Role", "n" * 100, {"namePrefix": "short"})
        Anything("kubernetes:core/v1:Namespace", "n" * 100, {"metadata": {"generateName": "short"}})
        Anything("kubernetes:core/v1:Namespace", "m" * 100, {"metadata": other.id})
        Anything("kubernetes:core/v1:ConfigMap", "map", {"metadata": {"name": "map"}, "data": pulumi.Output.secret({"a/b": "x"})})

    preview(program)


def test_what_fits_exactly_passes(preview: Preview) -> None:
    def program() -> None:
        Anything("aws:iam/role:Role", "role", {"name": "r" * 64, "tags": {"platform/team": "a@b.c"}})
        Anything("aws:rds/instance:Instance", "database", {"identifier": "o" * 63, "dbName": "orders_2", "port": 5432})
        labels = {"app.kubernetes.io/name": "v" * 63, "l" * 63: ""}
        Anything("kubernetes:core/v1:Namespace", "space", {"metadata": {"name": "n" * 63, "labels": labels}})
        Anything("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "role", {"metadata": {"name": "system:mine"}})
        spec = {"name": "S_1", "subjects": ["orders.*.>", ">", "*"], "maxAge": "7d", "replicas": 3}
        Anything("kubernetes:jetstream.nats.io/v1beta2:Stream", "stream", {"metadata": {"name": "stream"}, "spec": spec})

    preview(program)
