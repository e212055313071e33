"""CLUS-008: the Kubernetes API of a cluster is reached by those who should reach it, and by nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from facts.addresses import is_worldwide
from policies.findings import Findings, Level
from policies.model import Resource, Stack, rule, stack_rule
from policies.rules.cluster.node_pools import AKS_CLUSTER, EKS_CLUSTER

_AWS_WAYS_IN: Final = (
    "aws:autoscaling/group:Group",
    "aws:ec2/instance:Instance",
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
    "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
    "aws:ec2/vpnGateway:VpnGateway",
    "aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment",
    "aws:ec2clientvpn/endpoint:Endpoint",
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment",
    "aws:networkmanager/vpcAttachment:VpcAttachment",
)
_AZURE_WAYS_IN: Final = (
    "azure-native:compute:VirtualMachine",
    "azure-native:compute:VirtualMachineScaleSet",
    "azure-native:network:BastionHost",
    "azure-native:network:HubVirtualNetworkConnection",
    "azure-native:network:VirtualNetworkGateway",
    "azure-native:network:VirtualNetworkPeering",
)
WAYS_IN: Final = {EKS_CLUSTER: _AWS_WAYS_IN, AKS_CLUSTER: _AZURE_WAYS_IN}
"""What can join a cloud's network to those who deploy into it: gateways, peerings, VPNs, and machines to go through."""
_NO_WAY_IN: Final = "the cluster's API is private and nothing in the stack leads into its network: whoever deploys may not reach it"


@stack_rule("CLUS-008", on=(*WAYS_IN, *_AWS_WAYS_IN, *_AZURE_WAYS_IN))
def private_cluster_has_way_in(resources: Sequence[Resource], _: Stack) -> Findings:
    """Advice: a network that exists may be joined by somebody else, which no stack shows."""
    present = {resource.type for resource in resources}
    for cluster in resources:
        if cluster.type not in WAYS_IN or not present.isdisjoint(WAYS_IN[cluster.type]):
            continue
        if cluster.type == EKS_CLUSTER:
            yield from cluster.at("vpcConfig.endpointPublicAccess").must_be_true(
                _NO_WAY_IN,
                default=True,
                cure="Attach the VPC to a transit gateway, peer it, or run an instance for Session Manager; "
                "or open the public endpoint to named CIDRs for the first run",
                level=Level.ADVISORY,
            )
        else:
            yield from cluster.at("apiServerAccessProfile.enablePrivateCluster").must_be_false(
                _NO_WAY_IN,
                cure="Peer the virtual network, connect it to a virtual hub or a VPN gateway, or run a Bastion in it; "
                "or open the public endpoint to named ranges for the first run",
                level=Level.ADVISORY,
            )


@rule("CLUS-008", on=EKS_CLUSTER)
def public_cluster_endpoint_is_restricted(cluster: Resource, _: Stack) -> Findings:
    """Advice, because the review speaks of subnets; EKS lets in everybody unless it is told otherwise."""
    if not cluster.at("vpcConfig.endpointPublicAccess").is_true(default=True):
        return
    cidrs = cluster.at("vpcConfig.publicAccessCidrs")
    known = [place.get() for place in cidrs.each()]
    if cidrs.is_absent or is_worldwide(known):
        yield from cidrs.refuse(
            "the Kubernetes API is open to the internet",
            "Set vpcConfig.endpointPublicAccess to false, or vpcConfig.publicAccessCidrs to the networks that need it",
            level=Level.ADVISORY,
        )


@rule("CLUS-008", on=AKS_CLUSTER)
def public_aks_endpoint_is_restricted(cluster: Resource, _: Stack) -> Findings:
    """Advice, as on EKS; AKS, too, lets in everybody unless it is told otherwise."""
    access = cluster["apiServerAccessProfile"]
    if access["enablePrivateCluster"].may_equal(expected=True):
        return
    ranges = access["authorizedIPRanges"]
    known = [place.get() for place in ranges.each()]
    if not ranges.is_unknown and (not known or is_worldwide(known)):
        yield from ranges.refuse(
            "the Kubernetes API is open to the internet",
            "Set apiServerAccessProfile.enablePrivateCluster to true, or authorizedIPRanges to the networks that need it",
            level=Level.ADVISORY,
        )
