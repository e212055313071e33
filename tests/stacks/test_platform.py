"""What the composition registers, stack by stack: order, providers, protection, tags, names, outputs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from offline.engine import Run, run_program
from tests.runs import STACKS, config_of, run_of
from tests.stacks.judging import find
from tests.stacks.ordering import behind, in_cluster, namespace_of
from tests.tools import ROOT

RELEASE = "kubernetes:helm.sh/v3:Release"
NAMESPACE = "kubernetes:core/v1:Namespace"
KEPT = ("staging", "production")
SECOND_REGION = "aws-second-region"
IN_SECOND_REGION = ("database-copies", "object-store-copies")


@pytest.fixture(params=STACKS)
def run(request: pytest.FixtureRequest) -> Run:
    return run_of(request.param)


# -- order ----------------------------------------------------------------------------------------------------------------------


def test_charts_that_bring_monitors_wait_for_their_definition(run: Run) -> None:
    definitions = find(run.stack, RELEASE, "monitoring-definitions-release").urn
    for name in ("certificates-release", "metrics-release", "cloudwatch-exporter-release"):
        assert definitions in behind(run, find(run.stack, RELEASE, name))


def test_the_servers_wait_for_their_certificates_volumes_and_priority(run: Run) -> None:
    before = behind(run, find(run.stack, RELEASE, "nats-servers"))
    certificates = {
        each.urn
        for each in run.resources
        if each.name.startswith("nats-") and each.type.endswith(":Certificate") and namespace_of(each) == "messaging"
    }
    # Of the servers, the operators, and the controller in each account.
    assert len(certificates) >= 3
    assert certificates <= before
    assert find(run.stack, ":StorageClass", "storage-brokers").urn in before
    assert find(run.stack, ":PriorityClass", "priorities-platform-critical").urn in before


def test_what_names_a_priority_or_a_storage_class_waits_for_it(run: Run) -> None:
    named = {each.inputs["metadata"]["name"]: each.urn for each in run.resources if each.type.endswith((":PriorityClass", ":StorageClass"))}
    keys = {"priorityClassName", "storageClassName"}
    checked = 0
    for release in (each for each in run.resources if each.type == RELEASE):
        for name in texts_under(release.inputs["values"], keys):
            assert named[name] in behind(run, release)
            checked += 1
    assert checked >= 8


def texts_under(content: Any, keys: set[str]) -> Iterator[str]:
    if isinstance(content, dict):
        for key, value in content.items():
            if key in keys and isinstance(value, str):
                yield value
            yield from texts_under(value, keys)
    elif isinstance(content, list):
        for each in content:
            yield from texts_under(each, keys)


def test_nothing_goes_into_the_cluster_before_its_nodes_and_add_ons(run: Run) -> None:
    before = {each.urn for each in run.resources if each.type in {"aws:eks/nodeGroup:NodeGroup", "aws:eks/addon:Addon"}}
    assert all(before <= behind(run, each) for each in in_cluster(run))


# -- providers ------------------------------------------------------------------------------------------------------------------


def test_every_resource_names_the_one_provider_of_its_cloud_and_region(run: Run) -> None:
    providers = {each.name: each for each in run.resources if each.type.startswith("pulumi:providers:")}
    # What makes passwords is in no cloud.
    assert set(providers) - {"random"} == {"aws", "kubernetes", *([SECOND_REGION] if run.stack != "dev" else [])}
    managed = [each for each in run.resources if each.custom and each not in providers.values()]
    for each in managed:
        wanted = SECOND_REGION if each.name.startswith(IN_SECOND_REGION) else each.type.split(":")[0]
        assert each.provider.rpartition("::")[0] == providers[wanted].urn


@pytest.mark.parametrize("stack", STACKS)
def test_the_cloud_is_entered_in_one_account_and_region_with_tags_for_everything(stack: str) -> None:
    provider = find(stack, "pulumi:providers:aws", "aws").inputs
    accounts = {"dev": "111122223333", "staging": "444455556666", "production": "777788889999"}
    assert provider["region"] == "eu-west-1"
    assert json.loads(provider["allowedAccountIds"]) == [accounts[stack]]
    assert json.loads(provider["defaultTags"])["tags"] == {
        "project": "plinth",
        "environment": stack,
        "stack": stack,
        "team": "platform_team",
        "managed-by": "pulumi",
    }


# -- what is kept ---------------------------------------------------------------------------------------------------------------

STATEFUL = (
    ("aws:rds/instance:Instance", "database-instance"),
    ("aws:eks/cluster:Cluster", "cluster-cluster"),
    ("aws:kms/key:Key", "database-storage-key"),
    ("aws:kms/key:Key", "storage-volumes-key"),
    (RELEASE, "nats-servers"),
    (RELEASE, "metrics-release"),
    (RELEASE, "monitoring-definitions-release"),
    ("kubernetes:jetstream.nats.io/v1beta2:Stream", "nats-stream-orders"),
)


@pytest.mark.parametrize("stack", KEPT)
@pytest.mark.parametrize(("token", "name"), STATEFUL)
def test_what_holds_state_is_protected_outside_of_dev(stack: str, token: str, name: str) -> None:
    assert find(stack, token, name).options["protect"] is True


@pytest.mark.parametrize("stack", KEPT)
def test_of_what_leaves_the_stack_only_the_keys_of_the_final_snapshot_and_of_volumes_stay(stack: str) -> None:
    # Anything else that stayed would be in the way, by its name, of the stack's next creation.
    staying = [each.name for each in run_of(stack).resources if each.options.get("retain_on_delete") and each.type.startswith("aws:")]
    apart = {name for name in staying if not name.startswith(("object-stores-", "object-store-copies-"))}
    assert apart == {"database-storage-key", "database-copies-key", "storage-volumes-key"}


def test_dev_can_be_thrown_away() -> None:
    assert [each.urn for each in run_of("dev").resources if each.options.get("protect") or each.options.get("retain_on_delete")] == []


# -- names, outputs, secrets ----------------------------------------------------------------------------------------------------


def test_names_that_an_account_has_once_end_in_the_environment(run: Run) -> None:
    assert find(run.stack, "aws:eks/cluster:Cluster", "cluster-cluster").inputs["name"] == f"plinth-{run.stack}"
    assert find(run.stack, "aws:rds/instance:Instance", "database-instance").inputs["identifier"] == f"plinth-{run.stack}"


def test_the_outputs_say_where_everything_is(run: Run) -> None:
    assert set(run.outputs) == {
        *(
            "vpcId",
            "networkHandover",
            "clusterName",
            "kubeconfig",
            "databaseEndpoint",
            *([] if run.stack == "dev" else ["databasePoolEndpoint", "objectStores"]),
            "databaseSecretArn",
            "alarmTopicArn",
            "storageClass",
            "snapshotClass",
            "natsUrl",
            "prometheusUrl",
        ),
    }
    assert (run.outputs["storageClass"], run.outputs["snapshotClass"]) == (
        ("gp3", "ebs") if run.stack == "dev" else ("gp3-retain", "ebs-retain")
    )
    assert run.outputs["clusterName"] == f"plinth-{run.stack}"
    assert run.outputs["natsUrl"] == "tls://nats.messaging.svc:4222"
    assert run.outputs["prometheusUrl"] == "http://monitoring-prometheus.observability.svc:9090"


@pytest.mark.parametrize("stack", STACKS)
def test_the_cluster_and_the_database_stand_behind_the_gate_of_the_network(stack: str) -> None:
    gate = find(stack, "aws:ec2/flowLog:FlowLog", "network-flow-log").urn
    types = ("aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup", "aws:eks/addon:Addon", "aws:rds/")
    inside = [each for each in run_of(stack).resources if each.type.startswith(types)]
    assert len({each.type for each in inside}) > len(types)
    assert [each.name for each in inside if gate not in each.dependencies] == []


def test_sessions_reach_the_api_and_the_database_of_a_stack_that_has_no_other_way_in() -> None:
    rules = [each for each in run_of("dev").resources if each.type == "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"]
    group = find("dev", "aws:ec2/securityGroup:SecurityGroup", "network-session-manager").urn
    assert {rule.inputs["fromPort"] for rule in rules if group in rule.dependencies} == {443, 5432}


def test_people_behind_the_transit_gateway_call_the_api_and_are_answered() -> None:
    (component,) = (each for each in run_of("production").resources if each.type == "plinth:network:AwsNetwork")
    assert component.outputs is not None
    routed = component.outputs["handover"]["routedCidrs"]
    assert find("production", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "cluster-api-from-10.250.0.0-20")
    assert routed == ["10.250.0.0/20"]
    assert find("production", "aws:ec2/route:Route", "network-control-plane-to-10.250.0.0-20")


def test_no_network_policy_opens_the_whole_network(run: Run) -> None:
    """The API answers in the control plane's subnets, kubelets in those of the nodes, databases in theirs."""
    network = find(run.stack, "aws:ec2/vpc:Vpc", "network-vpc").inputs["cidrBlock"]
    policies = [each.inputs["spec"] for each in run.resources if each.type.endswith(":NetworkPolicy")]
    ways = [way for spec in policies for direction in ("ingress", "egress") for way in spec.get(direction, ())]
    blocks = {peer["ipBlock"]["cidr"] for way in ways for peer in (*way.get("from", ()), *way.get("to", ())) if "ipBlock" in peer}
    assert len(blocks) > 3
    assert network not in blocks


def test_a_zone_more_changes_neither_the_cluster_nor_its_node_groups() -> None:
    config = config_of("production")
    network = json.loads(config.values["plinth:network"])

    def fixed(*letters: str) -> dict[str, tuple[object, set[str]]]:
        """Inputs and subnets of what EKS will not let move, by name."""
        changed = {
            "plinth:aws": json.dumps({"region": "us-west-2", "account": "777788889999"}),
            "plinth:network": json.dumps({**network, "zones": [f"us-west-2{letter}" for letter in letters]}),
        }
        run = run_program(ROOT / "__main__.py", stack="production", project=config.project, config={**config.values, **changed})
        return {
            each.name: (each.inputs, {urn for urn in each.dependencies if "subnet:Subnet" in urn})
            for each in run.resources
            if each.type in {"aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup"}
        }

    three = fixed("a", "b", "c")
    assert all(len(subnets) == 3 for _, subnets in three.values())
    assert fixed("a", "b", "c", "d") == three
