"""Security groups of the stack's network, and what leads into it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from verification.aws.scope import Scope, given, tags_of
from verification.live import LiveResource

GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
INGRESS_RULE: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
ATTACHMENT: Final = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
PEERING: Final = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
VPN_GATEWAY: Final = "aws:ec2/vpnGateway:VpnGateway"
INSTANCE: Final = "aws:ec2/instance:Instance"

_ARNS: Final = {
    ATTACHMENT: ("transit-gateway-attachment", "TransitGatewayAttachmentId"),
    PEERING: ("vpc-peering-connection", "VpcPeeringConnectionId"),
    VPN_GATEWAY: ("vpn-gateway", "VpnGatewayId"),
    INSTANCE: ("instance", "InstanceId"),
}
_OF_NODES: Final = "eks:cluster-name"
"""The tag by which EKS marks its nodes."""


def _is_attached(found: Mapping[str, Any]) -> bool:
    return bool(found["State"] == "available")


def _is_peered(found: Mapping[str, Any]) -> bool:
    return bool(found["Status"]["Code"] == "active")


def read_security_groups(scope: Scope) -> Iterator[LiveResource]:
    """All security groups of the network, and what they let in: a group that somebody made counts like one of the stack's."""
    own = set()
    for found in _in_network(scope, "describe_security_groups", "SecurityGroups", "vpc-id"):
        if scope.owns(tags_of(found.get("Tags"))):
            own.add(found["GroupId"])
        inputs = {"name": found["GroupName"], "description": found.get("Description", "")}
        yield LiveResource(type=GROUP, key=found["GroupId"], arn=_group_arn(scope, found["GroupId"]), inputs=inputs)
        for rule in scope.pages(
            scope.client("ec2"),
            "describe_security_group_rules",
            "SecurityGroupRules",
            Filters=[{"Name": "group-id", "Values": [found["GroupId"]]}],
        ):
            if not rule["IsEgress"]:
                yield _ingress(scope, rule, in_own=found["GroupId"] in own)


def read_ways_in(scope: Scope) -> Iterator[LiveResource]:
    """What joins the network to others, and instances to go through."""
    joined = {
        ATTACHMENT: (
            _in_network(scope, "describe_transit_gateway_vpc_attachments", "TransitGatewayVpcAttachments", "vpc-id"),
            _is_attached,
        ),
        PEERING: (
            [
                found
                for side in ("requester-vpc-info.vpc-id", "accepter-vpc-info.vpc-id")
                for found in _in_network(scope, "describe_vpc_peering_connections", "VpcPeeringConnections", side)
            ],
            _is_peered,
        ),
        VPN_GATEWAY: (_vpn_gateways(scope), _is_attached),
        INSTANCE: (
            [each for found in _in_network(scope, "describe_instances", "Reservations", "vpc-id") for each in found["Instances"]],
            lambda found: found["State"]["Name"] == "running" and _OF_NODES not in tags_of(found.get("Tags")),
        ),
    }
    for kind, (listed, counts) in joined.items():
        resource, id_key = _ARNS[kind]
        for found in filter(counts, listed):
            yield LiveResource(type=kind, key=found[id_key], arn=scope.arn("ec2", f"{resource}/{found[id_key]}"), inputs={})


def _vpn_gateways(scope: Scope) -> list[Any]:
    """EC2 answers with all of them at once."""
    if not scope.vpcs:
        return []
    filters = [{"Name": "attachment.vpc-id", "Values": list(scope.vpcs)}]
    return list(scope.client("ec2").describe_vpn_gateways(Filters=filters)["VpnGateways"])


def _in_network(scope: Scope, operation: str, key: str, attribute: str) -> list[Any]:
    """What is in the stack's networks; without a network nothing, and not everything."""
    if not scope.vpcs:
        return []
    return scope.pages(scope.client("ec2"), operation, key, Filters=[{"Name": attribute, "Values": list(scope.vpcs)}])


def _ingress(scope: Scope, rule: Mapping[str, Any], *, in_own: bool) -> LiveResource:
    inputs = given(
        ipProtocol=rule["IpProtocol"],
        fromPort=rule.get("FromPort"),
        toPort=rule.get("ToPort"),
        cidrIpv4=rule.get("CidrIpv4"),
        cidrIpv6=rule.get("CidrIpv6"),
        referencedSecurityGroupId=rule.get("ReferencedGroupInfo", {}).get("GroupId"),
        description=rule.get("Description"),
    )
    is_own = scope.owns(tags_of(rule.get("Tags")))
    return LiveResource(
        type=INGRESS_RULE,
        key=rule["SecurityGroupRuleId"],
        arn=scope.arn("ec2", f"security-group-rule/{rule['SecurityGroupRuleId']}"),
        inputs=inputs,
        follows=[_group_arn(scope, rule["GroupId"])],
        by_hand="" if is_own or not in_own else f"it lets into {rule['GroupId']}, whose own rules carry the stack's tags",
    )


def _group_arn(scope: Scope, group_id: str) -> str:
    return scope.arn("ec2", f"security-group/{group_id}")
