"""The network on AWS: one VPC over several zones, from a plan of addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from components.aws import AwsLocation, LogGroupSpec
from components.base import Component
from components.network.aws.endpoints import create_gateway_endpoints, create_interface_endpoints
from components.network.aws.flow_logs import create_flow_log
from components.network.plan import NetworkPlan, check_zones, plan_network
from facts.aws import NatGateways

ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True, kw_only=True)
class AwsNetworkArgs:
    """What a network needs to know.

    ``cidr`` is a private IPv4 range of /16 to /20; ``zones`` are availability zones of ``region`` in an order that must not change
    (add new ones at the end). ``cluster_name`` is the name of the cluster that lives here: load balancer controllers look for it.
    ``interface_endpoints`` are service names such as ``ecr.api`` (``EKS_INTERFACE_SERVICES`` has what a cluster calls).
    ``retain`` protects what would be lost for ever: logs, their key, and the addresses that others may have allow-listed.

    Raises:
        NetworkPlanError: the range or the zones cannot be laid out.
        LogRetentionError: CloudWatch Logs does not offer that retention.
    """

    region: str
    account_id: str
    cidr: str
    zones: Sequence[str]
    nat_gateways: NatGateways
    cluster_name: str
    flow_log_retention_days: int
    retain: bool
    interface_endpoints: Sequence[str] = ()

    def __post_init__(self) -> None:
        check_zones(self.region, self.zones)
        _ = self.plan, self.flow_log_group

    @property
    def plan(self) -> NetworkPlan:
        """Which subnet gets which range."""
        return plan_network(self.cidr, self.zones)

    @property
    def flow_log_group(self) -> LogGroupSpec:
        """Where the flow logs go."""
        return LogGroupSpec(name=f"/aws/vpc/{self.cluster_name}/flow-logs", retention_days=self.flow_log_retention_days)


class AwsNetwork(Component):
    """A VPC with public, private, isolated and control-plane subnets in each zone, their routes, endpoints and flow logs.

    The default security group and the default route table are emptied, so that whatever forgets to choose its own is cut off. The
    default network ACL is left as AWS makes it: it is stateless, all subnets need it open for return traffic, and security groups
    and NetworkPolicies decide here.
    """

    vpc_id: pulumi.Output[str]
    cidr: str
    zones: tuple[str, ...]
    public_subnet_ids: list[pulumi.Output[str]]
    private_subnet_ids: list[pulumi.Output[str]]
    isolated_subnet_ids: list[pulumi.Output[str]]
    control_plane_subnet_ids: list[pulumi.Output[str]]
    nat_public_ips: list[pulumi.Output[str]]

    def __init__(self, name: str, args: AwsNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        plan = args.plan
        self.cidr = str(plan.cidr)
        self.zones = tuple(args.zones)
        self._vpc = aws.ec2.Vpc(
            self.child_name("vpc"),
            aws.ec2.VpcArgs(
                cidr_block=self.cidr,
                enable_dns_support=True,
                enable_dns_hostnames=True,
                enable_network_address_usage_metrics=True,
                tags={"Name": args.cluster_name},
            ),
            self.child_options(),
        )
        self.vpc_id = self._vpc.id
        self._lock_defaults()
        self._create_subnets(plan, args.cluster_name)
        self._route_isolated()
        private_tables = self._route_private(self._route_public(), args)
        create_gateway_endpoints(
            self, region=args.region, vpc_id=self.vpc_id, route_table_ids=[table.id for table in private_tables.values()]
        )
        create_interface_endpoints(self, args.interface_endpoints, region=args.region, vpc=self._vpc, subnet_ids=self.private_subnet_ids)
        create_flow_log(
            self,
            args.flow_log_group,
            location=AwsLocation(region=args.region, account_id=args.account_id),
            vpc_id=self.vpc_id,
            retain=args.retain,
        )
        self.register_outputs(
            {
                "vpc_id": self.vpc_id,
                "cidr": self.cidr,
                "zones": list(self.zones),
                "public_subnet_ids": self.public_subnet_ids,
                "private_subnet_ids": self.private_subnet_ids,
                "isolated_subnet_ids": self.isolated_subnet_ids,
                "control_plane_subnet_ids": self.control_plane_subnet_ids,
                "nat_public_ips": self.nat_public_ips,
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

    def _create_subnets(self, plan: NetworkPlan, cluster_name: str) -> None:
        cluster_tag = {f"kubernetes.io/cluster/{cluster_name}": "shared"}
        self._public = self._subnets(
            "public", {zone.zone: zone.public for zone in plan.zones}, {**cluster_tag, "kubernetes.io/role/elb": "1"}
        )
        self._private = self._subnets(
            "private", {zone.zone: zone.private for zone in plan.zones}, {**cluster_tag, "kubernetes.io/role/internal-elb": "1"}
        )
        self._isolated = self._subnets("isolated", {zone.zone: zone.isolated for zone in plan.zones}, {})
        self._control_plane = self._subnets("control-plane", {zone.zone: zone.control_plane for zone in plan.zones}, {})
        self.public_subnet_ids = [subnet.id for subnet in self._public.values()]
        self.private_subnet_ids = [subnet.id for subnet in self._private.values()]
        self.isolated_subnet_ids = [subnet.id for subnet in self._isolated.values()]
        self.control_plane_subnet_ids = [subnet.id for subnet in self._control_plane.values()]

    def _subnets(self, kind: str, ranges: Mapping[str, IPv4Network], tags: Mapping[str, str]) -> dict[str, aws.ec2.Subnet]:
        return {
            zone: aws.ec2.Subnet(
                self.child_name(f"{kind}-{zone}"),
                aws.ec2.SubnetArgs(
                    vpc_id=self.vpc_id,
                    availability_zone=zone,
                    cidr_block=str(cidr),
                    map_public_ip_on_launch=False,
                    tags={"Name": self.child_name(f"{kind}-{zone}"), **tags},
                ),
                self.child_options(),
            )
            for zone, cidr in ranges.items()
        }

    def _route_table(self, role: str, subnets: Mapping[str, aws.ec2.Subnet]) -> aws.ec2.RouteTable:
        """A table without routes but the VPC's own, for ``subnets``, which are named by their part of the association's name."""
        table = aws.ec2.RouteTable(
            self.child_name(role), aws.ec2.RouteTableArgs(vpc_id=self.vpc_id, tags={"Name": self.child_name(role)}), self.child_options()
        )
        for subnet_role, subnet in subnets.items():
            aws.ec2.RouteTableAssociation(
                self.child_name(subnet_role),
                aws.ec2.RouteTableAssociationArgs(route_table_id=table.id, subnet_id=subnet.id),
                self.child_options(),
            )
        return table

    def _route_isolated(self) -> None:
        # One table for both: neither databases nor the control plane's interfaces open connections to the outside.
        databases = {f"isolated-{zone}": subnet for zone, subnet in self._isolated.items()}
        control_plane = {f"control-plane-{zone}": subnet for zone, subnet in self._control_plane.items()}
        self._route_table("isolated", {**databases, **control_plane})

    def _route_public(self) -> aws.ec2.Route:
        gateway = aws.ec2.InternetGateway(
            self.child_name("internet-gateway"),
            aws.ec2.InternetGatewayArgs(vpc_id=self.vpc_id, tags={"Name": self.child_name("internet-gateway")}),
            self.child_options(),
        )
        table = self._route_table("public", {f"public-{zone}": subnet for zone, subnet in self._public.items()})
        return aws.ec2.Route(
            self.child_name("public-internet"),
            aws.ec2.RouteArgs(route_table_id=table.id, destination_cidr_block=ANYWHERE, gateway_id=gateway.id),
            self.child_options(),
        )

    def _route_private(self, internet: aws.ec2.Route, args: AwsNetworkArgs) -> dict[str, aws.ec2.RouteTable]:
        nat_zones = self.zones if args.nat_gateways is NatGateways.PER_ZONE else self.zones[:1]
        gateways = {zone: self._nat_gateway(zone, internet, retain=args.retain) for zone in nat_zones}
        self.nat_public_ips = [gateway.public_ip for gateway in gateways.values()]
        tables: dict[str, aws.ec2.RouteTable] = {}
        for zone, subnet in self._private.items():
            tables[zone] = self._route_table(f"private-{zone}", {f"private-{zone}": subnet})
            aws.ec2.Route(
                self.child_name(f"private-{zone}-internet"),
                aws.ec2.RouteArgs(
                    route_table_id=tables[zone].id,
                    destination_cidr_block=ANYWHERE,
                    nat_gateway_id=gateways.get(zone, gateways[nat_zones[0]]).id,
                ),
                self.child_options(),
            )
        return tables

    def _nat_gateway(self, zone: str, internet: aws.ec2.Route, *, retain: bool) -> aws.ec2.NatGateway:
        address = aws.ec2.Eip(
            self.child_name(f"nat-{zone}"),
            aws.ec2.EipArgs(domain="vpc", tags={"Name": self.child_name(f"nat-{zone}")}),
            self.child_options(protect=retain),
        )
        return aws.ec2.NatGateway(
            self.child_name(f"nat-{zone}"),
            aws.ec2.NatGatewayArgs(
                allocation_id=address.allocation_id,
                subnet_id=self._public[zone].id,
                tags={"Name": self.child_name(f"nat-{zone}")},
            ),
            # A NAT gateway fails to start where its subnet has no way to the internet yet.
            self.child_options(depends_on=[internet]),
        )
