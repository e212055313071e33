"""The subnets of a virtual network, each in all zones of the region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

import pulumi
from pulumi_azure_native import network

from components.azure import AzureLocation
from components.base import Component
from components.network.azure.model import NetworkSettings

_API_SERVERS: Final = "Microsoft.ContainerService/managedClusters"
_DATABASES: Final = "Microsoft.DBforPostgreSQL/flexibleServers"
_STORAGE: Final = "Microsoft.Storage"


@dataclass(frozen=True, kw_only=True)
class SubnetSpec:
    """A subnet.

    Attributes:
        cidr: fixed while anything is in it.
        delegated_to: the service that alone puts its resources there.
        service_endpoints: services that it reaches without the internet.
        outward: whether it goes to the internet through the NAT gateway.
        private_endpoints: whether the security group holds for private endpoints; Azure leaves them out otherwise.
    """

    cidr: IPv4Network
    delegated_to: str | None = None
    service_endpoints: tuple[str, ...] = ()
    outward: bool = False
    private_endpoints: bool = False


def plan_subnets(settings: NetworkSettings) -> Mapping[str, SubnetSpec]:
    """The subnets by name."""
    return {
        "nodes": SubnetSpec(cidr=settings.node_cidr, outward=True),
        "api-server": SubnetSpec(cidr=settings.api_server_cidr, delegated_to=_API_SERVERS),
        # Servers archive their log there all the time (PostgreSQL flexible server, "Network with private access").
        "database": SubnetSpec(cidr=settings.database_cidr, delegated_to=_DATABASES, service_endpoints=(_STORAGE,)),
        "private-endpoints": SubnetSpec(cidr=settings.private_endpoint_cidr, private_endpoints=True),
    }


def create_subnets(
    component: Component,
    specs: Mapping[str, SubnetSpec],
    *,
    location: AzureLocation,
    virtual_network: network.VirtualNetwork,
    security_groups: Mapping[str, network.NetworkSecurityGroup],
    nat_gateway: network.NatGateway,
) -> Mapping[str, network.Subnet]:
    """Create one after the other: Azure refuses to change two subnets of a virtual network at once."""
    created: dict[str, network.Subnet] = {}
    previous: list[pulumi.Resource] = []
    for name, spec in specs.items():
        created[name] = network.Subnet(
            component.child_name(f"{name}-subnet"),
            network.SubnetInitArgs(
                subnet_name=name,
                virtual_network_name=virtual_network.name,
                resource_group_name=location.resource_group,
                address_prefix=str(spec.cidr),
                network_security_group=network.NetworkSecurityGroupArgs(id=security_groups[name].id),
                nat_gateway=network.SubResourceArgs(id=nat_gateway.id) if spec.outward else None,
                # Delegated ones cannot say so: there the service decides how it goes out.
                default_outbound_access=None if spec.delegated_to else False,
                delegations=[network.DelegationArgs(name="service", service_name=spec.delegated_to)] if spec.delegated_to else None,
                service_endpoints=[network.ServiceEndpointPropertiesFormatArgs(service=service) for service in spec.service_endpoints]
                or None,
                private_endpoint_network_policies=_policies(applied=spec.private_endpoints),
            ),
            component.child_options(depends_on=previous),
        )
        previous = [created[name]]
    return created


def _policies(*, applied: bool) -> network.VirtualNetworkPrivateEndpointNetworkPolicies:
    policies = network.VirtualNetworkPrivateEndpointNetworkPolicies
    return policies.NETWORK_SECURITY_GROUP_ENABLED if applied else policies.DISABLED
