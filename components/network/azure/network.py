"""The network on Azure: a resource group and, in it, a virtual network over all zones of a region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import network, operationalinsights, resources

from components.azure import AzureLocation, send_diagnostics
from components.base import Component
from components.network.azure.flow_logs import FlowLogSpec, create_flow_log
from components.network.azure.model import NetworkSettings
from components.network.azure.outbound import create_nat_gateway
from components.network.azure.peering import create_peering
from components.network.azure.private_dns import create_private_zones
from components.network.azure.private_endpoint import PrivateAccess
from components.network.azure.security_groups import Opening, create_security_groups, plan_openings
from components.network.azure.subnets import create_subnets, plan_subnets


@dataclass(frozen=True, kw_only=True)
class AzureNetworkArgs:
    """What a network needs to know.

    Attributes:
        settings: its zones of the location, its addresses and the ways into it.
        location: whose resource group it creates.
        retain: protects what would be lost for ever: the resource group with all that is in it, the
            logs, and the address that others may have allow-listed.
        database_ports: TCP ports at which databases answer; empty where there are none.
        endpoint_ports: TCP ports beside 443 at which what is behind private endpoints answers.
        openings: what the nodes let in beside, for load balancers inside the network.
    """

    settings: NetworkSettings
    location: AzureLocation
    retain: bool
    database_ports: Sequence[int] = ()
    endpoint_ports: Sequence[int] = ()
    openings: Sequence[Opening] = ()


class AzureNetwork(Component):
    """A resource group, and in it a virtual network: subnets, security groups, NAT, private DNS and the ways in from outside.

    There is no lock on the resource group: all below would inherit it. Pulumi could then delete no node
    pool and no diagnostic setting, and a database that fails over could not rewrite its record in the
    private DNS zone (PostgreSQL flexible server, "Network with private access").

    Attributes:
        resource_group_name: known beforehand; nothing can be put there before ``ready``.
        workspace_id: of the Log Analytics workspace, where logs go.
        virtual_network_id: everything below is in it.
        node_subnet_id: of nodes and internal load balancers; its way out is the NAT gateway.
        api_server_subnet_id: delegated to AKS.
        database_subnet_id: delegated to PostgreSQL flexible servers.
        private_endpoint_subnet_id: of private endpoints.
        database_zone_id: of the private DNS zone in which flexible servers put their names.
        blob_zone_id: of the zone for private endpoints of storage accounts.
        vault_zone_id: of the zone for private endpoints of key vaults.
        nat_public_ip: the address that the internet sees.
        ready: what runs in the network goes behind this, its last part: by then every subnet, way out
            and way in is there, and on the way down they are still there.
        handover: what whoever runs the other networks needs: ids, the range to route here, and the
            networks that may call.
    """

    resource_group_name: str
    workspace_id: pulumi.Output[str]
    virtual_network_id: pulumi.Output[str]
    node_subnet_id: pulumi.Output[str]
    api_server_subnet_id: pulumi.Output[str]
    database_subnet_id: pulumi.Output[str]
    private_endpoint_subnet_id: pulumi.Output[str]
    database_zone_id: pulumi.Output[str]
    blob_zone_id: pulumi.Output[str]
    vault_zone_id: pulumi.Output[str]
    nat_public_ip: pulumi.Output[str | None]
    ready: pulumi.Resource
    handover: Mapping[str, pulumi.Input[str] | Sequence[str]]

    def __init__(self, name: str, args: AzureNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        location, settings = args.location, args.settings
        self.resource_group_name = location.resource_group
        self.go_behind(self._create_group(args))
        workspace = self._create_workspace(args)
        self.workspace_id = workspace.id
        gateway, address = create_nat_gateway(self, settings.nat_gateway, location=location, workspace_id=workspace.id, retain=args.retain)
        self.nat_public_ip = address.ip_address
        virtual_network = self._create_virtual_network(args)
        self.virtual_network_id = virtual_network.id
        openings = plan_openings(settings, database_ports=args.database_ports, endpoint_ports=args.endpoint_ports, to_nodes=args.openings)
        subnets = create_subnets(
            self,
            plan_subnets(settings),
            location=location,
            virtual_network=virtual_network,
            security_groups=create_security_groups(self, openings, location=location, workspace_id=workspace.id),
            nat_gateway=gateway,
        )
        self.node_subnet_id = subnets["nodes"].id
        self.api_server_subnet_id = subnets["api-server"].id
        self.database_subnet_id = subnets["database"].id
        self.private_endpoint_subnet_id = subnets["private-endpoints"].id
        peer = settings.access.peering
        zones = create_private_zones(
            self, location=location, virtual_network_id=virtual_network.id, peer_id=peer.virtual_network if peer else None
        )
        self.database_zone_id, self.blob_zone_id, self.vault_zone_id = zones.database.id, zones.blob.id, zones.vault.id
        joined = self._join(args, virtual_network, after=subnets["private-endpoints"])
        for part in joined[-1:]:
            # A private endpoint changes the virtual network too, and Azure makes one change at a time.
            self.go_behind(part)
        self.ready = create_flow_log(
            self,
            FlowLogSpec(retention=settings.log_retention, watcher_id=settings.network_watcher, analytics=settings.traffic_analytics),
            location=location,
            virtual_network_id=virtual_network.id,
            workspace=workspace,
            access=PrivateAccess(location=location, subnet_id=self.private_endpoint_subnet_id, zone_id=self.blob_zone_id),
            retain=args.retain,
            after=[*subnets.values(), *zones.links, *joined],
        )
        self.register_outputs(
            {
                "resource_group_name": self.resource_group_name,
                "workspace_id": self.workspace_id,
                "virtual_network_id": self.virtual_network_id,
                "node_subnet_id": self.node_subnet_id,
                "api_server_subnet_id": self.api_server_subnet_id,
                "database_subnet_id": self.database_subnet_id,
                "private_endpoint_subnet_id": self.private_endpoint_subnet_id,
                "database_zone_id": self.database_zone_id,
                "blob_zone_id": self.blob_zone_id,
                "vault_zone_id": self.vault_zone_id,
                "nat_public_ip": self.nat_public_ip,
                "handover": self.handover,
            }
        )

    def _create_group(self, args: AzureNetworkArgs) -> resources.ResourceGroup:
        return resources.ResourceGroup(
            self.child_name("group"),
            resources.ResourceGroupArgs(
                resource_group_name=args.location.resource_group, location=args.location.location, tags=args.location.tags
            ),
            self.child_options(protect=args.retain),
        )

    def _create_workspace(self, args: AzureNetworkArgs) -> operationalinsights.Workspace:
        location = args.location
        return operationalinsights.Workspace(
            self.child_name("logs"),
            operationalinsights.WorkspaceArgs(
                workspace_name=location.resource_group,
                resource_group_name=location.resource_group,
                location=location.location,
                sku=operationalinsights.WorkspaceSkuArgs(name=operationalinsights.WorkspaceSkuNameEnum.PER_GB2018),
                retention_in_days=args.settings.log_retention.days,
                # Whoever may read a resource may read its logs.
                features=operationalinsights.WorkspaceFeaturesArgs(enable_log_access_using_only_resource_permissions=True),
                tags=location.tags,
            ),
            self.child_options(protect=args.retain),
        )

    def _create_virtual_network(self, args: AzureNetworkArgs) -> network.VirtualNetwork:
        location = args.location
        virtual_network = network.VirtualNetwork(
            self.child_name("virtual-network"),
            network.VirtualNetworkInitArgs(
                virtual_network_name=location.resource_group,
                resource_group_name=location.resource_group,
                location=location.location,
                address_space=network.AddressSpaceArgs(address_prefixes=[str(args.settings.cidr)]),
                tags=location.tags,
            ),
            self.child_options(),
        )
        send_diagnostics(
            self,
            "virtual-network-diagnostics",
            resource_id=virtual_network.id,
            workspace_id=self.workspace_id,
            logs=["VMProtectionAlerts"],
        )
        return virtual_network

    def _join(
        self, args: AzureNetworkArgs, virtual_network: network.VirtualNetwork, *, after: pulumi.Resource
    ) -> Sequence[pulumi.Resource]:
        """The ways in from outside that are set."""
        handover: dict[str, pulumi.Input[str] | Sequence[str]] = {
            "virtualNetworkId": virtual_network.id,
            "virtualNetworkCidr": str(args.settings.cidr),
        }
        access = args.settings.access
        parts: list[pulumi.Resource] = []
        if access.peering:
            hub, parts = create_peering(
                self,
                access.peering.virtual_network,
                use_gateway=access.peering.remote_gateway,
                location=args.location,
                virtual_network=virtual_network,
                after=after,
            )
            handover["peeringId"] = hub.id
            handover["callerCidrs"] = [str(cidr) for cidr in access.callers]
        for other in access.peers:
            name = other.rpartition("/")[2]
            _, made = create_peering(
                self,
                other,
                role=f"peering-{name}",
                name=name,
                location=args.location,
                virtual_network=virtual_network,
                after=parts[-1] if parts else after,
            )
            parts += made
        self.handover = handover
        return parts
