from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from components.network.aws.endpoints import CLUSTER_SERVICES, SESSION_SERVICES
from components.network.aws.network import AwsNetwork, AwsNetworkArgs
from components.network.aws.subnets import ControlPlaneZoneError, require_control_planes
from tests.components.network.aws.settings import network_settings
from tests.components.recorded import document, of_type, option, the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")
ARGS = AwsNetworkArgs(
    settings=network_settings(),
    region="eu-west-1",
    account_id="111122223333",
    cluster_name="plinth-production",
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
    names = {f"net-{kind}-{zone}" for kind in ("public", "private", "isolated", "control-plane") for zone in ZONES}
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
    for zone in ZONES:
        gateway = the(run, "aws:ec2/natGateway:NatGateway", f"net-nat-{zone}")
        assert gateway.urn in the(run, ROUTE, f"net-private-{zone}-internet").dependencies
        assert the(run, SUBNET, f"net-public-{zone}").urn in gateway.dependencies
        assert the(run, ROUTE, "net-public-internet").urn in gateway.dependencies


def test_a_single_gateway_serves_all_zones(preview: Preview) -> None:
    run = network(preview, replace(ARGS, settings=network_settings(natGateways="single")))
    (gateway,) = of_type(run, "aws:ec2/natGateway:NatGateway")
    assert gateway.name == "net-nat-eu-west-1a"
    assert all(gateway.urn in the(run, ROUTE, f"net-private-{zone}-internet").dependencies for zone in ZONES)


def test_without_a_way_in_only_public_and_private_subnets_lead_out_of_the_network(run: Run) -> None:
    private = {f"net-private-{zone}-internet" for zone in ZONES}
    assert {route.name for route in of_type(run, ROUTE)} == {"net-public-internet", *private}
    for kind in ("isolated", "control-plane"):
        table = the(run, "aws:ec2/routeTable:RouteTable", f"net-{kind}")
        assert not any(table.urn in route.dependencies for route in of_type(run, ROUTE))
        for zone in ZONES:
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


def test_logs_and_public_addresses_are_protected_where_asked(run: Run) -> None:
    for token in ("aws:cloudwatch/logGroup:LogGroup", "aws:kms/key:Key", "aws:ec2/eip:Eip"):
        assert of_type(run, token)
        assert all(option(resource, "protect") for resource in of_type(run, token))


def test_nothing_is_protected_where_nothing_is_to_be_retained(preview: Preview) -> None:
    run = network(preview, replace(ARGS, retain=False))
    assert not any(option(resource, "protect") for resource in run.resources)


def test_storage_services_are_reached_without_a_nat_gateway(run: Run) -> None:
    gateways = [endpoint for endpoint in of_type(run, ENDPOINT) if endpoint.inputs["vpcEndpointType"] == "Gateway"]
    assert [endpoint.inputs["serviceName"] for endpoint in gateways] == ["com.amazonaws.eu-west-1.s3", "com.amazonaws.eu-west-1.dynamodb"]
    tables = {the(run, "aws:ec2/routeTable:RouteTable", f"net-private-{zone}").urn for zone in ZONES}
    assert all(tables <= set(endpoint.dependencies) for endpoint in gateways)


def test_without_interface_endpoints_there_is_no_group_for_them(run: Run) -> None:
    assert of_type(run, "aws:ec2/securityGroup:SecurityGroup") == []
    assert all(endpoint.inputs["vpcEndpointType"] == "Gateway" for endpoint in of_type(run, ENDPOINT))


def test_interface_endpoints_answer_https_from_the_vpc_alone(preview: Preview) -> None:
    run = network(preview, replace(ARGS, settings=network_settings(interfaceEndpoints=True)))
    interfaces = [endpoint for endpoint in of_type(run, ENDPOINT) if endpoint.inputs["vpcEndpointType"] == "Interface"]
    assert [endpoint.inputs["serviceName"] for endpoint in interfaces] == [f"com.amazonaws.eu-west-1.{name}" for name in CLUSTER_SERVICES]
    assert all(endpoint.inputs["privateDnsEnabled"] is True for endpoint in interfaces)
    group = the(run, "aws:ec2/securityGroup:SecurityGroup", "net-endpoints")
    assert all(group.urn in endpoint.dependencies for endpoint in interfaces)
    (rule,) = of_type(run, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert (rule.inputs["fromPort"], rule.inputs["toPort"], rule.inputs["cidrIpv4"]) == (443, 443, "10.20.0.0/16")


def test_callers_are_let_in_for_as_long_as_the_names_lead_to_interface_endpoints(preview: Preview) -> None:
    run = network(preview, replace(ARGS, settings=network_settings(interfaceEndpoints=True)))
    (rule,) = of_type(run, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    interfaces = [endpoint for endpoint in of_type(run, ENDPOINT) if endpoint.inputs["vpcEndpointType"] == "Interface"]
    assert interfaces
    assert all(rule.urn in endpoint.dependencies for endpoint in interfaces)


def test_sessions_stay_inside_the_network_where_interface_endpoints_are_asked_for(preview: Preview) -> None:
    settings = network_settings(interfaceEndpoints=True, access={"sessionManager": {}})
    names = {endpoint.name for endpoint in of_type(network(preview, replace(ARGS, settings=settings)), ENDPOINT)}
    assert {f"net-endpoint-{service}" for service in SESSION_SERVICES} <= names


def test_a_zone_that_is_added_changes_no_subnet_of_the_control_plane(preview: Preview) -> None:
    def control_plane(*zones: str) -> dict[str, object]:
        run = network(preview, replace(ARGS, region="us-west-2", settings=network_settings(zones=list(zones))))
        return {subnet.name: subnet.inputs for subnet in of_type(run, SUBNET) if "control-plane" in subnet.name}

    three = ("us-west-2a", "us-west-2b", "us-west-2c")
    assert len(control_plane(*three)) == len(three)
    assert control_plane(*three) == control_plane(*three, "us-west-2d")


def test_a_zone_where_eks_has_no_control_plane_is_refused_by_its_id() -> None:
    assert require_control_planes("us-east-1a", ["subnet-1", "use1-az1"]) == "subnet-1"
    with pytest.raises(ControlPlaneZoneError, match="us-east-1e is use1-az3 in this account, where EKS has no control plane"):
        require_control_planes("us-east-1e", ["subnet-1", "use1-az3"])
