"""What a cluster is, by the sections of its API: the way to the control plane, the network, security."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pulumi
from pulumi_azure_native import containerservice

from components.cluster.aks.model import ClusterSettings
from facts.addresses import KUBERNETES_DNS_ADDRESS, KUBERNETES_SERVICE_CIDR

_IMAGE_CLEANER_HOURS: Final = 168


def api_access_profile(
    settings: ClusterSettings, subnet_id: pulumi.Input[str]
) -> containerservice.ManagedClusterAPIServerAccessProfileArgs:
    """The API in the network, and on the internet too where networks are named.

    Nodes reach it through the network in any case: their gateway's address need not be named. A private
    API has a name that everybody can resolve, to an address that only the network leads to: whoever is
    in a network beside it needs no DNS of ours.
    """
    private = not settings.public_access_cidrs
    return containerservice.ManagedClusterAPIServerAccessProfileArgs(
        enable_vnet_integration=True,
        subnet_id=subnet_id,
        disable_run_command=True,
        enable_private_cluster=private,
        enable_private_cluster_public_fqdn=True if private else None,
        private_dns_zone="none" if private else None,
        authorized_ip_ranges=None if private else [str(cidr) for cidr in settings.public_access_cidrs],
    )


def network_profile(pod_cidr: str) -> containerservice.ContainerServiceNetworkProfileArgs:
    """All of it is fixed when the cluster is created."""
    return containerservice.ContainerServiceNetworkProfileArgs(
        network_plugin=containerservice.NetworkPlugin.AZURE,
        network_plugin_mode=containerservice.NetworkPluginMode.OVERLAY,
        network_dataplane=containerservice.NetworkDataplane.CILIUM,
        # Without it NetworkPolicies are accepted and ignored (NET-003).
        network_policy=containerservice.NetworkPolicy.CILIUM,
        pod_cidr=pod_cidr,
        service_cidr=KUBERNETES_SERVICE_CIDR,
        dns_service_ip=KUBERNETES_DNS_ADDRESS,
        outbound_type=containerservice.OutboundType.USER_ASSIGNED_NAT_GATEWAY,
        load_balancer_sku=containerservice.LoadBalancerSku.STANDARD,
    )


def security_profile(settings: ClusterSettings, workspace_id: pulumi.Input[str]) -> containerservice.ManagedClusterSecurityProfileArgs:
    """What AKS does about security beside the usual; logs of the sensor go to the workspace."""
    return containerservice.ManagedClusterSecurityProfileArgs(
        workload_identity=containerservice.ManagedClusterSecurityProfileWorkloadIdentityArgs(enabled=True),
        image_cleaner=containerservice.ManagedClusterSecurityProfileImageCleanerArgs(enabled=True, interval_hours=_IMAGE_CLEANER_HOURS),
        defender=containerservice.ManagedClusterSecurityProfileDefenderArgs(
            log_analytics_workspace_resource_id=workspace_id,
            security_monitoring=containerservice.ManagedClusterSecurityProfileDefenderSecurityMonitoringArgs(enabled=True),
        )
        if settings.defender
        else None,
    )


def issuer_of(profile: containerservice.outputs.ManagedClusterOIDCIssuerProfileResponse | None) -> str:
    """The URL under which the cluster publishes the keys of its tokens."""
    # AKS gives one to every cluster whose issuer is on.
    return profile.issuer_url if profile else ""


def kubelet_of(profile: Mapping[str, containerservice.outputs.UserAssignedIdentityManagedClusterResponse] | None) -> str:
    """The object in Entra that pulls images for the nodes."""
    # AKS makes it beside the nodes.
    return (profile["kubeletidentity"].object_id or "") if profile else ""
