"""Who may talk to whom on a cluster's network: nodes with each other and with the control plane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

import pulumi
import pulumi_aws as aws

from components.base import Component

API_PORT: Final = 443


@dataclass(frozen=True, kw_only=True)
class SecurityGroups:
    """The groups of the control plane's interfaces and of the nodes, whose pods share theirs."""

    control_plane: aws.ec2.SecurityGroup
    nodes: aws.ec2.SecurityGroup
    rules: Sequence[pulumi.Resource]


@dataclass(frozen=True, kw_only=True)
class ApiClients:
    """Who may call the Kubernetes API from within or through the VPC, beside nodes and pods.

    Attributes:
        cidrs: networks.
        group_ids: security groups, by what they are of.
    """

    cidrs: Sequence[IPv4Network]
    group_ids: Mapping[str, pulumi.Input[str]]


def create_security_groups(cluster: Component, *, vpc_id: pulumi.Input[str], cluster_name: str, clients: ApiClients) -> SecurityGroups:
    """Create both groups and their rules.

    Between pods NetworkPolicies decide, so nodes let everything of each other in. The control plane may open any TCP port of a node:
    kubelets, and admission webhooks, whose ports are their pods' own choice.
    """
    control_plane = aws.ec2.SecurityGroup(
        cluster.child_name("control-plane"),
        aws.ec2.SecurityGroupArgs(
            vpc_id=vpc_id, description="Kubernetes API of the cluster", tags={"Name": cluster.child_name("control-plane")}
        ),
        cluster.child_options(),
    )
    nodes = aws.ec2.SecurityGroup(
        cluster.child_name("nodes"),
        aws.ec2.SecurityGroupArgs(
            vpc_id=vpc_id,
            description="Nodes and pods of the cluster",
            # Load balancer controllers open the one group of a node that bears this tag.
            tags={"Name": cluster.child_name("nodes"), f"kubernetes.io/cluster/{cluster_name}": "owned"},
        ),
        cluster.child_options(),
    )
    ingress = {
        "api-from-nodes": aws.vpc.SecurityGroupIngressRuleArgs(
            security_group_id=control_plane.id,
            description="Kubernetes API from nodes and pods",
            ip_protocol="tcp",
            from_port=API_PORT,
            to_port=API_PORT,
            referenced_security_group_id=nodes.id,
        ),
        "nodes-from-nodes": aws.vpc.SecurityGroupIngressRuleArgs(
            security_group_id=nodes.id,
            description="Nodes and pods among themselves",
            ip_protocol="-1",
            referenced_security_group_id=nodes.id,
        ),
        "nodes-from-control-plane": aws.vpc.SecurityGroupIngressRuleArgs(
            security_group_id=nodes.id,
            description="Kubelets and admission webhooks from the control plane",
            ip_protocol="tcp",
            from_port=0,
            to_port=65535,
            referenced_security_group_id=control_plane.id,
        ),
        **{
            f"api-from-{cidr.network_address}-{cidr.prefixlen}": aws.vpc.SecurityGroupIngressRuleArgs(
                security_group_id=control_plane.id,
                description="Kubernetes API from a named network",
                ip_protocol="tcp",
                from_port=API_PORT,
                to_port=API_PORT,
                cidr_ipv4=str(cidr),
            )
            for cidr in clients.cidrs
        },
        **{
            f"api-from-{client}": aws.vpc.SecurityGroupIngressRuleArgs(
                security_group_id=control_plane.id,
                description=f"Kubernetes API from {client}",
                ip_protocol="tcp",
                from_port=API_PORT,
                to_port=API_PORT,
                referenced_security_group_id=group_id,
            )
            for client, group_id in clients.group_ids.items()
        },
    }
    rules: list[pulumi.Resource] = [
        aws.vpc.SecurityGroupIngressRule(cluster.child_name(role), rule, cluster.child_options()) for role, rule in ingress.items()
    ]
    # Images, AWS services and whatever pods call; what a pod may call is for NetworkPolicies to say.
    # The control plane's interfaces also bear the group that EKS makes for them, which lets them out.
    rules.append(
        aws.vpc.SecurityGroupEgressRule(
            cluster.child_name("nodes-to-anywhere"),
            aws.vpc.SecurityGroupEgressRuleArgs(
                security_group_id=nodes.id, description="Anything outward", ip_protocol="-1", cidr_ipv4="0.0.0.0/0"
            ),
            cluster.child_options(),
        )
    )
    return SecurityGroups(control_plane=control_plane, nodes=nodes, rules=rules)
