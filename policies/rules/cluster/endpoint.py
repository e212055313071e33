"""CLUS-008: the Kubernetes API of a cluster is reached by those who should reach it, and by nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from facts.addresses import is_worldwide
from policies.findings import Findings, Level
from policies.model import Resource, Stack, rule, stack_rule
from policies.rules.cluster.node_pools import EKS_CLUSTER

WAYS_IN: Final = (
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
"""What can join a VPC to those who deploy into it: gateways, peerings, VPNs, and instances to go through."""


@stack_rule("CLUS-008", on=(EKS_CLUSTER, *WAYS_IN))
def private_cluster_has_way_in(resources: Sequence[Resource], _: Stack) -> Findings:
    """Advice: a VPC that exists may be joined by somebody else, which no stack shows."""
    if any(resource.type in WAYS_IN for resource in resources):
        return
    for cluster in resources:
        yield from cluster.at("vpcConfig.endpointPublicAccess").must_be_true(
            "the cluster's API is private and nothing in the stack leads into its network: whoever deploys may not reach it",
            default=True,
            cure="Attach the VPC to a transit gateway, peer it, or run an instance for Session Manager; "
            "or open the public endpoint to named CIDRs for the first run",
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
