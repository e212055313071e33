"""The network on AWS: one VPC over several zones, from a plan of addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.aws import AwsLocation, LogGroupSpec
from components.base import Component
from components.network.aws.endpoints import create_gateway_endpoints, create_interface_endpoints, interface_services
from components.network.aws.flow_logs import create_flow_log
from components.network.aws.joining import attach_transit_gateway, create_peering
from components.network.aws.model import NetworkSettings
from components.network.aws.routing import Routing, create_routing
from components.network.aws.session_manager import ForwarderSpec, create_forwarder
from components.network.aws.subnets import NetworkSubnets, create_subnets


@dataclass(frozen=True, kw_only=True)
class AwsNetworkArgs:
    """What a network needs to know.

    Attributes:
        settings: its zones of ``region``, its addresses and the ways into it.
        cluster_name: of the cluster that lives here: load balancer controllers look for it.
        retain: protects what would be lost for ever: logs, their key, and the addresses that
            others may have allow-listed.
        database_port: where people reach databases by Session Manager; None where there are none.
        tags: reach instances and volumes, where a provider's default tags do not.

    Raises:
        LogRetentionError: CloudWatch Logs does not offer the retention of the flow logs.
    """

    settings: NetworkSettings
    region: str
    account_id: str
    cluster_name: str
    retain: bool
    database_port: int | None = None
    tags: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _ = self.flow_log_group

    @property
    def location(self) -> AwsLocation:
        """Where the network is."""
        return AwsLocation(region=self.region, account_id=self.account_id)

    @property
    def flow_log_group(self) -> LogGroupSpec:
        """Where the flow logs go."""
        return LogGroupSpec(name=f"/aws/vpc/{self.cluster_name}/flow-logs", retention_days=self.settings.flow_log_retention.days)

    @property
    def forwarder(self) -> ForwarderSpec:
        """The instance that sessions of Systems Manager go through."""
        return ForwarderSpec(
            name=f"{self.cluster_name}-session-manager",
            database_port=self.database_port,
            database_cidrs=self.settings.database_cidrs,
            tags=self.tags,
        )


class AwsNetwork(Component):
    """A VPC: subnets in each zone, routes, endpoints, flow logs and the ways in from outside.

    The default security group and the default route table are emptied, so that whatever forgets to
    choose its own is cut off. The default network ACL is left as AWS makes it: it is stateless, all
    subnets need it open for return traffic, and security groups and NetworkPolicies decide here.

    Attributes:
        ready: what runs in the network goes behind this, its last part: by then every route, NAT
            gateway, endpoint and way in is there, and on the way down they are still there.
        private_subnet_ids: by zone, as the other subnets are.
        control_plane_subnet_ids: of the zones that the control plane keeps for good.
        forwarder_group_id: the security group that sessions of Systems Manager come from; None
            where they are not set.
        handover: what whoever runs the other networks needs: ids, the range to route here, and the
            networks that are routed there.
    """

    vpc_id: pulumi.Output[str]
    public_subnet_ids: Mapping[str, pulumi.Output[str]]
    private_subnet_ids: Mapping[str, pulumi.Output[str]]
    isolated_subnet_ids: Mapping[str, pulumi.Output[str]]
    control_plane_subnet_ids: Mapping[str, pulumi.Output[str]]
    nat_public_ips: Sequence[pulumi.Output[str]]
    forwarder_group_id: pulumi.Output[str] | None
    handover: Mapping[str, pulumi.Input[str] | Sequence[str]]
    ready: pulumi.Resource

    def __init__(self, name: str, args: AwsNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._vpc = aws.ec2.Vpc(
            self.child_name("vpc"),
            aws.ec2.VpcArgs(
                cidr_block=str(args.settings.cidr),
                enable_dns_support=True,
                enable_dns_hostnames=True,
                enable_network_address_usage_metrics=True,
                tags={"Name": args.cluster_name},
            ),
            self.child_options(),
        )
        self.vpc_id = self._vpc.id
        self._lock_defaults()
        subnets = create_subnets(self, args.settings, vpc_id=self.vpc_id, cluster_name=args.cluster_name)
        self.public_subnet_ids = {zone: subnet.id for zone, subnet in subnets.public.items()}
        self.private_subnet_ids = {zone: subnet.id for zone, subnet in subnets.private.items()}
        self.isolated_subnet_ids = {zone: subnet.id for zone, subnet in subnets.isolated.items()}
        self.control_plane_subnet_ids = subnets.control_plane_ids
        routing = create_routing(self, subnets, vpc_id=self.vpc_id, nat_gateways=args.settings.nat_gateways, retain=args.retain)
        self.nat_public_ips = routing.nat_public_ips
        outward = [*routing.parts, *self._create_endpoints(args, routing)]
        self.ready = create_flow_log(
            self,
            args.flow_log_group,
            location=args.location,
            vpc_id=self.vpc_id,
            retain=args.retain,
            after=[*outward, *self._let_in(args, subnets, routing, outward)],
        )
        self.register_outputs(
            {
                "vpc_id": self.vpc_id,
                "public_subnet_ids": self.public_subnet_ids,
                "private_subnet_ids": self.private_subnet_ids,
                "isolated_subnet_ids": self.isolated_subnet_ids,
                "control_plane_subnet_ids": self.control_plane_subnet_ids,
                "nat_public_ips": self.nat_public_ips,
                "forwarder_group_id": self.forwarder_group_id,
                "handover": self.handover,
            }
        )

    def _lock_defaults(self) -> None:
        aws.ec2.DefaultSecurityGroup(
            self.child_name("default-security-group"),
            aws.ec2.DefaultSecurityGroupArgs(vpc_id=self.vpc_id, ingress=[], egress=[], tags={"Name": self.child_name("default-locked")}),
            self.child_options(),
        )
        aws.ec2.DefaultRouteTable(
            self.child_name("default-route-table"),
            aws.ec2.DefaultRouteTableArgs(
                default_route_table_id=self._vpc.default_route_table_id, routes=[], tags={"Name": self.child_name("default-locked")}
            ),
            self.child_options(),
        )

    def _create_endpoints(self, args: AwsNetworkArgs, routing: Routing) -> list[pulumi.Resource]:
        tables = [table.id for table in routing.private.values()]
        private = list(self.private_subnet_ids.values())
        services = interface_services(args.settings)
        return [
            *create_gateway_endpoints(self, region=args.region, vpc_id=self.vpc_id, route_table_ids=tables),
            *create_interface_endpoints(self, services, region=args.region, vpc=self._vpc, subnet_ids=private),
        ]

    def _let_in(
        self, args: AwsNetworkArgs, subnets: NetworkSubnets, routing: Routing, outward: Sequence[pulumi.Resource]
    ) -> list[pulumi.Resource]:
        """The ways in from outside that are set."""
        access = args.settings.access
        parts: list[pulumi.Resource] = []
        handover: dict[str, pulumi.Input[str] | Sequence[str]] = {"vpcId": self.vpc_id, "vpcCidr": str(args.settings.cidr)}
        if access.routed:
            handover["routedCidrs"] = [str(cidr) for _, _, cidr in access.routed]
        if access.transit_gateway:
            attachment, routes = attach_transit_gateway(
                self, access.transit_gateway, vpc_id=self.vpc_id, subnets=subnets.transit, tables=routing.answering
            )
            handover["transitGatewayAttachmentId"] = attachment.id
            parts += routes
        if access.peering:
            connection, routes = create_peering(self, access.peering, location=args.location, vpc_id=self.vpc_id, tables=routing.answering)
            handover["peeringConnectionId"] = connection.id
            parts += routes
        self.forwarder_group_id = None
        if access.session_manager:
            private = list(self.private_subnet_ids.values())
            forwarder = create_forwarder(
                self, args.forwarder, location=args.location, vpc_id=self.vpc_id, subnet_ids=private, after=outward
            )
            self.forwarder_group_id = forwarder.security_group_id
            handover["sessionManagerInstance"] = args.forwarder.name
            parts += forwarder.parts
        self.handover = handover
        return parts
