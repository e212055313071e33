"""Network, cluster and database from their settings."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.cluster.eks.cluster import EksCluster, EksClusterArgs
from components.cluster.eks.model import NodeGroupSettings
from components.cluster.eks.node_groups import NodeGroup, Taint
from components.database.rds.postgres import RdsPostgresArgs
from components.network.aws.endpoints import EKS_INTERFACE_SERVICES
from components.network.aws.network import AwsNetwork, AwsNetworkArgs
from stacks.settings.tree import Settings


def network_args(settings: Settings, name: str) -> AwsNetworkArgs:
    """The network of the platform called ``name``."""
    network = settings.network
    return AwsNetworkArgs(
        region=settings.aws.region,
        account_id=settings.aws.account,
        cidr=str(network.cidr),
        zones=network.zones,
        nat_gateways=network.nat_gateways,
        cluster_name=name,
        flow_log_retention_days=network.flow_log_retention.days,
        interface_endpoints=EKS_INTERFACE_SERVICES if network.interface_endpoints else (),
        retain=settings.retain,
    )


def cluster_args(settings: Settings, name: str, network: AwsNetwork, tags: Mapping[str, str]) -> EksClusterArgs:
    """The cluster in its network."""
    cluster = settings.cluster
    return EksClusterArgs(
        name=name,
        region=settings.aws.region,
        account_id=settings.aws.account,
        kubernetes_version=cluster.version,
        vpc_id=network.vpc_id,
        control_plane_subnet_ids=network.control_plane_subnet_ids,
        node_subnet_ids=network.private_subnet_ids,
        node_groups=[_node_group(group_name, group) for group_name, group in cluster.node_groups.items()],
        admin_role_arns=cluster.admin_role_arns,
        viewer_role_arns=cluster.viewer_role_arns,
        public_access_cidrs=[str(cidr) for cidr in cluster.public_access_cidrs],
        private_access_cidrs=[str(cidr) for cidr in cluster.private_access_cidrs],
        log_retention_days=cluster.log_retention.days,
        tags=tags,
        retain=settings.retain,
    )


def _node_group(name: str, group: NodeGroupSettings) -> NodeGroup:
    return NodeGroup(
        name=name,
        instance_types=group.instance_types,
        min_size=group.min_size,
        desired_size=group.first_size,
        max_size=group.max_size,
        disk_gib=group.disk_gib,
        architecture=group.architecture,
        capacity_type=group.capacity_type,
        labels=group.labels,
        taints=[Taint(key=taint.key, value=taint.value, effect=taint.effect) for taint in group.taints],
    )


def database_args(settings: Settings, name: str, network: AwsNetwork, cluster: EksCluster) -> RdsPostgresArgs:
    """The database, which the cluster's nodes and pods may connect to."""
    database = settings.database
    clients: dict[str, pulumi.Input[str]] = {"cluster": cluster.node_security_group_id}
    return RdsPostgresArgs(
        region=settings.aws.region,
        account_id=settings.aws.account,
        identifier=name,
        database_name=database.name,
        engine_version=database.engine_version,
        instance_class=database.instance_class,
        allocated_storage_gib=database.storage_gib,
        max_allocated_storage_gib=database.max_storage_gib,
        multi_az=database.multi_az,
        read_replicas=database.read_replicas,
        vpc_id=network.vpc_id,
        subnet_ids=network.isolated_subnet_ids,
        client_security_groups=clients,
        backup_retention_days=database.backup_retention.days,
        backup_window=str(database.backup_window),
        maintenance_window=str(database.maintenance_window),
        insights_retention_days=database.insights_retention.days,
        log_retention_days=database.log_retention.days,
        retain=settings.retain,
    )
