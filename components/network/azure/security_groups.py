"""Who may call what in the virtual network: a security group for each subnet.

All of them end by refusing what the rule AllowVnetInBound of Azure would let in: every network that
is joined with this one. What goes out is left to Azure's own rules, NAT and NetworkPolicies, but for
the way to the pods, whose addresses those rules need not know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import network

from components.azure import AzureLocation, send_diagnostics
from components.base import Component
from components.network.azure.model import NetworkSettings

HTTPS: Final = 443
# Nodes call the Kubernetes API at these (AKS, "API Server VNet Integration", NSG security rules).
API_SERVER_PORTS: Final = (HTTPS, 4443)
ANY: Final = "*"
LOAD_BALANCER: Final = "AzureLoadBalancer"
INTERNET: Final = "Internet"
JOINED_NETWORKS: Final = "VirtualNetwork"
_FIRST_PRIORITY: Final = 100
_LAST_PRIORITY: Final = 4096
_LOGS: Final = ("NetworkSecurityGroupEvent", "NetworkSecurityGroupRuleCounter")


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What is let in, or out.

    Attributes:
        name: of the rule in its group.
        sources: CIDRs, or one name of Azure's, such as ``Internet``.
        destinations: CIDRs; everything in the subnet where it is empty.
        ports: TCP ports; every port of every protocol where it is empty.
        outbound: whether it is about what goes out.
    """

    name: str
    sources: Sequence[str]
    destinations: Sequence[str] = ()
    ports: Sequence[int] = ()
    outbound: bool = False


def plan_openings(
    settings: NetworkSettings, *, database_ports: Sequence[int], endpoint_ports: Sequence[int] = (), to_nodes: Sequence[Opening] = ()
) -> Mapping[str, Sequence[Opening]]:
    """What each subnet lets in, and out where that has to be said, by the name of the subnet.

    Pods have addresses of their own among each other and with the Kubernetes API, and those of their
    nodes elsewhere (AKS, "Azure CNI Overlay").
    """
    nodes, pods = str(settings.node_cidr), str(settings.pod_cidr)
    api_servers, databases = str(settings.api_server_cidr), str(settings.database_cidr)
    callers = tuple(map(str, settings.access.callers))
    probes = Opening(name="health-probes", sources=(LOAD_BALANCER,))
    return {
        "nodes": [
            Opening(name="cluster", sources=(nodes, pods, api_servers), destinations=(nodes, pods)),
            Opening(name="to-cluster", sources=(nodes, pods), destinations=(nodes, pods), outbound=True),
            probes,
            # The destination is a load balancer's address, which packets keep on the way to a node. Nodes have no public
            # address, and the group that AKS keeps at their network cards opens the ports of Services that are there alone.
            *_open(settings.load_balancer_ports, internet=(INTERNET,), callers=callers),
            *to_nodes,
        ],
        "api-server": [
            Opening(name="cluster", sources=(nodes, pods), ports=API_SERVER_PORTS),
            Opening(name="api-servers", sources=(api_servers,), destinations=(api_servers,)),
            Opening(name="to-cluster", sources=(api_servers,), destinations=(nodes, pods), outbound=True),
            probes,
            *_open((HTTPS,), callers=callers),
        ],
        "database": [
            # Standbys copy from each other at the database's own port.
            Opening(name="databases", sources=(databases,), destinations=(databases,)),
            probes,
            *_open(database_ports, nodes=(nodes,), callers=callers),
        ],
        "private-endpoints": _open((HTTPS, *endpoint_ports), nodes=(nodes,), callers=callers),
    }


def _open(ports: Sequence[int], **sources: Sequence[str]) -> list[Opening]:
    return [Opening(name=name, sources=ranges, ports=ports) for name, ranges in sources.items() if ranges and ports]


def create_security_groups(
    component: Component,
    openings: Mapping[str, Sequence[Opening]],
    *,
    location: AzureLocation,
    workspace_id: pulumi.Input[str],
) -> Mapping[str, network.NetworkSecurityGroup]:
    """A group for each subnet; what is matched against its rules goes to the workspace."""
    created = {
        subnet: network.NetworkSecurityGroup(
            component.child_name(subnet),
            network.NetworkSecurityGroupInitArgs(
                network_security_group_name=f"{location.resource_group}-{subnet}",
                resource_group_name=location.resource_group,
                location=location.location,
                security_rules=[
                    *(_allow(opening, priority) for priority, opening in enumerate(let_in, _FIRST_PRIORITY)),
                    _refuse_joined_networks(),
                ],
                tags=location.tags,
            ),
            component.child_options(),
        )
        for subnet, let_in in openings.items()
    }
    for subnet, security_group in created.items():
        role = f"{subnet}-diagnostics"
        send_diagnostics(component, role, resource_id=security_group.id, workspace_id=workspace_id, logs=_LOGS, metrics=False)
    return created


def _allow(opening: Opening, priority: int) -> network.SecurityRuleArgs:
    ports = [str(port) for port in opening.ports]
    return network.SecurityRuleArgs(
        name=opening.name,
        priority=priority,
        direction=network.SecurityRuleDirection.OUTBOUND if opening.outbound else network.SecurityRuleDirection.INBOUND,
        access=network.SecurityRuleAccess.ALLOW,
        protocol=network.SecurityRuleProtocol.TCP if ports else network.SecurityRuleProtocol.ASTERISK,
        # A name of Azure's is allowed in the singular alone, several ranges in the plural.
        source_address_prefix=opening.sources[0] if len(opening.sources) == 1 else None,
        source_address_prefixes=list(opening.sources) if len(opening.sources) > 1 else None,
        source_port_range=ANY,
        destination_address_prefix=ANY if not opening.destinations else None,
        destination_address_prefixes=list(opening.destinations) or None,
        destination_port_range=ANY if not ports else None,
        destination_port_ranges=ports or None,
    )


def _refuse_joined_networks() -> network.SecurityRuleArgs:
    return network.SecurityRuleArgs(
        name="others",
        priority=_LAST_PRIORITY,
        direction=network.SecurityRuleDirection.INBOUND,
        access=network.SecurityRuleAccess.DENY,
        protocol=network.SecurityRuleProtocol.ASTERISK,
        source_address_prefix=JOINED_NETWORKS,
        source_port_range=ANY,
        destination_address_prefix=ANY,
        destination_port_range=ANY,
    )
