"""The Kubernetes cluster on AWS: EKS with its keys, logs, identities, add-ons and nodes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pulumi
import pulumi_aws as aws

from components.aws import (
    AwsLocation,
    KeySpec,
    LogGroupSpec,
    encrypted_log_group,
    encryption_key,
)
from components.base import Component
from components.cluster.eks.addons import AFTER_NODES, BEFORE_NODES, AddonContext, create_addons
from components.cluster.eks.iam import create_control_plane_role, create_node_role, grant_access, secrets_key_policy
from components.cluster.eks.kubeconfig import ClusterAccess, render_access
from components.cluster.eks.model import ClusterSettings
from components.cluster.eks.node_groups import NodeContext, create_node_group
from components.cluster.eks.releases import RELEASES
from components.cluster.eks.security_groups import ApiClients, SecurityGroups, create_security_groups
from facts.addresses import KUBERNETES_SERVICE_CIDR
from facts.releases import EKS, KUBERNETES_RELEASES, support_advice

# All that EKS offers (SEC-015 asks for the first three).
CONTROL_PLANE_LOGS: Final = ("api", "audit", "authenticator", "controllerManager", "scheduler")


@dataclass(frozen=True, kw_only=True)
class EksClusterArgs:
    """What a cluster needs beside its settings.

    Attributes:
        settings: what users decide.
        name: its physical name.
        region: where it is.
        account_id: likewise.
        vpc_id: its network.
        control_plane_subnet_ids: where the control plane has its interfaces, by zone; two at least, and never others later.
        node_subnet_ids: where nodes and pods live, by zone.
        retain: protects what would be lost for ever.
        tags: reach instances and volumes, where a provider's default tags do not.
        client_group_ids: security groups that may call the API beside the nodes', each by what it is of.
        local_port: where clients have a tunnel to the API on their own machine; None where they reach it directly.
    """

    settings: ClusterSettings
    name: str
    region: str
    account_id: str
    vpc_id: pulumi.Input[str]
    control_plane_subnet_ids: Mapping[str, pulumi.Input[str]]
    node_subnet_ids: Mapping[str, pulumi.Input[str]]
    retain: bool
    tags: Mapping[str, str]
    client_group_ids: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    local_port: int | None = None

    @property
    def location(self) -> AwsLocation:
        """Where the cluster is."""
        return AwsLocation(region=self.region, account_id=self.account_id)

    @property
    def log_group(self) -> LogGroupSpec:
        """Where EKS writes the control plane's logs.

        The name is EKS's own, so the group must be there before the cluster.
        """
        return LogGroupSpec(name=f"/aws/eks/{self.name}/cluster", retention_days=self.settings.log_retention.days)


class EksCluster(Component):
    """An EKS cluster: a private API, encrypted secrets, people and pods that sign in as IAM roles.

    ``opts`` put it behind the routes, gateways and endpoints of its network: nodes that cannot
    reach AWS never join, and none can be drained once the way there is gone. Whoever creates the
    cluster gets no rights by that: the settings must name the role that deploys.
    ``node_security_group_id`` is the group of nodes and pods alike: what serves them, such as a
    database, lets that one in. ``ready`` is the gate of whatever runs in the cluster: its last
    add-on, behind which are all others and the nodes.
    """

    cluster_name: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    certificate_authority: pulumi.Output[str]
    oidc_provider_arn: pulumi.Output[str]
    oidc_issuer_url: pulumi.Output[str]
    node_security_group_id: pulumi.Output[str]
    node_role_arn: pulumi.Output[str]
    kubeconfig: pulumi.Output[str]
    ready: pulumi.Resource

    def __init__(self, name: str, args: EksClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        advice = support_advice(args.settings.version, EKS, dt.datetime.now(tz=dt.UTC).date())
        if advice:
            pulumi.log.warn(
                f"{advice}. Set version to {KUBERNETES_RELEASES[-1]}, one release at a time (runbooks/node-image-upgrade.md)", self
            )
        groups = create_security_groups(
            self,
            vpc_id=args.vpc_id,
            cluster_name=args.name,
            clients=ApiClients(cidrs=args.settings.private_access_cidrs, group_ids=args.client_group_ids),
        )
        self.node_security_group_id = groups.nodes.id
        cluster = self._create_cluster(args, groups)
        self.cluster_name = cluster.name
        self.endpoint = cluster.endpoint
        self.certificate_authority = cluster.certificate_authority.data
        self.oidc_issuer_url = cluster.identities[0].oidcs[0].issuer
        provider = aws.iam.OpenIdConnectProvider(
            self.child_name("oidc"),
            aws.iam.OpenIdConnectProviderArgs(url=self.oidc_issuer_url, client_id_lists=["sts.amazonaws.com"]),
            self.child_options(),
        )
        self.oidc_provider_arn = provider.arn
        access = [
            *grant_access(
                self, args.settings.admin_role_arns, cluster_name=cluster.name, policy="AmazonEKSClusterAdminPolicy", location=args.location
            ),
            *grant_access(
                self, args.settings.viewer_role_arns, cluster_name=cluster.name, policy="AmazonEKSViewPolicy", location=args.location
            ),
        ]
        self._create_nodes_and_addons(args, groups)
        self.kubeconfig = self._kubeconfig(args, access)
        self.register_outputs(
            {
                "cluster_name": self.cluster_name,
                "endpoint": self.endpoint,
                "certificate_authority": self.certificate_authority,
                "oidc_provider_arn": self.oidc_provider_arn,
                "oidc_issuer_url": self.oidc_issuer_url,
                "node_security_group_id": self.node_security_group_id,
                "node_role_arn": self.node_role_arn,
                "kubeconfig": self.kubeconfig,
            }
        )

    def _create_cluster(self, args: EksClusterArgs, groups: SecurityGroups) -> aws.eks.Cluster:
        settings = args.settings
        role, attached = create_control_plane_role(self, args.location)
        key = encryption_key(
            self,
            KeySpec(role="secrets-key", description=f"Encrypts the Kubernetes secrets of {args.name}"),
            location=args.location,
            retain=args.retain,
        )
        use_key = aws.iam.RolePolicy(
            self.child_name("control-plane-secrets-key"),
            aws.iam.RolePolicyArgs(role=role.id, policy=key.arn.apply(secrets_key_policy)),
            self.child_options(),
        )
        logs = encrypted_log_group(self, "logs", args.log_group, location=args.location, retain=args.retain)
        return aws.eks.Cluster(
            self.child_name("cluster"),
            aws.eks.ClusterArgs(
                name=args.name,
                version=settings.version,
                role_arn=role.arn,
                vpc_config=aws.eks.ClusterVpcConfigArgs(
                    subnet_ids=list(args.control_plane_subnet_ids.values()),
                    security_group_ids=[groups.control_plane.id],
                    endpoint_private_access=True,
                    endpoint_public_access=bool(settings.public_access_cidrs),
                    public_access_cidrs=[str(cidr) for cidr in settings.public_access_cidrs] or None,
                ),
                kubernetes_network_config=aws.eks.ClusterKubernetesNetworkConfigArgs(service_ipv4_cidr=KUBERNETES_SERVICE_CIDR),
                encryption_config=aws.eks.ClusterEncryptionConfigArgs(
                    provider=aws.eks.ClusterEncryptionConfigProviderArgs(key_arn=key.arn), resources=["secrets"]
                ),
                enabled_cluster_log_types=list(CONTROL_PLANE_LOGS),
                access_config=aws.eks.ClusterAccessConfigArgs(authentication_mode="API", bootstrap_cluster_creator_admin_permissions=False),
                # The add-ons bring these, at versions of our choice; two owners of one DaemonSet
                # overwrite each other.
                bootstrap_self_managed_addons=False,
                upgrade_policy=aws.eks.ClusterUpgradePolicyArgs(support_type="STANDARD"),
                zonal_shift_config=aws.eks.ClusterZonalShiftConfigArgs(enabled=True),
                deletion_protection=args.retain,
                tags=settings.recovery.tags if settings.recovery else None,
            ),
            self.child_options(depends_on=[*attached, use_key, logs], protect=args.retain),
        )

    def _create_nodes_and_addons(self, args: EksClusterArgs, groups: SecurityGroups) -> None:
        release = RELEASES[args.settings.version]
        addons = AddonContext(
            cluster_name=args.name, created_name=self.cluster_name, location=args.location, versions=release.addons, tags=args.tags
        )
        network = create_addons(self, BEFORE_NODES, addons, after=())[-1]
        node_role, attached = create_node_role(self, args.location)
        self.node_role_arn = node_role.arn
        nodes = NodeContext(
            cluster_name=self.cluster_name,
            kubernetes_version=args.settings.version,
            node_image=release.node_image,
            node_role_arn=self.node_role_arn,
            subnet_ids=args.node_subnet_ids,
            zones=tuple(args.control_plane_subnet_ids),
            security_group_id=self.node_security_group_id,
            tags=args.tags,
        )
        # A node that starts before it may talk to the control plane never joins.
        after = [network, *attached, *groups.rules]
        node_groups = [create_node_group(self, name, group, nodes, after=after) for name, group in args.settings.node_groups.items()]
        self.ready = create_addons(self, AFTER_NODES, addons, after=node_groups)[-1]

    def _kubeconfig(self, args: EksClusterArgs, access: Sequence[aws.eks.AccessPolicyAssociation]) -> pulumi.Output[str]:
        # Resolved through the associations, so that nobody signs in before his rights are there.
        return pulumi.Output.all(
            name=self.cluster_name,
            endpoint=self.endpoint,
            authority=self.certificate_authority,
            granted=[association.id for association in access],
        ).apply(
            lambda known: render_access(
                ClusterAccess(
                    cluster_name=known["name"],
                    region=args.region,
                    endpoint=known["endpoint"],
                    certificate_authority=known["authority"],
                    local_port=args.local_port,
                )
            )
        )
