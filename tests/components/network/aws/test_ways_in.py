from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from components.network.aws.network import AwsNetwork, AwsNetworkArgs
from tests.components.network.aws.settings import network_settings
from tests.components.recorded import behind, of_type, option, the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")
GATEWAY = {"transitGateway": {"id": "tgw-0123456789abcdef0", "cidrs": ["10.250.0.0/20", "10.251.0.0/20"]}}
PEER = {"vpcId": "vpc-0123456789abcdef0", "cidrs": ["10.90.0.0/16"]}
SESSIONS: dict[str, Any] = {"sessionManager": {}}
ANSWERING = ("private-eu-west-1a", "private-eu-west-1b", "private-eu-west-1c", "isolated", "control-plane")
ROUTE = "aws:ec2/route:Route"
TABLE = "aws:ec2/routeTable:RouteTable"
PEERING = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
ACCEPTER = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"
ATTACHMENT = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"


def network(preview: Preview, access: dict[str, Any], **changes: Any) -> Run:
    args = AwsNetworkArgs(
        settings=network_settings(access=access, interfaceEndpoints=True),
        region="eu-west-1",
        account_id="111122223333",
        cluster_name="plinth-production",
        retain=True,
        database_port=5432,
        tags={"team": "platform_team"},
    )
    return preview(lambda: AwsNetwork("net", replace(args, **changes)))


@pytest.mark.parametrize("access", [{}, GATEWAY, {"peering": PEER}, SESSIONS, {**GATEWAY, "peering": PEER, **SESSIONS}])
def test_the_gate_is_behind_everything_that_carries_traffic(preview: Preview, access: dict[str, Any]) -> None:
    run = network(preview, access)
    gate = the(run, "aws:ec2/flowLog:FlowLog", "net-flow-log")
    before = behind(run, gate)
    # These lock what nobody uses: nothing waits for them.
    apart = {"net-default-security-group", "net-default-route-table", gate.name}
    left = [each.name for each in run.resources if each.type.startswith("aws:") and each.urn not in before and each.name not in apart]
    assert left == []


@pytest.mark.parametrize(("access", "target"), [(GATEWAY, "transitGatewayId"), ({"peering": PEER}, "vpcPeeringConnectionId")])
def test_nodes_databases_and_the_control_plane_answer_to_every_network_behind_a_way(
    preview: Preview, access: dict[str, Any], target: str
) -> None:
    run = network(preview, access)
    ((way, settings),) = access.items()
    for role in ANSWERING:
        table = the(run, TABLE, f"net-{role}")
        for cidr in settings["cidrs"]:
            route = the(run, ROUTE, f"net-{role}-to-{cidr.replace('/', '-')}")
            assert table.urn in route.dependencies
            assert route.inputs["destinationCidrBlock"] == cidr
            assert target in route.inputs
    assert way in {"transitGateway", "peering"}
    public = the(run, TABLE, "net-public")
    assert [route.name for route in of_type(run, ROUTE) if public.urn in route.dependencies] == ["net-public-internet"]


def test_the_transit_gateway_has_a_subnet_of_its_own_in_every_zone(preview: Preview) -> None:
    run = network(preview, GATEWAY)
    attachment = the(run, ATTACHMENT, "net-transit-gateway")
    assert attachment.inputs["transitGatewayId"] == "tgw-0123456789abcdef0"
    for zone in ZONES:
        assert the(run, "aws:ec2/subnet:Subnet", f"net-transit-{zone}").urn in attachment.dependencies
    routes = [route for route in of_type(run, ROUTE) if "transitGatewayId" in route.inputs]
    assert all(attachment.urn in route.dependencies for route in routes)


def test_routes_wait_half_an_hour_for_whoever_accepts_the_attachment(preview: Preview) -> None:
    route = the(network(preview, GATEWAY), ROUTE, "net-control-plane-to-10.250.0.0-20")
    assert option(route, "custom_timeouts")["create"] == 30 * 60


def test_a_peering_within_the_account_and_region_accepts_itself(preview: Preview) -> None:
    run = network(preview, {"peering": PEER})
    connection = the(run, PEERING, "net-peering")
    assert connection.inputs["peerVpcId"] == "vpc-0123456789abcdef0"
    assert connection.inputs["autoAccept"] is True
    assert "peerOwnerId" not in connection.inputs
    assert of_type(run, ACCEPTER) == []


def test_a_peering_with_another_region_of_the_account_is_accepted_there(preview: Preview) -> None:
    run = network(preview, {"peering": {**PEER, "region": "eu-central-1"}})
    connection = the(run, PEERING, "net-peering")
    assert connection.inputs["peerRegion"] == "eu-central-1"
    assert "autoAccept" not in connection.inputs
    accepter = the(run, ACCEPTER, "net-peering-accepter")
    assert (accepter.inputs["region"], accepter.inputs["autoAccept"]) == ("eu-central-1", True)
    assert all(accepter.urn in route.dependencies for route in of_type(run, ROUTE) if "vpcPeeringConnectionId" in route.inputs)


def test_a_peering_with_another_account_waits_to_be_accepted_by_it(preview: Preview) -> None:
    run = network(preview, {"peering": {**PEER, "account": "999988887777"}})
    connection = the(run, PEERING, "net-peering")
    assert connection.inputs["peerOwnerId"] == "999988887777"
    assert "autoAccept" not in connection.inputs
    assert of_type(run, ACCEPTER) == []


def test_nothing_can_connect_to_the_instance_of_the_sessions(preview: Preview) -> None:
    run = network(preview, SESSIONS, settings=network_settings(access=SESSIONS))
    (group,) = of_type(run, GROUP)
    assert group.name == "net-session-manager"
    assert "ingress" not in group.inputs
    assert of_type(run, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule") == []
    (interface,) = the(run, "aws:ec2/launchTemplate:LaunchTemplate", "net-session-manager").inputs["networkInterfaces"]
    assert interface["associatePublicIpAddress"] == "false"


def test_sessions_reach_the_api_aws_and_the_databases_and_nothing_else(preview: Preview) -> None:
    run = network(preview, SESSIONS)
    reached = {(rule.inputs["fromPort"], rule.inputs["toPort"], rule.inputs["cidrIpv4"]) for rule in of_type(run, EGRESS)}
    databases = {(5432, 5432, cidr) for cidr in ("10.20.192.0/22", "10.20.196.0/22", "10.20.200.0/22")}
    assert reached == {(443, 443, "0.0.0.0/0"), *databases}


def test_without_a_database_sessions_reach_none(preview: Preview) -> None:
    run = network(preview, SESSIONS, database_port=None)
    assert [rule.inputs["fromPort"] for rule in of_type(run, EGRESS)] == [443]


def test_the_instance_of_the_sessions_keeps_its_disk_and_credentials_to_itself(preview: Preview) -> None:
    template = the(network(preview, SESSIONS), "aws:ec2/launchTemplate:LaunchTemplate", "net-session-manager").inputs
    assert template["imageId"].startswith("resolve:ssm:/aws/service/ami-amazon-linux-latest/")
    assert template["metadataOptions"] == {"httpEndpoint": "enabled", "httpTokens": "required", "httpPutResponseHopLimit": 1}
    assert template["blockDeviceMappings"][0]["ebs"]["encrypted"] == "true"
    assert all(tags["tags"]["team"] == "platform_team" for tags in template["tagSpecifications"])


def test_one_instance_is_kept_running_in_any_zone_and_renewed_every_week(preview: Preview) -> None:
    run = network(preview, SESSIONS)
    keeper = the(run, "aws:autoscaling/group:Group", "net-session-manager")
    assert {keeper.inputs[key] for key in ("minSize", "maxSize", "desiredCapacity")} == {1}
    assert keeper.inputs["maxInstanceLifetime"] == 7 * 24 * 3600
    for zone in ZONES:
        assert the(run, "aws:ec2/subnet:Subnet", f"net-private-{zone}").urn in keeper.dependencies
    (attached,) = of_type(run, "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert attached.inputs["policyArn"] == "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"


def test_whoever_runs_the_other_networks_is_told_what_to_accept_and_route(preview: Preview) -> None:
    (component,) = of_type(network(preview, {**GATEWAY, "peering": PEER, **SESSIONS}), "plinth:network:AwsNetwork")
    assert component.outputs is not None
    handover = component.outputs["handover"]
    assert handover["vpcCidr"] == "10.20.0.0/16"
    assert handover["routedCidrs"] == ["10.250.0.0/20", "10.251.0.0/20", "10.90.0.0/16"]
    assert handover["sessionManagerInstance"] == "plinth-production-session-manager"
    assert {"vpcId", "transitGatewayAttachmentId", "peeringConnectionId"} <= set(handover)
