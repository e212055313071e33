"""The Kubernetes cluster on Azure: AKS with its identity, rights, logs, windows and nodes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import authorization, containerservice, managedidentity

from components.azure import AzureLocation, identities, send_diagnostics
from components.base import Component
from components.cluster.aks.kubeconfig import read_access, render_access
from components.cluster.aks.maintenance import schedule_maintenance
from components.cluster.aks.model import ClusterSettings
from components.cluster.aks.node_pools import PoolContext, create_pools, system_pool, upgrade_minutes
from components.cluster.aks.profiles import api_access_profile, issuer_of, kubelet_of, network_profile, security_profile
from components.security.azure.roles import Holder, assign_role
from facts.azure import BuiltInRole
from facts.releases import AKS, KUBERNETES_RELEASES, support_advice

# All that AKS offers but kube-audit, which is kube-audit-admin with every get and list beside it, and
# what belongs to features that are off.
CONTROL_PLANE_LOGS: Final = (
    "cloud-controller-manager",
    "cluster-autoscaler",
    "csi-azuredisk-controller",
    "csi-snapshot-controller",
    "guard",
    "kube-apiserver",
    "kube-audit-admin",
    "kube-controller-manager",
    "kube-scheduler",
)


@dataclass(frozen=True, kw_only=True)
class AksClusterArgs:
    """What a cluster needs beside its settings.

    Attributes:
        settings: what users decide.
        location: where it is, and its tags.
        name: its physical name.
        zones: of pools that name none; empty where the region has none.
        node_subnet_id: where nodes have their addresses; its way out is a NAT gateway.
        api_server_subnet_id: where the control plane has its interfaces; delegated to AKS.
        pod_cidr: of pods, a /24 for each node; not part of the network.
        workspace_id: where logs go.
        retain: protects the cluster.
        disk_encryption_set_id: of the key that nodes' disks are encrypted with; None for Azure's own.
            Another one replaces the cluster.
    """

    settings: ClusterSettings
    location: AzureLocation
    name: str
    zones: Sequence[str]
    node_subnet_id: pulumi.Input[str]
    api_server_subnet_id: pulumi.Input[str]
    pod_cidr: str
    workspace_id: pulumi.Input[str]
    retain: bool
    disk_encryption_set_id: str | None = None


class AksCluster(Component):
    """An AKS cluster whose API lies in its network, and where people and pods sign in by Entra alone.

    ``opts`` put it behind the NAT gateway and the subnets of its network. ``control_plane`` is the
    identity that creates disks and load balancers: whoever lets it do so elsewhere gives it rights
    there. ``ready`` is the gate of whatever runs in the cluster: its last pool of nodes.

    The cluster has no lock. One would hold for its pools too, and none could be removed; what it
    leaves behind lies in other resource groups.
    """

    cluster_name: pulumi.Output[str]
    oidc_issuer_url: pulumi.Output[str]
    kubelet_object_id: pulumi.Output[str]
    kubeconfig: pulumi.Output[str]
    control_plane: Holder
    ready: pulumi.Resource

    def __init__(self, name: str, args: AksClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        advice = support_advice(args.settings.version, AKS, dt.datetime.now(tz=dt.UTC).date())
        if advice:
            pulumi.log.warn(f"{advice}. Set version to {KUBERNETES_RELEASES[-1]}, one release at a time (runbooks/aks-upgrade.md)", self)
        self._args = args
        identity, rights = self._create_identity()
        cluster = self._create_cluster(identity, rights)
        self.cluster_name = cluster.name
        self.oidc_issuer_url = cluster.oidc_issuer_profile.apply(issuer_of)
        self.kubelet_object_id = cluster.identity_profile.apply(kubelet_of)
        send_diagnostics(self, "logs", resource_id=cluster.id, workspace_id=args.workspace_id, logs=CONTROL_PLANE_LOGS)
        schedule_maintenance(self, args.settings, resource_group=args.location.resource_group, cluster_name=self.cluster_name)
        self._let_people_in(cluster)
        context = PoolContext(
            resource_group=args.location.resource_group,
            cluster_name=self.cluster_name,
            settings=args.settings,
            zones=args.zones,
            subnet_id=args.node_subnet_id,
            tags=args.location.tags,
        )
        self.ready = create_pools(self, context, after=[cluster])[-1]
        self.kubeconfig = self._kubeconfig()
        self.register_outputs(
            {
                "cluster_name": self.cluster_name,
                "oidc_issuer_url": self.oidc_issuer_url,
                "kubelet_object_id": self.kubelet_object_id,
                "kubeconfig": self.kubeconfig,
            }
        )

    def _create_identity(self) -> tuple[managedidentity.UserAssignedIdentity, list[pulumi.Resource]]:
        """The control plane's identity, and its rights, which AKS asks for before it creates anything."""
        args, location = self._args, self._args.location
        identity_name = f"{args.name}-control-plane"
        identity = managedidentity.UserAssignedIdentity(
            self.child_name("control-plane"),
            # As keywords, here and with the cluster: the SDK would take the resource_name of their
            # arguments for the resource's own.
            resource_name_=identity_name,
            resource_group_name=location.resource_group,
            location=location.location,
            tags=location.tags,
            opts=self.child_options(),
        )
        self.control_plane = Holder(
            name=location.resource_id("Microsoft.ManagedIdentity/userAssignedIdentities", identity_name), principal_id=identity.principal_id
        )
        scopes: dict[str, tuple[BuiltInRole, pulumi.Input[str]]] = {
            "nodes": (BuiltInRole.NETWORK_CONTRIBUTOR, args.node_subnet_id),
            "api-server": (BuiltInRole.NETWORK_CONTRIBUTOR, args.api_server_subnet_id),
        }
        if args.disk_encryption_set_id is not None:
            scopes["disk-encryption"] = (BuiltInRole.READER, args.disk_encryption_set_id)
        return identity, [
            assign_role(self, f"control-plane-{role}", right, scope=scope, holder=self.control_plane, location=location)
            for role, (right, scope) in scopes.items()
        ]

    def _create_cluster(
        self, identity: managedidentity.UserAssignedIdentity, rights: Sequence[pulumi.Resource]
    ) -> containerservice.ManagedCluster:
        args, settings, location = self._args, self._args.settings, self._args.location
        patience = f"{upgrade_minutes(settings.most_nodes(args.zones))}m"
        return containerservice.ManagedCluster(
            self.child_name("cluster"),
            resource_name_=args.name,
            resource_group_name=location.resource_group,
            location=location.location,
            tags={**location.tags, **(settings.recovery.tags if settings.recovery else {})},
            dns_prefix=args.name,
            kubernetes_version=settings.version,
            sku=containerservice.ManagedClusterSKUArgs(
                name=containerservice.ManagedClusterSKUName.BASE,
                tier=containerservice.ManagedClusterSKUTier.STANDARD
                if settings.uptime_sla
                else containerservice.ManagedClusterSKUTier.FREE,
            ),
            identity=containerservice.ManagedClusterIdentityArgs(
                type=containerservice.ResourceIdentityType.USER_ASSIGNED, user_assigned_identities=identities(identity.id)
            ),
            node_resource_group=f"{args.name}-nodes",
            # AKS alone changes what it made: who edits a scale set by hand breaks the next upgrade.
            node_resource_group_profile=containerservice.ManagedClusterNodeResourceGroupProfileArgs(
                restriction_level=containerservice.RestrictionLevel.READ_ONLY
            ),
            enable_rbac=True,
            disable_local_accounts=True,
            aad_profile=containerservice.ManagedClusterAADProfileArgs(
                managed=True,
                enable_azure_rbac=True,
                admin_group_object_ids=list(settings.admin_group_ids),
                tenant_id=location.tenant_id,
            ),
            api_server_access_profile=api_access_profile(settings, args.api_server_subnet_id),
            network_profile=network_profile(args.pod_cidr),
            oidc_issuer_profile=containerservice.ManagedClusterOIDCIssuerProfileArgs(enabled=True),
            security_profile=security_profile(settings, args.workspace_id),
            addon_profiles={"azurepolicy": containerservice.ManagedClusterAddonProfileArgs(enabled=settings.azure_policy)},
            auto_scaler_profile=containerservice.ManagedClusterPropertiesAutoScalerProfileArgs(
                # The pools of one kind in several zones stay of one size.
                balance_similar_node_groups="true",
                expander=containerservice.Expander.LEAST_WASTE,
                # Otherwise one pod with an emptyDir keeps its node for ever.
                skip_nodes_with_local_storage="false",
            ),
            auto_upgrade_profile=containerservice.ManagedClusterAutoUpgradeProfileArgs(
                upgrade_channel=containerservice.UpgradeChannel.PATCH,
                node_os_upgrade_channel=containerservice.NodeOSUpgradeChannel.NODE_IMAGE,
            ),
            storage_profile=containerservice.ManagedClusterStorageProfileArgs(
                disk_csi_driver=containerservice.ManagedClusterStorageProfileDiskCSIDriverArgs(enabled=True),
                snapshot_controller=containerservice.ManagedClusterStorageProfileSnapshotControllerArgs(enabled=True),
                # Nothing claims shares; the driver's accounts would be open to shared keys.
                file_csi_driver=containerservice.ManagedClusterStorageProfileFileCSIDriverArgs(enabled=False),
                blob_csi_driver=containerservice.ManagedClusterStorageProfileBlobCSIDriverArgs(enabled=False),
            ),
            disk_encryption_set_id=args.disk_encryption_set_id,
            agent_pool_profiles=[system_pool(settings, zones=args.zones, subnet_id=args.node_subnet_id, tags=location.tags)],
            opts=self.child_options(
                depends_on=list(rights),
                protect=args.retain,
                # Its name, its resource group and its node resource group are taken.
                delete_before_replace=True,
                custom_timeouts=pulumi.CustomTimeouts(create="60m", update=patience, delete="60m"),
            ),
        )

    def _let_people_in(self, cluster: containerservice.ManagedCluster) -> None:
        """Let admins fetch a kubeconfig, and viewers look; admins' rights in the cluster come from AKS."""
        settings = self._args.settings
        granted = [
            *((f"admin-{group}", BuiltInRole.AKS_CLUSTER_USER, group) for group in settings.admin_group_ids),
            *((f"viewer-{group}", BuiltInRole.AKS_CLUSTER_USER, group) for group in settings.viewer_group_ids),
            *((f"viewer-{group}-reader", BuiltInRole.AKS_RBAC_READER, group) for group in settings.viewer_group_ids),
        ]
        for role, right, group in granted:
            holder = Holder(name=group, principal_id=group, kind=authorization.PrincipalType.GROUP)
            assign_role(self, role, right, scope=cluster.id, holder=holder, location=self._args.location)

    def _kubeconfig(self) -> pulumi.Output[str]:
        # A call with unknown arguments is left out, so that the preview of a new cluster asks nobody.
        location = self._args.location
        credentials = containerservice.list_managed_cluster_user_credentials_output(
            resource_group_name=location.resource_group,
            resource_name=self.cluster_name,
            opts=pulumi.InvokeOutputOptions(parent=self),
        )
        return credentials.apply(
            lambda known: render_access(read_access(known.kubeconfigs[0].value, cluster_name=self._args.name, tenant_id=location.tenant_id))
        )
