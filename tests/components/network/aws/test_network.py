from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from components.aws import LogRetentionError
from components.network.aws.endpoints import EKS_INTERFACE_SERVICES
from components.network.aws.network import AwsNetwork, AwsNetworkArgs
from components.network.plan import NetworkPlanError
from facts.aws import NatGateways
from tests.components.recorded import document, of_type, option, the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

ARGS = AwsNetworkArgs(
    region="eu-west-1",
    account_id="111122223333",
    cidr="10.20.0.0/16",
    zones=("eu-west-1a", "eu-west-1b", "eu-west-1c"),
    nat_gateways=NatGateways.PER_ZONE,
    cluster_name="plinth-production",
    flow_log_retention_days=90,
    retain=True,
)
SUBNET = "aws:ec2/subnet:Subnet"
ROUTE = "aws:ec2/route:Route"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"


def network(preview: Preview, args: AwsNetworkArgs = ARGS) -> Run:
    return preview(lambda: AwsNetwork("net", args))


@pytest.fixture
def run(preview: Preview) -> Run:
    return network(preview)


def test_everything_belongs_to_the_component(run: Run) -> None:
    (component,) = of_type(run, "plinth:network:AwsNetwork")
    assert all(resource.parent == component.urn for resource in run.resources if resource.type.startswith("aws:"))


def test_the_vpc_resolves_names(run: Run) -> None:
    vpc = the(run, "aws:ec2/vpc:Vpc", "net-vpc")
    assert vpc.inputs["cidrBlock"] == "10.20.0.0/16"
    assert vpc.inputs["enableDnsSupport"] is True
    assert vpc.inputs["enableDnsHostnames"] is True


def test_each_zone_has_four_subnets_and_none_gives_out_public_addresses(run: Run) -> None:
    names = {f"net-{kind}-{zone}" for kind in ("public", "private", "isolated", "control-plane") for zone in ARGS.zones}
    assert {subnet.name for subnet in of_type(run, SUBNET)} == names
    assert not any(subnet.inputs["mapPublicIpOnLaunch"] for subnet in of_type(run, SUBNET))
    assert the(run, SUBNET, "net-private-eu-west-1b").inputs["cidrBlock"] == "10.20.32.0/19"
    assert the(run, SUBNET, "net-private-eu-west-1b").inputs["availabilityZone"] == "eu-west-1b"


@pytest.mark.parametrize(
    ("kind", "tags"),
    [
        ("public", {"kubernetes.io/role/elb": "1", "kubernetes.io/cluster/plinth-production": "shared"}),
        ("private", {"kubernetes.io/role/internal-elb": "1", "kubernetes.io/cluster/plinth-production": "shared"}),
        ("isolated", {}),
        ("control-plane", {}),
    ],
)
def test_load_balancers_find_their_subnets_and_no_others(run: Run, kind: str, tags: dict[str, str]) -> None:
    found = the(run, SUBNET, f"net-{kind}-eu-west-1a").inputs["tags"]
    assert {key: value for key, value in found.items() if key.startswith("kubernetes.io/")} == tags


def test_each_private_subnet_leaves_through_its_own_zone(run: Run) -> None:
    for zone in ARGS.zones:
        gateway = the(run, "aws:ec2/natGateway:NatGateway", f"net-nat-{zone}")
        assert gateway.urn in the(run, ROUTE, f"net-private-{zone}-internet").dependencies
        assert the(run, SUBNET, f"net-public-{zone}").urn in gateway.dependencies
        assert the(run, ROUTE, "net-public-internet").urn in gateway.dependencies


def test_a_single_gateway_serves_all_zones(preview: Preview) -> None:
    run = network(preview, replace(ARGS, nat_gateways=NatGateways.SINGLE))
    (gateway,) = of_type(run, "aws:ec2/natGateway:NatGateway")
    assert gateway.name == "net-nat-eu-west-1a"
    assert all(gateway.urn in the(run, ROUTE, f"net-private-{zone}-internet").dependencies for zone in ARGS.zones)


def test_only_public_and_private_subnets_have_a_way_to_the_internet(run: Run) -> None:
    private = {f"net-private-{zone}-internet" for zone in ARGS.zones}
    assert {route.name for route in of_type(run, ROUTE)} == {"net-public-internet", *private}
    table = the(run, "aws:ec2/routeTable:RouteTable", "net-isolated")
    assert not any(table.urn in route.dependencies for route in of_type(run, ROUTE))
    for kind in ("isolated", "control-plane"):
        for zone in ARGS.zones:
            association = the(run, "aws:ec2/routeTableAssociation:RouteTableAssociation", f"net-{kind}-{zone}")
            assert table.urn in association.dependencies


def test_every_subnet_has_a_route_table_of_ours(run: Run) -> None:
    associated = {association.name for association in of_type(run, "aws:ec2/routeTableAssociation:RouteTableAssociation")}
    assert associated == {subnet.name for subnet in of_type(run, SUBNET)}


def test_what_chooses_nothing_is_cut_off(run: Run) -> None:
    group = the(run, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "net-default-security-group")
    assert (group.inputs["ingress"], group.inputs["egress"]) == ([], [])
    table = the(run, "aws:ec2/defaultRouteTable:DefaultRouteTable", "net-default-route-table")
    assert table.inputs["routes"] == []


def test_all_traffic_is_logged_to_an_encrypted_group_that_expires(run: Run) -> None:
    group = the(run, "aws:cloudwatch/logGroup:LogGroup", "net-flow-logs")
    key = the(run, "aws:kms/key:Key", "net-flow-logs-key")
    assert group.inputs["name"] == "/aws/vpc/plinth-production/flow-logs"
    assert group.inputs["retentionInDays"] == 90
    assert key.urn in group.dependencies
    assert key.inputs["enableKeyRotation"] is True
    assert the(run, "aws:ec2/flowLog:FlowLog", "net-flow-log").inputs["trafficType"] == "ALL"


def test_only_this_group_of_this_account_may_use_the_key_of_the_logs(run: Run) -> None:
    account, logs = document(the(run, "aws:kms/key:Key", "net-flow-logs-key"), "policy")["Statement"]
    assert account["Principal"] == {"AWS": "arn:aws:iam::111122223333:root"}
    assert logs["Principal"] == {"Service": "logs.eu-west-1.amazonaws.com"}
    group = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/vpc/plinth-production/flow-logs"
    assert logs["Condition"] == {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": group}}


def test_the_role_of_the_flow_logs_writes_there_and_nowhere_else(run: Run) -> None:
    (statement,) = document(the(run, "aws:iam/rolePolicy:RolePolicy", "net-flow-logs-write"), "policy")["Statement"]
    assert statement["Resource"] == "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/vpc/plinth-production/flow-logs:*"
    (trust,) = document(the(run, "aws:iam/role:Role", "net-flow-logs-role"), "assumeRolePolicy")["Statement"]
    assert trust["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": "111122223333"}


def test_logs_and_public_addresses_outlive_a_mistake_where_asked(run: Run) -> None:
    for token in ("aws:cloudwatch/logGroup:LogGroup", "aws:kms/key:Key", "aws:ec2/eip:Eip"):
        assert of_type(run, token)
        assert all(option(resource, "protect") for resource in of_type(run, token))


def test_nothing_holds_on_where_nothing_is_to_be_retained(preview: Preview) -> None:
    run = network(preview, replace(ARGS, retain=False))
    assert not any(option(resource, "protect") or option(resource, "retain_on_delete") for resource in run.resources)


def test_storage_services_are_reached_without_a_nat_gateway(run: Run) -> None:
    gateways = [endpoint for endpoint in of_type(run, ENDPOINT) if endpoint.inputs["vpcEndpointType"] == "Gateway"]
    assert [endpoint.inputs["serviceName"] for endpoint in gateways] == ["com.amazonaws.eu-west-1.s3", "com.amazonaws.eu-west-1.dynamodb"]
    tables = {the(run, "aws:ec2/routeTable:RouteTable", f"net-private-{zone}").urn for zone in ARGS.zones}
    assert all(tables <= set(endpoint.dependencies) for endpoint in gateways)


def test_without_interface_endpoints_there_is_no_group_for_them(run: Run) -> None:
    assert of_type(run, "aws:ec2/securityGroup:SecurityGroup") == []
    assert all(endpoint.inputs["vpcEndpointType"] == "Gateway" for endpoint in of_type(run, ENDPOINT))


def test_interface_endpoints_answer_https_from_the_vpc_alone(preview: Preview) -> None:
    run = network(preview, replace(ARGS, interface_endpoints=EKS_INTERFACE_SERVICES))
    interfaces = [endpoint for endpoint in of_type(run, ENDPOINT) if endpoint.inputs["vpcEndpointType"] == "Interface"]
    assert [endpoint.inputs["serviceName"] for endpoint in interfaces] == [
        f"com.amazonaws.eu-west-1.{name}" for name in EKS_INTERFACE_SERVICES
    ]
    assert all(endpoint.inputs["privateDnsEnabled"] is True for endpoint in interfaces)
    group = the(run, "aws:ec2/securityGroup:SecurityGroup", "net-endpoints")
    assert all(group.urn in endpoint.dependencies for endpoint in interfaces)
    (rule,) = of_type(run, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert (rule.inputs["fromPort"], rule.inputs["toPort"], rule.inputs["cidrIpv4"]) == (443, 443, "10.20.0.0/16")


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"cidr": "10.20.0.0/24"}, NetworkPlanError),
        ({"zones": ("eu-west-1a", "us-east-1a")}, NetworkPlanError),
        ({"flow_log_retention_days": 91}, LogRetentionError),
    ],
)
def test_what_cannot_be_built_is_refused_before_anything_is_registered(wrong: dict[str, Any], error: type[ValueError]) -> None:
    with pytest.raises(error):
        replace(ARGS, **wrong)
